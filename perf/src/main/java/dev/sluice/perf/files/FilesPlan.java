package dev.sluice.perf.files;

import java.time.Duration;

/**
 * How long to measure.
 *
 * @param forks how many servers and clients each contender gets, one after the other
 * @param warmUp how much processor time Sluice's server works before anything counts: until then it is being compiled
 * @param turns turns that count
 * @param turn how long reads or writes go on in one
 * @param limit how long an answer may take before its contender counts as hanging
 */
public record FilesPlan(int forks, Duration warmUp, int turns, Duration turn, Duration limit) {
    /** What figures are published from. */
    public static final FilesPlan FULL =
            new FilesPlan(2, Duration.ofSeconds(15), 12, Duration.ofMillis(500), Duration.ofMinutes(2));

    /** Two minutes for everything. */
    public static final FilesPlan QUICK =
            new FilesPlan(1, Duration.ofSeconds(8), 5, Duration.ofMillis(200), Duration.ofSeconds(30));
}
