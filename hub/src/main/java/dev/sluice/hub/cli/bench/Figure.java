package dev.sluice.hub.cli.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Measured numbers as they are told. */
final class Figure {

    private static final MathContext DIGITS = new MathContext(4);
    private static final double MICRO = 1e3;
    private static final long LONGEST = 3_600_000_000_000L;

    private Figure() {}

    /** Four digits: more would claim too much. */
    static double of(double value) {
        return Double.isFinite(value) ? new BigDecimal(value).round(DIGITS).doubleValue() : 0;
    }

    /** A histogram of nanoseconds, that keeps three digits of up to an hour; longer ones count as an hour. */
    static Histogram histogram() {
        return new Histogram(1, LONGEST, 3);
    }

    static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.max(0, Math.min(LONGEST, nanos)));
    }

    /** Percentiles in microseconds. */
    static void putPercentiles(Map<String, Object> figures, Histogram nanos) {
        figures.put("p50Micros", of(nanos.getValueAtPercentile(50) / MICRO));
        figures.put("p90Micros", of(nanos.getValueAtPercentile(90) / MICRO));
        figures.put("p99Micros", of(nanos.getValueAtPercentile(99) / MICRO));
        figures.put("p999Micros", of(nanos.getValueAtPercentile(99.9) / MICRO));
        figures.put("maxMicros", of(nanos.getMaxValue() / MICRO));
    }
}
