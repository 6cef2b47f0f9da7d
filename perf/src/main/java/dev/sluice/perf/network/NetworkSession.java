package dev.sluice.perf.network;

import dev.sluice.perf.network.NetworkShape.Turn;
import dev.sluice.perf.network.Pair.Sample;
import dev.sluice.perf.report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Measures shapes one after the other. Within a shape every peer has a server and a client, each in a process of its own, and peers
 * take turns, A B C A B C: when the machine slows down, it slows down for all. A peer that fails or hangs is left out of the rest of
 * its shape, and reported.
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
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        Set<String> present = new LinkedHashSet<>(peers);
        for (int fork = 0; fork < plan.forks(); fork++) {
            takeTurns(turn, present, samples);
        }
        progress.accept(turn.shape().label() + " took " + (System.nanoTime() - began) / 1_000_000_000 + " s");
        return NetworkRows.of(turn.shape(), peers, samples);
    }

    private void takeTurns(Turn turn, Set<String> present, Map<String, List<Sample>> samples) {
        Map<String, Pair> pairs = new LinkedHashMap<>();
        try {
            forEach(present, turn, peer -> {
                Path log = logs.resolve("network." + turn.shape().label() + "." + peer);
                pairs.put(peer, Pair.start(peer, plan.limit(), log));
            });
            for (int round = -plan.warmups(); round < plan.turns(); round++) {
                boolean counts = round >= 0;
                forEach(present, turn, peer -> {
                    Sample sample = Objects.requireNonNull(pairs.get(peer)).take(turn);
                    if (counts) {
                        samples.computeIfAbsent(peer, name -> new ArrayList<>()).add(sample);
                    }
                });
            }
            samples.keySet().retainAll(present);
        } finally {
            pairs.values().forEach(Pair::close);
        }
    }

    /** Does a step for every peer; those that fail are not present any more. */
    private void forEach(Set<String> present, Turn turn, Step step) {
        for (String peer : List.copyOf(present)) {
            try {
                step.run(peer);
            } catch (IOException | IllegalArgumentException e) {
                present.remove(peer);
                fail(turn, peer, e);
            }
        }
    }

    @FunctionalInterface
    private interface Step {
        void run(String peer) throws IOException;
    }

    private void fail(Turn turn, String peer, Exception reason) {
        String failure = turn.shape().label() + ": " + peer + " failed: " + reason.getMessage();
        failures.add(failure);
        progress.accept(failure);
    }
}
