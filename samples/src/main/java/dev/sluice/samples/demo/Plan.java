package dev.sluice.samples.demo;

import java.time.Duration;

/**
 * What is played.
 *
 * @param packets how many a flash has
 * @param sensors how many there are, besides the grpc service
 * @param rate how many elements a second each service sends
 * @param once whether one cycle is enough
 * @param pace how long the calm before and after a flash is; a flash takes twice as long
 */
record Plan(int packets, int sensors, int rate, boolean once, Duration pace) {

    static final int MIN_PACKETS = 10;
    static final int MAX_PACKETS = 100_000;
    static final int MAX_SENSORS = 20;
    static final int MAX_RATE = 2_000;
    static final int MIN_PACE_MILLIS = 100;
    static final int MAX_PACE_MILLIS = 10_000;

    /** How long the updater's lease lasts unless it is renewed: what the others wait when the updater dies and nobody notices. */
    static final Duration LEASE = Duration.ofMillis(500);
}
