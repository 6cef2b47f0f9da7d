package dev.sluice.perf.pipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.perf.report.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sends for a moment, in the processes it is done in, so that none of it rots; with NATS where that is installed. */
class PipesSessionTest {

    private static final PipesShape SHAPE = new PipesShape(2, 3, 64);

    @TempDir
    private Path folder;

    @Test
    void run_bringsEverythingToEveryGroup() {
        PipesSession session = session(null);

        List<Row> rows = session.run(SHAPE);

        assertThat(session.failures()).isEmpty();
        assertThat(rows).hasSize(5).allSatisfy(row -> assertThat(row.sluice()).isNotNull());
        assertThat(rows.get(0).sluice()).isPositive();
    }

    @Test
    void run_besideNats_measuresBoth() {
        Path server = installed("nats-server");
        assumeTrue(server != null, "nats-server is not installed");
        PipesSession session = session(server);

        List<Row> rows = session.run(SHAPE);

        assertThat(session.failures()).isEmpty();
        assertThat(rows)
                .hasSize(5)
                .allSatisfy(row -> assertThat(row.peerValue()).isNotNull());
        assertThat(rows.get(0).peerValue()).isPositive();
    }

    @Test
    void run_withAServerThatEnds_reportsIt() {
        PipesSession session = session(Path.of("/bin/false"));

        List<Row> rows = session.run(SHAPE);

        assertThat(session.failures()).singleElement().asString().startsWith("2x3-64: nats failed: ");
        assertThat(rows.get(0).sluice()).isPositive();
        assertThat(rows.get(0).peerValue()).isNull();
    }

    private PipesSession session(@Nullable Path server) {
        PipesPlan plan = new PipesPlan(1, Duration.ZERO, 1, Duration.ofMillis(50), Duration.ofSeconds(60));
        return new PipesSession(plan, server, folder, line -> {});
    }

    private static @Nullable Path installed(String program) {
        return Stream.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin")
                .map(place -> Path.of(place, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }
}
