package dev.sluice.perf.pipes;

import java.time.Duration;

/**
 * How long to measure.
 *
 * @param forks how often the processes of each contender are started anew, one time after the other
 * @param warmups turns that do not count
 * @param turns turns that count
 * @param turn how long frames are sent in one
 * @param limit how long an answer may take before its contender counts as hanging
 */
public record PipesPlan(int forks, int warmups, int turns, Duration turn, Duration limit) {
    /** What figures are published from. */
    public static final PipesPlan FULL = new PipesPlan(2, 6, 7, Duration.ofMillis(800), Duration.ofMinutes(1));

    /** A minute and a half for everything. */
    public static final PipesPlan QUICK = new PipesPlan(1, 4, 3, Duration.ofMillis(400), Duration.ofSeconds(30));
}
