package dev.sluice.rsocket;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Checks of options, whose messages name the option, the bounds and the value. */
final class Bounds {

    private static final Duration LONGEST = Duration.ofDays(365);

    private Bounds() {}

    static void check(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", was " + value);
        }
    }

    static void checkTimeout(String name, Duration value) {
        if (value.isZero() || value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " must be more than zero and at most " + LONGEST + ", was " + value);
        }
    }

    static void checkText(String name, String value, int most) {
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > most) {
            throw new IllegalArgumentException(name + " may have " + most + " bytes, has " + bytes);
        }
    }
}
