package dev.sluice.perf.files;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Reads or writes of one file for a while.
 *
 * @param verb {@code read} or {@code write}
 * @param file which
 * @param bytes of one read or write: a frame
 * @param outstanding how many there are at a time
 * @param target the ratio to reach
 */
record Transfer(String verb, String file, int bytes, int outstanding, double target) implements Work {
    private static final double MILLION = 1e6;

    /** At most 1.2 times as long. */
    private static final double NEARLY_THE_SAME = 1 / 1.2;

    /** One at a time measures how soon the system wakes a thread, many what a server costs. */
    private static final double AT_LEAST_THE_SAME = 1;

    static Transfer read(int outstanding) {
        return new Transfer("read", Tree.FULL_SMALL, Tree.SMALL, outstanding, target(outstanding));
    }

    static Transfer write(int outstanding) {
        return new Transfer("write", Tree.DRAINED, Tree.SMALL, outstanding, target(outstanding));
    }

    static Transfer readLarge(int outstanding) {
        return new Transfer("read", Tree.FULL_LARGE, Tree.LARGE, outstanding, target(outstanding));
    }

    private static double target(int outstanding) {
        return outstanding == 1 ? NEARLY_THE_SAME : AT_LEAST_THE_SAME;
    }

    @Override
    public List<Figure> figures() {
        return List.of(
                new Figure("", isLarge() ? "MB/s" : "ops/s", true, target),
                new Figure("-cpu", "CPU s/M ops", false, null));
    }

    @Override
    public List<Double> turn(Serving serving, Duration time) throws IOException {
        Usage before = serving.usage();
        Answer answer = serving.client(verb, file, bytes, outstanding, time.toMillis());
        Usage after = serving.usage();
        if (verb.equals("write")) {
            serving.awaitWritten(answer.count());
        }
        double cpu = (double) (after.cpuNanos() - before.cpuNanos()) / answer.count();
        return List.of(isLarge() ? answer.perSecond() * bytes / MILLION : answer.perSecond(), cpu * MILLION / 1e9);
    }

    private boolean isLarge() {
        return bytes == Tree.LARGE;
    }
}
