package dev.sluice.perf.files;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Reads of an empty channel that wait, each of a fid of its own, all of one connection; meanwhile another connection reads. Then
 * a frame is written for each of them.
 *
 * @param readers how many wait
 */
record BlockedReaders(int readers) implements Work {
    private static final double NANOS_OF_MILLI = 1e6;
    private static final double NANOS_OF_MICRO = 1e3;

    @Override
    public List<Figure> figures() {
        return List.of(
                new Figure("-setup", "ms", false, null),
                new Figure("-heap", "B/reader", false, null),
                new Figure("-memory", "KiB/reader", false, null),
                new Figure("-others-before", "µs", false, null),
                new Figure("-others", "µs", false, null),
                new Figure("-feed", "ms", false, null));
    }

    @Override
    public List<Double> turn(Serving serving, Duration time) throws IOException {
        double othersBefore = median(serving, time);
        Usage before = serving.memory();
        Answer blocked = serving.client("block", Tree.EMPTY, readers);
        Usage after = serving.memory();
        double others = median(serving, time);
        Answer fed = serving.client("feed", Tree.EMPTY);
        return List.of(
                blocked.nanos() / NANOS_OF_MILLI,
                (double) (after.heapBytes() - before.heapBytes()) / readers,
                (double) (after.residentKib() - before.residentKib()) / readers,
                othersBefore,
                others,
                fed.nanos() / NANOS_OF_MILLI);
    }

    private static double median(Serving serving, Duration time) throws IOException {
        return serving.client("read", Tree.FULL_SMALL, Tree.SMALL, 1, time.toMillis())
                        .medianNanos()
                / NANOS_OF_MICRO;
    }

    /** It reads at a place in a file, and what blocks has no places: a pipe's read fails. */
    @Override
    public boolean isForDiod() {
        return false;
    }
}
