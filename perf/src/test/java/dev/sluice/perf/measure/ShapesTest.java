package dev.sluice.perf.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.perf.report.Row;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Benchmark;

class ShapesTest {

    static List<Shape> shapes() {
        return Shapes.all();
    }

    @Test
    void names_areUnique() {
        assertThat(Shapes.all()).extracting(Shape::name).doesNotHaveDuplicates();
    }

    @Test
    void filter_selectsByNameOrByItsFirstPart() {
        assertThat(Session.isShape("buffered")).isTrue();
        assertThat(Session.isShape("buffered-4x4")).isTrue();
        assertThat(Session.isShape("buffered-4x")).isFalse();
        assertThat(Session.isShape("buff")).isFalse();
    }

    @Test
    void everyTargetAgainstGo_isThere() {
        Map<String, Figures> figures = figures("sluice", 10, "go", 20);

        assertThat(Shapes.all().stream().flatMap(shape -> shape.rows(figures).stream()))
                .filteredOn(row -> row.peer().equals("go") && row.target() != null)
                .extracting(Row::shape, Row::ratio, Row::target, Row::met)
                .containsExactly(
                        tuple("buffered-1x1", 2.0, 1.0, true),
                        tuple("buffered-4x4", 2.0, 1.0, true),
                        tuple("buffered-1000x1", 2.0, 1.0, true),
                        tuple("rendezvous-1x1", 2.0, 1.0, true),
                        tuple("rendezvous-4x4", 2.0, 1.0, true),
                        tuple("rendezvous-1000x1", 2.0, 1.0, true));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void rows_withoutPeers_stillTellWhatSluiceScored(Shape shape) {
        assertThat(shape.rows(figures("sluice", 10)))
                .allSatisfy(row -> assertThat(row.met()).isNull())
                .allSatisfy(row -> assertThat(row.sluice()).isEqualTo(10));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void comparisons_nameContendersOfTheirShape(Shape shape) {
        Map<String, Figures> everybody = new HashMap<>();
        shape.contenders().forEach(contender -> everybody.putAll(figures(contender.name(), 5)));

        assertThat(shape.rows(everybody))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.peerValue())
                        .as("figure of %s", row.peer())
                        .isNotNull());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void benchmarks_existWithTheirParams(Shape shape) throws Exception {
        for (Contender contender : shape.contenders()) {
            if (contender.kind() == Contender.Kind.BENCHMARK) {
                int dot = contender.target().lastIndexOf('.');
                Class<?> benchmark =
                        Class.forName("dev.sluice.perf." + contender.target().substring(0, dot));
                Method method = benchmark.getMethod(contender.target().substring(dot + 1));
                assertThat(method.isAnnotationPresent(Benchmark.class)).isTrue();
                for (String param : contender.params().keySet()) {
                    assertThat(benchmark.getField(param)).isNotNull();
                }
            }
        }
    }

    private static Map<String, Figures> figures(Object... scores) {
        Map<String, Figures> figures = new HashMap<>();
        for (int i = 0; i < scores.length; i += 2) {
            Figures scored = new Figures();
            scored.add(new Figures.Turn((int) scores[i + 1], 0));
            figures.put((String) scores[i], scored);
        }
        assertThat(Arrays.asList(scores)).hasSize(2 * figures.size());
        return figures;
    }
}
