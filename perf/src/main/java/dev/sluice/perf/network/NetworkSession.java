package dev.sluice.perf.network;

import dev.sluice.perf.measure.Rounds;
import dev.sluice.perf.network.NetworkShape.Turn;
import dev.sluice.perf.network.Pair.Sample;
import dev.sluice.perf.report.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures shapes one after the other. Within a shape every peer has a server and a client, each in a process of its own, and peers
 * take turns. A peer that fails or hangs is left out of the rest of its shape, and reported.
 */
public final class NetworkSession {
    private final NetworkPlan plan;
    private final Path logs;
    private final Consumer<String> progress;
    private final List<String> failures = new ArrayList<>();

    /**
     * A session.
     *
     * @param plan how long to measure
     * @param logs a folder for what the processes say
     * @param progress gets a line for each shape, and for each failure
     */
    public NetworkSession(NetworkPlan plan, Path logs, Consumer<String> progress) {
        this.plan = plan;
        this.logs = logs;
        this.progress = progress;
    }

    /** The names of all shapes. */
    public static List<String> shapes() {
        return NetworkShape.labels();
    }

    /** The names of all peers, and of Sluice. */
    public static List<String> peers() {
        return Peers.names();
    }

    /** The names of those that are measured when nobody says which. */
    public static List<String> usualPeers() {
        return Peers.usual();
    }

    /** What a shape is, for a heading. */
    public static String title(String shape) {
        return NetworkShape.named(shape).orElseThrow().title();
    }

    /** What failed so far: a line for each peer and shape. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /**
     * Measures a shape.
     *
     * @param label the shape's name
     * @param peers the peers' names
     * @return a row for each figure and each peer that is not Sluice
     */
    public List<Row> run(String label, List<String> peers) {
        NetworkShape shape = NetworkShape.named(label).orElseThrow();
        return run(shape.turn(plan.isQuick()), peers);
    }

    List<Row> run(Turn turn, List<String> peers) {
        long began = System.nanoTime();
        Rounds rounds = new Rounds(plan.forks(), plan.warmups(), plan.turns());
        Map<String, List<Sample>> samples = rounds.take(
                peers,
                peer -> Pair.start(
                        peer,
                        plan.limit(),
                        logs.resolve("network." + turn.shape().label() + "." + peer)),
                pair -> pair.take(turn),
                (peer, reason) -> fail(turn, peer, reason));
        progress.accept(turn.shape().label() + " took " + (System.nanoTime() - began) / 1_000_000_000 + " s");
        return NetworkRows.of(turn.shape(), peers, samples);
    }

    private void fail(Turn turn, String peer, Exception reason) {
        String failure = turn.shape().label() + ": " + peer + " failed: " + reason.getMessage();
        failures.add(failure);
        progress.accept(failure);
    }
}
