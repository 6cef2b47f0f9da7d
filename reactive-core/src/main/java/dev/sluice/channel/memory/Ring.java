package dev.sluice.channel.memory;

import dev.sluice.channel.spi.Backoff;
import dev.sluice.channel.spi.Run;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Where elements lie: the one with ticket t in slot {@code t % length}. A sender that has a ticket publishes its element by
 * a release store, so a slot that is {@code null} is one whose sender has not finished, or one nobody has come to yet.
 *
 * <p>Who may use which slot is for others to decide. The length of a ring is fixed; another one takes its place.
 */
final class Ring {
    /** Stands in a slot whose ticket was left out. */
    static final Object SKIPPED = new Object();

    /** The time of an element that was accepted while that did not count. */
    static final long UNSTAMPED = Long.MIN_VALUE;

    /** A ring without slots, for channels nobody has sent to. */
    static final Ring EMPTY = new Ring(0, false);

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

    private final @Nullable Object[] slots;

    /** When the elements were accepted, in nanoseconds, if that counts. */
    private final long @Nullable [] stamps;

    /**
     * A ring.
     *
     * @param length a power of two, or 0
     * @param timed whether the time of acceptance counts
     */
    Ring(int length, boolean timed) {
        this.slots = new Object[length];
        this.stamps = timed ? new long[length] : null;
    }

    int length() {
        return slots.length;
    }

    private int index(long ticket) {
        return (int) ticket & (slots.length - 1);
    }

    /** Publishes the element of a ticket. */
    void publish(long ticket, Object element, long time) {
        int index = index(ticket);
        long[] times = stamps;
        if (times != null) {
            times[index] = time;
        }
        SLOT.setRelease(slots, index, element);
    }

    /** Publishes the first elements of a run, from a ticket on. */
    void publish(long ticket, Run<?> run, int count, long time) {
        for (int i = 0; i < count; i++) {
            publish(ticket + i, run.get(i), time);
        }
    }

    /** The element with a ticket, {@link #SKIPPED}, or {@code null} if nobody has published it yet. */
    @Nullable Object get(long ticket) {
        return slots.length == 0 ? null : SLOT.getAcquire(slots, index(ticket));
    }

    /** Empties the slot of a ticket. */
    void clear(long ticket) {
        slots[index(ticket)] = null;
    }

    /** When the element with a ticket was accepted; {@link #UNSTAMPED} if that does not count. */
    long stamp(long ticket) {
        long[] times = stamps;
        return times == null ? UNSTAMPED : times[index(ticket)];
    }

    /** Waits for the senders that have a ticket and have not yet published their element: a few steps each. */
    void awaitPublished(long from, long end) {
        for (long ticket = from; ticket < end; ticket++) {
            int turns = 0;
            while (get(ticket) == null) {
                turns = Backoff.pause(turns);
            }
        }
    }

    /**
     * A ring of another length with the same elements. All of them must be published, and nobody may send meanwhile.
     *
     * @param timed whether the time of acceptance counts there
     * @param now stands for the time of acceptance if that does not count here
     */
    Ring copy(int length, boolean timed, long from, long end, long now) {
        Ring copy = new Ring(length, timed);
        for (long ticket = from; ticket < end; ticket++) {
            copy.slots[copy.index(ticket)] = slots[index(ticket)];
            if (copy.stamps != null) {
                copy.stamps[copy.index(ticket)] = stamps == null ? now : stamp(ticket);
            }
        }
        return copy;
    }
}
