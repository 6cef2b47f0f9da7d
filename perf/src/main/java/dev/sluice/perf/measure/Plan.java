package dev.sluice.perf.measure;

/**
 * How long to measure.
 *
 * @param forks how many processes each contender gets, one after the other
 * @param warmups turns of a process that do not count
 * @param turns turns of a process that count
 * @param millis how long a turn is, at least
 * @param idle how many idle channels to create
 */
public record Plan(int forks, int warmups, int turns, int millis, int idle) {
    /** What figures are published from. */
    public static final Plan FULL = new Plan(3, 6, 7, 400, 1_000_000);

    /** Two minutes for everything. */
    public static final Plan QUICK = new Plan(1, 3, 5, 120, 200_000);
}
