package dev.sluice.perf.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.perf.network.NetworkPeer.Server;
import dev.sluice.perf.network.NetworkShape.Turn;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every shape with every peer in a tiny size, so that none of them rots. Who counts fails when a frame is missing. */
class NetworkPeersTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    static List<Arguments> everyPeerAndShape() {
        List<Arguments> all = new ArrayList<>();
        for (String peer : Peers.names()) {
            for (NetworkShape shape : NetworkShape.values()) {
                all.add(Arguments.of(peer, shape));
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("everyPeerAndShape")
    void turn_movesEveryFrame(String name, NetworkShape shape) throws Exception {
        NetworkPeer peer = Peers.named(name);
        Turn turn = tiny(shape);
        try (Server server = peer.serve();
                ClientTurns client = new ClientTurns(peer, address(server), LIMIT)) {
            TurnResult result = client.run(turn);

            assertThat(result.nanos()).isPositive();
            if (shape == NetworkShape.CONNECT || shape == NetworkShape.LATENCY) {
                assertThat(result.median()).isBetween(1L, result.p99());
                assertThat(result.p999()).isBetween(result.p99(), result.nanos());
            }
        }
    }

    @Test
    void tally_failsWhenAFrameIsMissing() {
        Tally tally = new Tally(new Work(1, 2, 1));
        tally.frame(new byte[] {Work.EDGE});
        tally.sourceEnded();

        assertThatThrownBy(() -> tally.await(LIMIT)).hasMessage("1 frames arrived of 2");
    }

    @Test
    void tally_failsWhenAFrameIsAnother() {
        Tally tally = new Tally(new Work(1, 1, 2));
        tally.frame(new byte[] {Work.EDGE, 0});
        tally.sourceEnded();

        assertThatThrownBy(() -> tally.await(LIMIT)).hasMessageContaining("not the one that was sent");
    }

    /** More sources than a peer opens at a time where there are many, so that one's end opens the next. */
    private static Turn tiny(NetworkShape shape) {
        return switch (shape) {
            case CONNECT, LATENCY -> new Turn(shape, new Work(1, 1, 64), 5);
            case OPEN -> new Turn(shape, new Work(1_200, 1, 64), 1);
            case FLOOD -> new Turn(shape, new Work(20, 300, 64), 1);
            case HEAVY -> new Turn(shape, new Work(2, 5, 1 << 20), 2);
        };
    }

    private static InetSocketAddress address(Server server) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
    }
}
