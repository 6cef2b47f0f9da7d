package dev.sluice.perf.network;

import java.time.Duration;

/**
 * How long to measure.
 *
 * @param isQuick whether turns are short ones
 * @param forks how many pairs of processes each peer gets, one after the other
 * @param warmups turns of a pair that do not count
 * @param turns turns of a pair that count
 * @param limit how long a turn may take before its peer counts as hanging
 */
public record NetworkPlan(boolean isQuick, int forks, int warmups, int turns, Duration limit) {
    /** What figures are published from. */
    public static final NetworkPlan FULL = new NetworkPlan(false, 2, 2, 5, Duration.ofMinutes(2));

    /** Three minutes for everything. */
    public static final NetworkPlan QUICK = new NetworkPlan(true, 1, 2, 3, Duration.ofSeconds(20));
}
