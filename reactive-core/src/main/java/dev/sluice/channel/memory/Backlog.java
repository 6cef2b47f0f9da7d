package dev.sluice.channel.memory;

import dev.sluice.channel.Entry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a group has yet to take, in the order it goes out: what came back, then what waits on its shelf if it has one,
 * then what is retained, then the ring.
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

    /** Left-out tickets ahead of the cursor, from {@link #countedFrom} on: those that were in the ring or came later. */
    private int skipsAhead;

    private final long countedFrom;

    private record Returned<T>(T value, Mark mark) {}

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
        this.countedFrom = Math.max(start, channel.oldestInRing());
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
        // What came back to a group with a shelf waits beside it: such a group holds nobody back.
        int back = shelf == null ? returnedSize() : 0;
        return Math.max(cursor - back + skipsAhead + wanted, replayEnd);
    }

    /** A ticket in the ring ahead of the cursor was left out. */
    void skip() {
        skipsAhead++;
    }

    /** The ticket at the cursor was left out, and there is nothing before it. */
    void stepOver(long ticket) {
        moveTo(ticket + 1);
    }

    int skipsAhead() {
        return skipsAhead;
    }

    /** How many elements wait here, up to a ticket. */
    long size(long end) {
        return Math.max(0, end - cursor - skipsAhead) + returnedSize() + (shelf == null ? 0 : shelf.size());
    }

    /** The lowest offset it may still give out. */
    long lowest() {
        long lowest = cursor;
        TreeMap<Long, Returned<T>> back = returned;
        if (back != null && !back.isEmpty()) {
            lowest = Math.min(lowest, back.firstKey());
        }
        Entry<T> shelved = shelf == null ? null : shelf.peek();
        return shelved == null ? lowest : Math.min(lowest, shelved.offset());
    }

    int returnedSize() {
        TreeMap<Long, Returned<T>> back = returned;
        return back == null ? 0 : back.size();
    }

    /** Whether everything up to a ticket is taken. Passes over what was left out at the cursor. */
    boolean isEmpty(long end, boolean clears) {
        return returnedSize() == 0 && (shelf == null || shelf.size() == 0) && peek(clears) == null && cursor >= end;
    }

    /** Whether the ring or the history has something at the cursor. Racy without the lock. */
    boolean hasNext() {
        History.Node at = replay;
        return (at != null && at.next != null) || channel.slot(cursor) != null;
    }

    /** Puts an element back at its place. */
    void takeBack(long offset, T value, Mark mark) {
        TreeMap<Long, Returned<T>> back = returned;
        if (back == null) {
            back = new TreeMap<>();
            returned = back;
        }
        back.put(offset, new Returned<>(value, mark));
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
                        oldest.getValue().mark());
                return true;
            }
        }
        Entry<T> entry = shelf == null ? null : shelf.poll();
        if (entry != null) {
            receiver.give(entry.offset(), entry.value(), Mark.NONE);
            return true;
        }
        T value = read(clears);
        if (value == null) {
            return false;
        }
        receiver.give(cursor - 1, value, Mark.NONE);
        return true;
    }

    /** Empties it. */
    void drain(Consumer<T> sink) {
        if (returned != null) {
            returned.values().forEach(back -> sink.accept(back.value()));
            returned = null;
        }
        if (shelf != null) {
            shelf.drain(sink);
        }
        for (T value = read(false); value != null; value = read(false)) {
            sink.accept(value);
        }
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
        Object value = peek(clears);
        if (value == null) {
            return null;
        }
        History.Node at = replay;
        History.Node node = at == null ? null : at.next;
        if (node != null && node.offset == cursor) {
            replay = node;
        } else if (clears) {
            channel.clear(cursor);
        }
        moveTo(cursor + 1);
        return (T) value;
    }

    /** The next element, or {@code null} if there is none: passes over left-out tickets, so that it is at the cursor. */
    private @Nullable Object peek(boolean clears) {
        for (; ; ) {
            long ticket = cursor;
            History.Node at = replay;
            History.Node node = at == null ? null : at.next;
            if (node != null) {
                if (node.offset >= ticket) {
                    leaveOut(ticket, node.offset);
                    return node.value;
                }
                replay = node;
                continue;
            }
            Object value = channel.slot(ticket);
            long inRing = at == null ? ticket : channel.base;
            if (inRing > ticket) {
                // It has left the ring for the history since we looked there; or was left out, like all up to the ring.
                if (at != null && at.next == null) {
                    leaveOut(ticket, inRing);
                }
                continue;
            }
            if (value != Ring.SKIPPED) {
                return value;
            }
            if (clears) {
                channel.clear(ticket);
            }
            leaveOut(ticket, ticket + 1);
        }
    }

    /** Moves the cursor over tickets that were left out. */
    private void leaveOut(long from, long to) {
        skipsAhead -= (int) Math.max(0, to - Math.max(from, countedFrom));
        if (to > from) {
            moveTo(to);
        }
    }

    private void moveTo(long ticket) {
        CURSOR.setRelease(this, ticket);
        if (replay != null && ticket >= replayEnd) {
            replay = null;
        }
    }
}
