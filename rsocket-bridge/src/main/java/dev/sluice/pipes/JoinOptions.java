package dev.sluice.pipes;

import dev.sluice.directory.GroupTerms;
import dev.sluice.rsocket.channel.ServedDeliveries;
import java.util.Objects;

/**
 * How a member receives.
 *
 * @param terms how the group behaves, where this member is its first
 * @param maxUnacked how many deliveries of one instance may be unacknowledged before the member gets no more of it, 1 to 4,096
 */
public record JoinOptions(GroupTerms terms, int maxUnacked) {

    /** The unacknowledged deliveries of one instance that nobody chose a limit for: {@value}. */
    public static final int DEFAULT_UNACKED = 1_024;

    private static final JoinOptions DEFAULTS = new JoinOptions(GroupTerms.defaults(), DEFAULT_UNACKED);

    /** Checks the values. */
    public JoinOptions {
        Objects.requireNonNull(terms, "terms");
        if (maxUnacked < 1 || maxUnacked > ServedDeliveries.MOST) {
            throw new IllegalArgumentException(
                    "maxUnacked must be 1 to " + ServedDeliveries.MOST + ", was " + maxUnacked);
        }
    }

    /** Default terms, {@value #DEFAULT_UNACKED} unacknowledged deliveries. */
    public static JoinOptions defaults() {
        return DEFAULTS;
    }

    /** With other terms. */
    public JoinOptions withTerms(GroupTerms other) {
        return new JoinOptions(other, maxUnacked);
    }

    /** With another limit of unacknowledged deliveries. */
    public JoinOptions withMaxUnacked(int other) {
        return new JoinOptions(terms, other);
    }
}
