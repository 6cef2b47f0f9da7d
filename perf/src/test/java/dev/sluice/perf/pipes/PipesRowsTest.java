package dev.sluice.perf.pipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.perf.report.Row;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PipesRowsTest {

    private static final PipesShape SINGLE = new PipesShape(1, 1, 64);
    private static final PipesShape SHARED = new PipesShape(2, 2, 64);
    private static final long SECOND = 1_000_000_000;

    @Test
    void rows_areMediansOfTheTurnsOfEach() {
        List<Row> rows = PipesRows.of(
                SINGLE,
                Map.of(
                        Contender.SLUICE,
                        List.of(
                                new Sample(SINGLE, 4_000_000, List.of(4_000_000L), SECOND, SECOND),
                                new Sample(SINGLE, 1, List.of(1L), SECOND, SECOND),
                                new Sample(SINGLE, 5_000_000, List.of(5_000_000L), SECOND, SECOND)),
                        Contender.NATS,
                        List.of(new Sample(SINGLE, 1_000_000, List.of(1_000_000L), SECOND, SECOND))));

        assertThat(rows)
                .containsExactly(
                        new Row("1x1-64", "nats", 4.0, 1.0, "M frames/s", 4.0, 2.0, true),
                        new Row("1x1-64-deliveries", "nats", 4.0, 1.0, "M/s", 4.0, null, null),
                        new Row("1x1-64-cpu", "nats", 0.25, 1.0, "CPU s/M deliveries", 4.0, null, null));
    }

    @Test
    void rows_ofMembersWhoShare_tellHowEvenly() {
        List<Row> rows = PipesRows.of(
                SHARED,
                Map.of(
                        Contender.SLUICE,
                        List.of(new Sample(SHARED, 1_000, List.of(500L, 500L, 400L, 600L), SECOND, SECOND))));

        assertThat(rows)
                .contains(
                        new Row("2x2-64-least-share", "nats", 0.8, null, "of an even one", null, null, null),
                        new Row("2x2-64-most-share", "nats", 1.2, null, "of an even one", null, null, null));
    }

    @Test
    void rows_tellWhatWasLostInAllTurns() {
        Sample whole = new Sample(SHARED, 1_000, List.of(500L, 500L, 500L, 500L), SECOND, SECOND);
        Sample lossy = new Sample(SHARED, 1_000, List.of(500L, 500L, 500L, 470L), SECOND, SECOND);

        List<Row> rows = PipesRows.of(
                SHARED, Map.of(Contender.SLUICE, List.of(whole, whole), Contender.NATS, List.of(lossy, whole, lossy)));

        assertThat(rows).contains(new Row("2x2-64-lost", "nats", 0.0, 60.0, "deliveries", null, null, null));
    }

    @Test
    void frames_areThoseThatEveryGroupGot() {
        Sample sample = new Sample(SHARED, 2_000_000, List.of(1_000_000L, 1_000_000L, 500_000L, 0L), SECOND, SECOND);

        assertThat(sample.frames()).isEqualTo(0.5);
        assertThat(sample.deliveries()).isEqualTo(2.5);
        assertThat(sample.lost()).isEqualTo(1_500_000);
    }

    @Test
    void sample_ofMoreThanWasSent_isRefused() {
        assertThatThrownBy(() -> new Sample(SHARED, 10, List.of(5L, 6L, 5L, 5L), SECOND, SECOND))
                .hasMessage("group 0 got more than the 10 frames sent");
    }

    @Test
    void rows_ofNobody_areThereAllTheSame() {
        assertThat(PipesShape.ALL).allSatisfy(shape -> {
            List<Row> rows = PipesRows.of(shape, Map.of());

            assertThat(rows).hasSize(shape.members() == 1 ? 3 : 5);
            assertThat(rows.get(0).shape()).isEqualTo(shape.label());
        });
    }

    @Test
    void target_isTwiceAsManySmallFrames() {
        assertThat(new PipesShape(4, 8, PipesShape.SMALL).target()).isEqualTo(2);
        assertThat(new PipesShape(4, 8, PipesShape.LARGE).target()).isNull();
    }
}
