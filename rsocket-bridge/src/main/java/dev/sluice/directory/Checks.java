package dev.sluice.directory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Checks of arguments, whose messages name the argument, the bounds and the value. */
final class Checks {

    private static final int LONGEST_NAME = 255;

    private Checks() {}

    /** Of a service, a destination, a group or a member. */
    static void name(String of, String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "the name of a " + of + " must have 1 to " + LONGEST_NAME + " bytes, has " + bytes);
        }
    }

    /** Whether somebody can be called so. */
    static boolean isName(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        return bytes >= 1 && bytes <= LONGEST_NAME;
    }

    static void ttl(Duration ttl) {
        if (ttl.compareTo(Directory.SHORTEST_TTL) < 0 || ttl.compareTo(Directory.LONGEST_TTL) > 0) {
            throw new IllegalArgumentException(
                    "ttl must be " + Directory.SHORTEST_TTL + " to " + Directory.LONGEST_TTL + ", was " + ttl);
        }
    }
}
