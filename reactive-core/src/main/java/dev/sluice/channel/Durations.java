package dev.sluice.channel;

import java.time.Duration;

/** What counts as a time that somebody can mean. */
final class Durations {
    /** A hundred years: nanoseconds of it can be counted. */
    static final Duration LONGEST = Duration.ofDays(36_500);

    private Durations() {}
}
