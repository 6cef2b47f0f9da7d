package dev.sluice.perf.network;

import dev.sluice.perf.measure.Child;
import dev.sluice.perf.measure.JavaCommand;
import dev.sluice.perf.measure.Rounds.Participant;
import dev.sluice.perf.network.NetworkShape.Turn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The two processes of a peer: a server, and a client that is connected to it. */
final class Pair implements Participant {
    /** For a process to say why it failed, before it is killed for saying nothing. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Child server;
    private final Child client;

    private Pair(Child server, Child client) {
        this.server = server;
        this.client = client;
    }

    /**
     * Starts both.
     *
     * @param peer the peer's name
     * @param limit how long a turn may take
     * @param logs where the ends say what they say, in files whose names begin so
     */
    static Pair start(String peer, Duration limit, Path logs) throws IOException {
        Child server = child(peer + "'s server", limit, logs.resolveSibling(logs.getFileName() + ".server.log"), peer);
        try {
            String port = server.awaitReady();
            String millis = Long.toString(limit.toMillis());
            Child client = child(
                    peer + "'s client",
                    limit,
                    logs.resolveSibling(logs.getFileName() + ".client.log"),
                    peer,
                    port,
                    millis);
            Pair pair = new Pair(server, client);
            client.awaitReady();
            return pair;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    private static Child child(String name, Duration limit, Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(JavaCommand.with("-Xmx1g", "-XX:+ExitOnOutOfMemoryError"));
        command.add(End.class.getName());
        command.addAll(List.of(arguments));
        return new Child(name, command, log, limit.plus(GRACE));
    }

    /** Takes a turn, and counts what both ends used for it. */
    Sample take(Turn turn) throws IOException {
        long before = cpuNanos();
        TurnResult result = TurnResult.parse(client.ask(turn.line()));
        Usage ofServer = usage(server);
        Usage ofClient = usage(client);
        long cpuNanos = ofServer.cpuNanos() + ofClient.cpuNanos() - before;
        return new Sample(turn, result, cpuNanos, ofServer.peakKib(), ofClient.peakKib());
    }

    private long cpuNanos() throws IOException {
        return usage(server).cpuNanos() + usage(client).cpuNanos();
    }

    private static Usage usage(Child end) throws IOException {
        return Usage.parse(end.ask(End.USAGE));
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }

    /**
     * What a turn cost.
     *
     * @param turn what was done
     * @param result what the client measured
     * @param cpuNanos processor time of both ends
     * @param serverKib the most memory the server had so far
     * @param clientKib the most memory the client had so far
     */
    record Sample(Turn turn, TurnResult result, long cpuNanos, long serverKib, long clientKib) {}
}
