package dev.sluice.perf.pipes;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Collectors;

/**
 * How many frames each member has got. A member counts on one thread at a time, in a cache line of its own; who waits for the
 * counts looks now and then.
 */
final class Taken {
    private static final int LINE = 16;
    private static final long LOOK_MICROS = 100;
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final PipesShape shape;
    private final AtomicLongArray counts;
    private final long[] told;

    Taken(PipesShape shape) {
        this.shape = shape;
        this.counts = new AtomicLongArray((shape.groups() * shape.members() + 1) * LINE);
        this.told = new long[shape.groups() * shape.members()];
    }

    /**
     * A member has got a frame.
     *
     * @param member counted through all groups
     * @return how many it has got by now
     */
    long frame(int member, int size, byte first, byte last) {
        if (!Content.isWhole(shape.bytes(), size, first, last)) {
            fail("a frame of " + size + " bytes is not the one that was sent");
        }
        int place = (member + 1) * LINE;
        long count = counts.getPlain(place) + 1;
        counts.setRelease(place, count);
        return count;
    }

    /** Ends the process: whoever asks next is told the reason. */
    static void fail(String reason) {
        System.err.println(reason);
        System.err.flush();
        Runtime.getRuntime().halt(1);
    }

    /** Waits until each group has got so many more, or nothing comes any more; gives how many each member has got more. */
    String await(long count) throws InterruptedException {
        long[] more = more();
        long sum = Arrays.stream(more).sum();
        long changed = System.nanoTime();
        while (sum < count * shape.groups() && System.nanoTime() - changed < QUIET_NANOS) {
            TimeUnit.MICROSECONDS.sleep(LOOK_MICROS);
            more = more();
            long now = Arrays.stream(more).sum();
            changed = now == sum ? changed : System.nanoTime();
            sum = now;
        }
        for (int i = 0; i < told.length; i++) {
            told[i] += more[i];
        }
        return Arrays.stream(more).mapToObj(Long::toString).collect(Collectors.joining(" "));
    }

    private long[] more() {
        long[] more = new long[told.length];
        for (int i = 0; i < more.length; i++) {
            more[i] = counts.getAcquire((i + 1) * LINE) - told[i];
        }
        return more;
    }
}
