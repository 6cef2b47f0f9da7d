package dev.sluice.perf.files;

import java.util.Arrays;

/**
 * What the client says of its work.
 *
 * @param count operations, entries or readers
 * @param nanos how long all of them took
 * @param medianNanos how long one took, where one was outstanding at a time; else 0
 */
record Answer(long count, long nanos, long medianNanos) {
    private static final int WORDS = 4;

    static Answer parse(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != WORDS || !words[0].equals("result")) {
            throw new IllegalArgumentException("expected a result, got: " + line);
        }
        long[] numbers = Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
        return new Answer(numbers[0], numbers[1], numbers[2]);
    }

    double perSecond() {
        return count * 1e9 / nanos;
    }
}
