package dev.sluice.perf.measure;

import java.util.ArrayList;
import java.util.List;

/** What a contender scored, turn by turn. */
public final class Figures {
    private final List<Double> scores = new ArrayList<>();
    private final List<Double> allocations = new ArrayList<>();

    void add(Turn turn) {
        scores.add(turn.score());
        allocations.add(turn.allocated());
    }

    double score() {
        return median(scores);
    }

    double allocated() {
        return median(allocations);
    }

    /** The middle one, or the mean of the two in the middle. */
    public static double median(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /**
     * The result of one turn.
     *
     * @param score in the unit of the shape
     * @param allocated bytes of an operation; not a number when nobody counted
     */
    record Turn(double score, double allocated) {
        /** Reads {@code result SCORE [ALLOCATED]}. */
        static Turn parse(String line) {
            String[] words = line.trim().split(" ", -1);
            if (words.length < 2 || !words[0].equals("result")) {
                throw new IllegalArgumentException("expected a result, got: " + line);
            }
            return new Turn(Double.parseDouble(words[1]), words.length > 2 ? Double.parseDouble(words[2]) : Double.NaN);
        }
    }
}
