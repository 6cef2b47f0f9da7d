package dev.sluice.channel.memory;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The elements no group has claimed: those accepted while there is no group, and earlier ones that the group which came
 * then did not want. Guarded by the channel's lock.
 */
final class Unclaimed {
    private static final long NONE = Long.MAX_VALUE;

    /** Whether they wait for the first group, rather than going when every listener has passed them. */
    private final boolean held;

    /** The first ticket accepted without a group; {@link #NONE} while there is one. */
    private long first;

    private int skips;

    /** What earlier groups left alone and is still in the ring: at least one ticket each, oldest first. */
    private @Nullable ArrayDeque<Range> left;

    private record Range(long from, long to) {}

    Unclaimed(boolean held) {
        this.held = held;
    }

    /** Whether elements wait for the first group. */
    boolean isHeld() {
        return held && first != NONE;
    }

    /** Whether there is no group, and elements go as soon as every listener has passed them. */
    boolean isDropped() {
        return !held && first != NONE;
    }

    /** The first ticket that waits for a group. */
    long first() {
        return first;
    }

    /** How many elements wait for a group, up to a ticket. */
    long size(long end) {
        return end - first - skips;
    }

    /** The first ticket that is not granted while elements wait. */
    long target() {
        return first + skips;
    }

    /** A ticket that waits was left out. */
    void skip() {
        skips += isHeld() ? 1 : 0;
    }

    /** A ticket was left out while nothing waits. */
    void stepOver(long ticket) {
        if (isHeld()) {
            first = ticket + 1;
        }
    }

    /** The last group is gone; what it had not taken is its own affair. */
    void begin(long ticket) {
        first = ticket;
        skips = 0;
    }

    /** A group has come, and begins at a ticket. */
    void end(long start) {
        if (first < start) {
            if (left == null) {
                left = new ArrayDeque<>(1);
            }
            left.add(new Range(first, start));
        }
        first = NONE;
    }

    /** Whether nobody has claimed the element of a ticket. To be asked about every ticket that is released, in order. */
    boolean contains(long ticket) {
        if (ticket >= first) {
            return true;
        }
        if (left == null) {
            return false;
        }
        Range oldest = left.peek();
        while (oldest != null && oldest.to <= ticket) {
            left.remove();
            oldest = left.peek();
        }
        return oldest != null && oldest.from <= ticket;
    }
}
