package dev.sluice.perf.network;

import dev.sluice.perf.network.NetworkPeer.Connection;
import dev.sluice.perf.network.NetworkShape.Turn;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The client's side of every shape, the same for all peers. Not thread safe. */
final class ClientTurns implements Closeable {
    private static final long[] NONE = {};

    private final NetworkPeer peer;
    private final InetSocketAddress server;
    private final Duration limit;
    private @Nullable Connection connection;

    ClientTurns(NetworkPeer peer, InetSocketAddress server, Duration limit) {
        this.peer = peer;
        this.server = server;
        this.limit = limit;
    }

    TurnResult run(Turn turn) throws Exception {
        return switch (turn.shape()) {
            case CONNECT -> connect(turn);
            case LATENCY -> latency(turn);
            case OPEN, FLOOD, HEAVY -> throughput(turn);
        };
    }

    private TurnResult connect(Turn turn) throws Exception {
        long[] times = new long[turn.times()];
        long began = System.nanoTime();
        for (int i = 0; i < times.length; i++) {
            long start = System.nanoTime();
            try (Connection fresh = peer.connect(server)) {
                take(fresh, turn.work());
            }
            times[i] = System.nanoTime() - start;
        }
        return TurnResult.of(System.nanoTime() - began, times);
    }

    private TurnResult latency(Turn turn) throws Exception {
        long[] times = new long[turn.times()];
        Connection open = connection();
        long began = System.nanoTime();
        for (int i = 0; i < times.length; i++) {
            long start = System.nanoTime();
            times[i] = take(open, turn.work()).firstAt() - start;
        }
        return TurnResult.of(System.nanoTime() - began, times);
    }

    private TurnResult throughput(Turn turn) throws Exception {
        Connection open = connection();
        long began = System.nanoTime();
        for (int i = 0; i < turn.times(); i++) {
            take(open, turn.work());
        }
        return TurnResult.of(System.nanoTime() - began, NONE);
    }

    private Tally take(Connection from, Work work) throws InterruptedException {
        Tally tally = new Tally(work);
        from.take(work, tally);
        tally.await(limit);
        return tally;
    }

    /** One for all turns but those that measure connecting. */
    private Connection connection() throws Exception {
        Connection open = connection;
        if (open == null) {
            open = peer.connect(server);
            connection = open;
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        if (connection != null) {
            connection.close();
        }
    }
}
