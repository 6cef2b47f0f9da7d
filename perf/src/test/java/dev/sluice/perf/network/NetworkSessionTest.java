package dev.sluice.perf.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.perf.network.NetworkShape.Turn;
import dev.sluice.perf.report.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts the processes themselves, for a moment. */
class NetworkSessionTest {

    private static final Turn FEW = new Turn(NetworkShape.OPEN, new Work(50, 1, 64), 1);
    private static final Turn ENDLESS = new Turn(NetworkShape.LATENCY, new Work(1, 1, 64), 50_000_000);

    private final List<String> progress = new ArrayList<>();

    @TempDir
    private Path logs;

    @Test
    void run_measuresInProcessesOfTheirOwn() {
        NetworkSession session = session(Duration.ofSeconds(30));

        List<Row> rows = session.run(FEW, List.of(Peers.RSOCKET, Peers.GRPC));

        assertThat(session.failures()).isEmpty();
        assertThat(rows)
                .extracting(Row::shape, Row::peer)
                .contains(
                        tuple("open", Peers.RSOCKET),
                        tuple("open-cpu", Peers.GRPC),
                        tuple("open-server-memory", Peers.GRPC));
        assertThat(rows).allSatisfy(row -> assertThat(row.peerValue()).isNotNull());
        assertThat(rows).allSatisfy(row -> assertThat(row.sluice()).isNull());
    }

    @Test
    void run_killsAndReportsWhoHangs() {
        // For one of its round trips too, which none of them reaches, on a machine that has other things to do.
        NetworkSession session = session(Duration.ofSeconds(15));

        List<Row> rows = session.run(ENDLESS, List.of(Peers.RSOCKET));

        assertThat(session.failures())
                .singleElement()
                .asString()
                .startsWith("latency: rsocket-java failed: rsocket-java's client did not answer");
        assertThat(rows).isNotEmpty();
        assertThat(rows).allSatisfy(row -> assertThat(row.peerValue()).isNull());
    }

    private NetworkSession session(Duration limit) {
        return new NetworkSession(new NetworkPlan(true, 1, 0, 1, limit), logs, progress::add);
    }
}
