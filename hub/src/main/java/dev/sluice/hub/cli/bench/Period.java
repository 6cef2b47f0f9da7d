package dev.sluice.hub.cli.bench;

import java.time.Duration;

/**
 * For how long something is measured: for a time behind a warm-up, or until a number of things was done, and then from the beginning.
 *
 * @param warmUp what is not measured yet
 * @param duration what is measured
 * @param limit how many; 0 for by time
 */
public record Period(Duration warmUp, Duration duration, long limit) {

    /** By time. */
    public static Period of(Duration warmUp, Duration duration) {
        return new Period(warmUp, duration, 0);
    }

    /** By number. */
    public static Period of(long limit) {
        return new Period(Duration.ZERO, Duration.ZERO, limit);
    }

    boolean byTime() {
        return limit == 0;
    }

    /** The share of one of several who do it together: they are all together the limit. */
    long share(int one, int of) {
        return byTime() ? Long.MAX_VALUE : limit / of + (one < limit % of ? 1 : 0);
    }

    /** From its first call on. */
    Clock start() {
        return new Clock(this, System.nanoTime());
    }

    /** A period that has begun. */
    record Clock(Period period, long began) {

        long measuredFrom() {
            return began + period.warmUp.toNanos();
        }

        boolean isOver() {
            return period.byTime() && System.nanoTime() - measuredFrom() >= period.duration.toNanos();
        }
    }
}
