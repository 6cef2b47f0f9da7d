package dev.sluice.perf.pipes;

import java.time.Duration;

/**
 * How long to measure.
 *
 * @param forks how often the processes of each contender are started anew, one time after the other
 * @param warmUp how much processor time those of a contender work before anything counts: until then they are being compiled
 * @param turns turns that count
 * @param turn how long frames are sent in one
 * @param limit how long an answer may take before its contender counts as hanging
 */
public record PipesPlan(int forks, Duration warmUp, int turns, Duration turn, Duration limit) {
    /** What figures are published from. */
    public static final PipesPlan FULL =
            new PipesPlan(1, Duration.ofSeconds(20), 15, Duration.ofMillis(500), Duration.ofMinutes(1));

    /** Two minutes for everything. */
    public static final PipesPlan QUICK =
            new PipesPlan(1, Duration.ofSeconds(8), 3, Duration.ofMillis(300), Duration.ofSeconds(30));
}
