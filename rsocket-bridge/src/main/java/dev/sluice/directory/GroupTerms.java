package dev.sluice.directory;

import dev.sluice.channel.GroupOptions;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Overflow;
import dev.sluice.channel.Position;
import java.time.Duration;
import java.util.Objects;

/**
 * How a group of a destination behaves; those of its first member hold for all.
 *
 * @param expiry how long the group and what waits for it stay when its last member has gone, 0 to 30 days
 * @param overflow what happens when all its members are slow
 * @param buffer how many elements wait for it when its overflow is not {@link Overflow#BACKPRESSURE}
 */
public record GroupTerms(Duration expiry, Overflow overflow, int buffer) {

    /** The longest a group stays without members. */
    public static final Duration LONGEST_EXPIRY = Duration.ofDays(30);

    private static final GroupTerms DEFAULTS =
            new GroupTerms(Duration.ofMinutes(1), Overflow.BACKPRESSURE, ListenOptions.DEFAULT_BUFFER);

    /** Checks the values. */
    public GroupTerms {
        Objects.requireNonNull(overflow, "overflow");
        if (expiry.isNegative() || expiry.compareTo(LONGEST_EXPIRY) > 0) {
            throw new IllegalArgumentException("expiry must be PT0S to " + LONGEST_EXPIRY + ", was " + expiry);
        }
        options(overflow, buffer);
    }

    /** A minute, and a slow group pushes back on the senders. */
    public static GroupTerms defaults() {
        return DEFAULTS;
    }

    /** With another time to stay without members. */
    public GroupTerms withExpiry(Duration other) {
        return new GroupTerms(other, overflow, buffer);
    }

    /** With another overflow, and the buffer it has. */
    public GroupTerms withOverflow(Overflow other, int elements) {
        return new GroupTerms(expiry, other, elements);
    }

    /** As a channel's group has them. */
    public GroupOptions options() {
        return options(overflow, buffer);
    }

    private static GroupOptions options(Overflow overflow, int buffer) {
        return new GroupOptions(overflow, buffer, Position.earliest());
    }
}
