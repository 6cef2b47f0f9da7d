package dev.sluice.perf.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.perf.report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, for as short as they can be. */
class SessionTest {

    private static final Plan SHORTEST = new Plan(1, 0, 2, 1, 1_000);

    @TempDir
    Path logs;

    @Test
    void run_startsAProcessForEachContenderAndComparesWhatTheyScored() throws IOException {
        List<String> progress = new ArrayList<>();

        List<Row> rows = new Session(SHORTEST, null, logs, progress::add).run(List.of("trysend"));

        assertThat(progress).singleElement().asString().startsWith("trysend took ");
        assertThat(rows)
                .filteredOn(row -> row.peer().equals("kotlin"))
                .hasSize(2)
                .allSatisfy(row -> {
                    assertThat(row.sluice()).isNotNegative();
                    assertThat(row.peerValue()).isNotNegative();
                });
        assertThat(rows)
                .filteredOn(row -> row.peer().equals("go"))
                .singleElement()
                .satisfies(row -> assertThat(row.peerValue()).isNull());
    }

    @Test
    void run_ofPrograms_takesTheirOneFigure() throws IOException {
        List<Row> rows = new Session(SHORTEST, null, logs, line -> {}).run(List.of("idle"));

        assertThat(rows)
                .filteredOn(row -> row.peer().equals("ArrayBlockingQueue"))
                .singleElement()
                .satisfies(row -> assertThat(row.sluice()).isPositive());
    }

    @Test
    void child_thatEndsEarly_failsWithTheEndOfItsLog() throws IOException {
        try (Child child = new Child(
                "early", List.of("sh", "-c", "echo it broke >&2"), logs.resolve("early.log"), Duration.ofSeconds(30))) {
            assertThatThrownBy(child::awaitReady)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("early ended before it was done")
                    .hasMessageContaining("it broke");
        }
    }

    @Test
    void child_thatHangs_isKilled() throws IOException {
        try (Child child = new Child("slow", List.of("cat"), logs.resolve("slow.log"), Duration.ofMillis(50))) {
            assertThatThrownBy(child::awaitReady)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("slow did not answer");
        }
    }
}
