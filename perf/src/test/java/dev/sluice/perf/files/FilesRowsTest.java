package dev.sluice.perf.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.perf.report.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FilesRowsTest {

    private static final Work SINGLE_READS = Transfer.read(1);

    @Test
    void rows_areMediansOfTheTurnsOfEach() {
        List<Row> rows = FilesRows.of(
                "read-16-x1",
                SINGLE_READS,
                Map.of(
                        Serving.SLUICE,
                        List.of(List.of(9_000.0, 20.0), List.of(1.0, 20.0), List.of(10_000.0, 20.0)),
                        Serving.DIOD,
                        List.of(List.of(10_000.0, 30.0))));

        assertThat(rows)
                .containsExactly(
                        new Row("read-16-x1", "diod", 9_000.0, 10_000.0, "ops/s", 0.9, 1 / 1.2, true),
                        new Row("read-16-x1-cpu", "diod", 20.0, 30.0, "CPU s/M ops", 1.5, null, null));
    }

    @Test
    void rows_ofSluiceAlone_compareNothing() {
        List<Row> rows =
                FilesRows.of("read-16-x1", SINGLE_READS, Map.of(Serving.SLUICE, List.of(List.of(9_000.0, 20.0))));

        assertThat(rows.get(0)).isEqualTo(new Row("read-16-x1", "diod", 9_000.0, null, "ops/s", null, 1 / 1.2, null));
    }

    @Test
    void rows_ofNobody_areThereAllTheSame() {
        assertThat(FilesShape.ALL).allSatisfy(shape -> {
            List<Row> rows = FilesRows.of(shape.label(), shape.work(), Map.of());

            assertThat(rows).hasSameSizeAs(shape.work().figures());
            assertThat(rows.get(0).shape()).startsWith(shape.label());
        });
    }

    @Test
    void targets_areOneWhereManyAreOutstanding() {
        assertThat(List.of("read-16-x32", "write-16-x32", "read-64k"))
                .allSatisfy(label -> assertThat(target(label)).isEqualTo(1));
        assertThat(target("write-16-x1")).isEqualTo(1 / 1.2);
        assertThat(target("list-100000")).isNull();
    }

    private static @Nullable Double target(String label) {
        return FilesShape.named(label).orElseThrow().work().figures().get(0).target();
    }

    @Test
    void diod_takesPartWhereItIsAndCan() {
        Tools all = new Tools(Path.of("driver"), Path.of("diod"));
        Tools none = new Tools(Path.of("driver"), null);

        assertThat(all.contenders(SINGLE_READS)).containsExactly(Serving.SLUICE, Serving.DIOD);
        assertThat(all.contenders(new BlockedReaders(1))).containsExactly(Serving.SLUICE);
        assertThat(none.contenders(SINGLE_READS)).containsExactly(Serving.SLUICE);
    }

    @Test
    void answers_areReadAsTheDriverWritesThem() {
        Answer answer = Answer.parse("result 500 250000000 12000");

        assertThat(answer).isEqualTo(new Answer(500, 250_000_000, 12_000));
        assertThat(answer.perSecond()).isEqualTo(2_000);
        assertThatThrownBy(() -> Answer.parse("refused")).hasMessage("expected a result, got: refused");
    }

    @Test
    void usage_hasAHeapWhereThereIsOne() {
        Usage ours = new Usage(1, 2, 3);

        assertThat(Usage.parse(ours.words())).isEqualTo(ours);
        assertThat(Usage.parse("50000000 4096")).isEqualTo(new Usage(50_000_000, 4096, 0));
    }
}
