package dev.sluice.channel.memory;

import dev.sluice.channel.Entry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a group has yet to take, in the order it goes out: what came back, then what waits on its shelf if it has one,
 * else what is retained, then the ring.
 *
 * <p>Guarded by the group's lock; {@link #cursor()} and {@link #floor()} may be read without it.
 *
 * @param <T> the element
 */
final class Backlog<T> {
    private static final VarHandle CURSOR;

    static {
        try {
            CURSOR = MethodHandles.lookup().findVarHandle(Backlog.class, "cursor", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Admission<T> channel;
    private final @Nullable Shelf<T> shelf;

    /** The next ticket to read. */
    private volatile long cursor;

    /** Tickets before this one are read from the history once they have left the ring. */
    private final long replayEnd;

    private History.@Nullable Node replay;
    private @Nullable TreeMap<Long, Returned<T>> returned;

    /** Tickets in the ring ahead of the cursor that were left out. */
    private int skipsAhead;

    private record Returned<T>(T value, boolean redelivered) {}

    /**
     * A backlog that begins at a ticket.
     *
     * @param replay the history node before the first retained element to read, if any
     * @param replayEnd the ticket at which the channel stood when the reader joined; the start when it replays nothing
     */
    Backlog(
            Admission<T> channel,
            long start,
            History.@Nullable Node replay,
            long replayEnd,
            int skipsAhead,
            @Nullable Shelf<T> shelf) {
        this.channel = channel;
        this.cursor = start;
        this.replay = replay;
        this.replayEnd = replayEnd;
        this.skipsAhead = skipsAhead;
        this.shelf = shelf;
    }

    long cursor() {
        return cursor;
    }

    /** Slots before this ticket are not needed by the reader. */
    long floor() {
        return Math.max(cursor, replayEnd);
    }

    boolean hasShelf() {
        return shelf != null;
    }

    /** The first ticket not granted when receivers want so many elements. */
    long target(long wanted) {
        return Math.max(cursor - returnedSize() + skipsAhead + wanted, replayEnd);
    }

    /** A ticket in the ring ahead of the cursor was left out. */
    void skip() {
        skipsAhead++;
    }

    /** How many elements wait here, up to a ticket. */
    long size(long end) {
        return Math.max(0, end - cursor - skipsAhead) + returnedSize() + (shelf == null ? 0 : shelf.size());
    }

    int returnedSize() {
        TreeMap<Long, Returned<T>> back = returned;
        return back == null ? 0 : back.size();
    }

    /** Whether everything up to a ticket is taken. */
    boolean isEmpty(long end) {
        return cursor >= end && returnedSize() == 0 && (shelf == null || shelf.size() == 0);
    }

    /** Whether the ring or the history has something at the cursor. Racy without the lock. */
    boolean hasNext() {
        History.Node at = replay;
        return (at != null && at.next != null) || channel.slot(cursor) != null;
    }

    /** Puts an element back at its place. */
    void takeBack(long offset, T value, boolean redelivered) {
        TreeMap<Long, Returned<T>> back = returned;
        if (back == null) {
            back = new TreeMap<>();
            returned = back;
        }
        back.put(offset, new Returned<>(value, redelivered));
    }

    /** Gives the next element to a receiver; false when there is none. */
    boolean giveNext(Receiver<T> receiver, boolean clears) {
        TreeMap<Long, Returned<T>> back = returned;
        if (back != null) {
            Map.Entry<Long, Returned<T>> oldest = back.pollFirstEntry();
            if (oldest != null) {
                receiver.give(
                        oldest.getKey(),
                        oldest.getValue().value(),
                        oldest.getValue().redelivered());
                return true;
            }
        }
        if (shelf != null) {
            Entry<T> entry = shelf.poll();
            if (entry == null) {
                return false;
            }
            receiver.give(entry.offset(), entry.value(), false);
            return true;
        }
        T value = read(clears);
        if (value == null) {
            return false;
        }
        receiver.give(cursor - 1, value, false);
        return true;
    }

    /** Moves the next element from the ring to the shelf; false when there is none. */
    boolean shelveNext(boolean clears, Shelf.Overflowing<T> overflow) {
        if (shelf == null) {
            return false;
        }
        T value = read(clears);
        if (value == null) {
            return false;
        }
        Entry<T> out = shelf.put(cursor - 1, value);
        if (out != null) {
            overflow.gaveWay(shelf, out.value());
        }
        return true;
    }

    /** Reads the element at the cursor and moves on; it had ticket {@code cursor - 1} then. */
    @SuppressWarnings("unchecked")
    private @Nullable T read(boolean clears) {
        for (; ; ) {
            long ticket = cursor;
            History.Node at = replay;
            if (at != null && at.next != null) {
                History.Node node = at.next;
                replay = node;
                if (node.offset >= ticket) {
                    moveTo(node.offset + 1);
                    return (T) node.value;
                }
                continue;
            }
            Object value = channel.slot(ticket);
            if (at != null && channel.base > ticket) {
                // Left the ring for the history since we looked there.
                continue;
            }
            if (value == null) {
                return null;
            }
            if (clears) {
                channel.clear(ticket);
            }
            moveTo(ticket + 1);
            if (value != Admission.SKIPPED) {
                return (T) value;
            }
            skipsAhead--;
        }
    }

    private void moveTo(long ticket) {
        CURSOR.setRelease(this, ticket);
        if (replay != null && ticket >= replayEnd) {
            replay = null;
        }
    }
}
