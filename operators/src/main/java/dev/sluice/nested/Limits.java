package dev.sluice.nested;

import java.time.Duration;

/** Argument checks whose message names the parameter, its range and what was given. */
final class Limits {

    private Limits() {}

    static void atLeast(String name, int least, int given) {
        if (given < least) {
            throw new IllegalArgumentException(name + " must be " + least + " or more, but is " + given);
        }
    }

    static void within(String name, int least, int most, int given) {
        if (given < least || given > most) {
            throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ", but is " + given);
        }
    }

    static void positive(String name, Duration given) {
        if (given.isNegative() || given.isZero()) {
            throw new IllegalArgumentException(name + " must be longer than nothing, but is " + given);
        }
    }
}
