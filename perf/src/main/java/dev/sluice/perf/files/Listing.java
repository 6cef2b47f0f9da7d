package dev.sluice.perf.files;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Reads a folder to its end.
 *
 * @param entries how many are in it
 */
record Listing(int entries) implements Work {
    private static final double NANOS_OF_MILLI = 1e6;

    @Override
    public List<Figure> figures() {
        return List.of(new Figure("", "ms", false, null));
    }

    @Override
    public List<Double> turn(Serving serving, Duration time) throws IOException {
        Answer answer = serving.client("list", Tree.MANY);
        if (answer.count() != entries) {
            throw new IOException(answer.count() + " entries were listed of " + entries);
        }
        return List.of(answer.nanos() / NANOS_OF_MILLI);
    }
}
