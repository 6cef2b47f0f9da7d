package dev.sluice.perf.network;

import java.util.Arrays;

/**
 * What a client measured in a turn.
 *
 * @param nanos from its first request to its last end
 * @param median of the single times, in nanoseconds: how long a connection took in {@code connect}, how long a first frame took in
 *     {@code latency}; else 0
 * @param p99 99 of 100 of them took no longer
 * @param p999 999 of 1,000 of them took no longer
 */
record TurnResult(long nanos, long median, long p99, long p999) {
    private static final String WORD = "result";

    static TurnResult of(long nanos, long[] singleTimes) {
        long[] sorted = singleTimes.clone();
        Arrays.sort(sorted);
        return new TurnResult(nanos, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999));
    }

    private static long at(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    String line() {
        return WORD + " " + nanos + " " + median + " " + p99 + " " + p999;
    }

    /** Reads what {@link #line()} wrote. */
    static TurnResult parse(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 5 || !words[0].equals(WORD)) {
            throw new IllegalArgumentException("expected a result, got: " + line);
        }
        long[] numbers = Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
        return new TurnResult(numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}
