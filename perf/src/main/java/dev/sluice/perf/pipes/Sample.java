package dev.sluice.perf.pipes;

import java.util.Collections;
import java.util.List;

/**
 * What a turn brought.
 *
 * @param shape of which it was
 * @param sent how many frames were sent
 * @param received how many each member got, group after group
 * @param nanos from the first to when every group had all of them, or nothing came any more
 * @param cpuNanos processor time of all processes
 */
record Sample(PipesShape shape, long sent, List<Long> received, long nanos, long cpuNanos) {
    private static final double NANOS = 1e9;
    private static final double MILLION = 1e6;

    Sample {
        received = List.copyOf(received);
        if (sent == 0) {
            throw new IllegalArgumentException("nothing was sent");
        }
        for (int group = 0; group < shape.groups(); group++) {
            if (received(received, shape, group) > sent) {
                throw new IllegalArgumentException("group " + group + " got more than the " + sent + " frames sent");
            }
        }
    }

    private static long received(List<Long> received, PipesShape shape, int group) {
        int from = group * shape.members();
        return sum(received.subList(from, from + shape.members()));
    }

    private static long sum(List<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /** Millions of frames a second that every group has got. */
    double frames() {
        long least = Long.MAX_VALUE;
        for (int group = 0; group < shape.groups(); group++) {
            least = Math.min(least, received(received, shape, group));
        }
        return least / MILLION / (nanos / NANOS);
    }

    /** Millions of deliveries a second: a frame has one to each group. */
    double deliveries() {
        return delivered() / MILLION / (nanos / NANOS);
    }

    /** Seconds of processor for a million deliveries. */
    double cpu() {
        return cpuNanos / NANOS / (delivered() / MILLION);
    }

    private long delivered() {
        return sum(received);
    }

    /** How many deliveries are missing. */
    double lost() {
        return sent * shape.groups() - delivered();
    }

    /** What the member got that got least, as a part of an even share. */
    double leastShare() {
        return Collections.min(received) / evenShare();
    }

    /** What the member got that got most, as a part of an even share. */
    double mostShare() {
        return Collections.max(received) / evenShare();
    }

    private double evenShare() {
        return (double) sent / shape.members();
    }
}
