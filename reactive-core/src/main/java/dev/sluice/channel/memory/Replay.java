package dev.sluice.channel.memory;

import dev.sluice.channel.Position;
import org.jspecify.annotations.Nullable;

/**
 * Where a late reader begins: with what is retained, in the history and in the ring, and then with the live elements.
 *
 * @param <T> the element
 */
final class Replay<T> {
    private final Admission<T> channel;
    private final @Nullable History history;

    /** Where the place of an offset was found in the history; {@code null} if it was not looked for. */
    private History.@Nullable Node walked;

    Replay(Admission<T> channel, @Nullable History history) {
        this.channel = channel;
        this.history = history;
    }

    /** Whether this is what is retained. */
    boolean isOf(@Nullable History retained) {
        return history == retained;
    }

    /** Finds the place of an offset in the history, so that nobody has to walk there under a lock. */
    Replay<T> walk(Position from) {
        if (history != null && from instanceof Position.Offset offset) {
            walked = history.before(offset.value());
        }
        return this;
    }

    /**
     * With the gate shut, all groups locked and all elements published: the backlog of a new reader.
     *
     * @param unclaimed the first element that waits for this reader to come; the end if there is none
     */
    Backlog<T> begin(Position from, long unclaimed, @Nullable Shelf<T> shelf) {
        long end = channel.nextOffset();
        long start = end;
        if (from instanceof Position.Earliest) {
            start = Math.min(unclaimed, oldestRetained());
        } else if (from instanceof Position.Offset offset) {
            start = Math.min(end, Math.max(offset.value(), Math.min(unclaimed, oldestRetained())));
        }
        History.Node node = null;
        if (history != null && start < end) {
            History.Node found = walked;
            node = found == null || found.offset < history.before().offset ? history.before() : found;
        }
        long replayEnd = Math.max(start, Math.min(unclaimed, end));
        return new Backlog<>(channel, start, node, replayEnd, skipsFrom(start), shelf);
    }

    /** The offset of the oldest element that is retained; the end if none is. Evicts what is older. */
    long oldestRetained() {
        if (history == null) {
            return channel.nextOffset();
        }
        long inRing = retainedInRing();
        if (inRing >= 0) {
            History.Node oldest = history.before().next;
            return oldest == null ? channel.base : oldest.offset;
        }
        return ~inRing;
    }

    /** How many elements are retained. */
    long retained() {
        if (history == null) {
            return 0;
        }
        long inRing = retainedInRing();
        if (inRing >= 0) {
            return inRing + history.count();
        }
        long first = ~inRing;
        return channel.nextOffset() - first - skipsFrom(first);
    }

    /** The number of elements in the ring if all are retained, else the complement of the first one that is. */
    private long retainedInRing() {
        History past = history;
        if (past == null) {
            return 0;
        }
        long now = channel.now();
        long newer = 0;
        long newerBytes = 0;
        for (long ticket = channel.nextOffset() - 1; ticket >= channel.base; ticket--) {
            Object value = channel.slot(ticket);
            if (value == null || value == Ring.SKIPPED) {
                continue;
            }
            long size = History.size(value);
            if (!past.keeps(newer, newerBytes, size, channel.stamp(ticket), now)) {
                past.evictAll();
                return ~(ticket + 1);
            }
            newer++;
            newerBytes += size;
        }
        past.evict(newer, newerBytes, now);
        return newer;
    }

    private int skipsFrom(long start) {
        if (channel.skips() == 0) {
            return 0;
        }
        int skips = 0;
        for (long ticket = Math.max(start, channel.oldestInRing()); ticket < channel.nextOffset(); ticket++) {
            skips += channel.slot(ticket) == Ring.SKIPPED ? 1 : 0;
        }
        return skips;
    }
}
