package dev.sluice.channel.memory;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.spi.SendQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who gets in: the ring of elements and the room in it.
 *
 * <p>A send commits by taking a ticket, and then publishes its element in the {@link Ring}.
 *
 * <p><b>Room.</b> {@link #limit} is the first ticket there is no room for: the capacity, plus what receivers have asked
 * for. Each {@link Group} grants tickets up to its target, and the limit is the smallest target plus the capacity. While
 * a channel is <em>sole</em> (one group, nothing retained that it has yet to read, ring fully grown) the group raises the limit itself and
 * empties slots as it takes; otherwise the limit is brought up to date under the lock, when a sender runs into it.
 *
 * <p><b>Invariants.</b> The limit is lowered, {@link #ring}, {@link #groups} and {@link #sole} are changed only while
 * the gate is shut and all groups are locked. {@code base <= every cursor <= tail <= limit}, unless the limit was
 * lowered below the tail, and {@code limit < base + ring.length()}: at least one slot is always free.
 *
 * @param <T> the element
 */
abstract class Admission<T> extends Lanes<T> {
    private static final int FIRST_LENGTH = 1024;

    private long skips;

    /** The readers of the ring. Replaced, never changed. */
    volatile Group<T>[] groups = none();

    volatile int capacity;

    /** The oldest ticket still in the ring; follows the slowest reader. Stale while the channel is sole. */
    volatile long base;

    /** Whether the only group is going to raise the limit itself, once it has read what it still has from the history. */
    private boolean soleLater;

    Admission(ChannelOptions options) {
        super(options);
        this.capacity = options.capacity();
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <T> Group<T>[] none() {
        return new Group[0];
    }

    /** Under the lock: lets slots go that every reader has passed, keeping what the retention says. */
    abstract void release();

    /** Under the lock: the smallest target of all that hold senders back. */
    abstract long granted();

    /** Whether elements are kept after every reader has passed them. */
    abstract boolean retains();

    /** Under the lock, all groups locked: a ticket was left out and has a slot. */
    abstract void skipped();

    /** Under the lock, all groups locked: a ticket was left out while there was nothing before it. */
    abstract void stepOver(long ticket);

    @Override
    protected final void prepare() {
        if (ring.length() == 0) {
            exclusively(() -> resizeRing(Math.min(FIRST_LENGTH, fullLength())));
        }
        if (soleLater && !isReplaying(groups[0])) {
            exclusively(() -> {});
        }
        if (sole) {
            return;
        }
        release();
        long open = granted() + capacity;
        if (open >= physical() && ticket(tail()) + 1 >= physical()) {
            // The limit is computed with it: from here on the channel may be sole, and the limit is not ours to raise.
            exclusively(() -> resizeRing(ring.length() * 2));
            return;
        }
        long rise = Math.min(open, physical()) - limit();
        if (rise > 0) {
            raise(rise);
        }
    }

    /** Outside all locks: as {@link #tell}, for groups. */
    final void tellAll(SendQueue<T> told) {
        tell(told);
    }

    private long physical() {
        return base + ring.length() - 1;
    }

    /** The length at which the ring never binds: what may wait, what may be handed over, and a free slot. */
    private int fullLength() {
        return Integer.highestOneBit(capacity + Channel.HANDOVER + 1) << 1;
    }

    /** The length at which the ring never binds its only reader, who has left-out tickets ahead. */
    private int neededBy(Group<T> reader) {
        return capacity + Channel.HANDOVER + 1 + reader.skipsAhead();
    }

    /**
     * Under the lock: makes a change with the gate shut and all groups locked, then computes the room anew, which may be
     * less than before. A group that the change adds must come locked: senders find it at once, and have to wait until the
     * room is computed with it.
     */
    final void exclusively(Runnable change) {
        Group<T>[] before = groups;
        shut();
        for (Group<T> group : before) {
            group.lock();
        }
        changeLocked(before, change);
    }

    /**
     * Under the lock: as {@link #exclusively}, if a condition holds when all groups are locked and no element comes until
     * the gate is shut. Otherwise nothing has changed, and no sender has had to look again.
     */
    final boolean exclusivelyIf(BooleanSupplier condition, Runnable change) {
        Group<T>[] before = groups;
        long word = tail();
        for (Group<T> group : before) {
            group.lock();
        }
        if (!condition.getAsBoolean() || !shut(word)) {
            for (Group<T> group : before) {
                group.unlock();
            }
            return false;
        }
        changeLocked(before, change);
        return true;
    }

    private void changeLocked(Group<T>[] before, Runnable change) {
        try {
            base = oldestInRing();
            change.run();
            recompute();
        } finally {
            for (Group<T> group : before) {
                group.unlock();
            }
            for (int added = before.length; added < groups.length; added++) {
                groups[added].unlock();
            }
            // Which may lock them again, to leave a ticket out.
            reopen();
        }
    }

    private void recompute() {
        Group<T>[] readers = groups;
        boolean alone = readers.length == 1 && !readers[0].isListener() && !retains();
        boolean ample = alone && ring.length() >= neededBy(readers[0]);
        // While it reads from the history it leaves slots behind that it would have to empty.
        soleLater = ample && isReplaying(readers[0]);
        sole = ample && !soleLater;
        for (Group<T> group : readers) {
            group.settleTarget(sole);
        }
        release();
        long granted = granted() + capacity;
        long open = ring.length() > 0 && !sole ? Math.min(granted, physical()) : granted;
        limit(open);
    }

    /** Whether a reader has yet to read something that it does not need the ring for. */
    static boolean isReplaying(Group<?> reader) {
        return reader.cursor() < reader.floor();
    }

    /** The oldest ticket whose slot may be in use. */
    final long oldestInRing() {
        return sole ? groups[0].cursor() : base;
    }

    /** The element with a ticket, {@link Ring#SKIPPED}, or {@code null} if nobody has published it yet. */
    final @Nullable Object slot(long ticket) {
        return ring.get(ticket);
    }

    /** Empties the slot of a ticket that every reader has passed. */
    final void clear(long ticket) {
        ring.clear(ticket);
    }

    /** When the element with a ticket was accepted, in nanoseconds; {@link Ring#UNSTAMPED} unless the retention is by age. */
    final long stamp(long ticket) {
        return ring.stamp(ticket);
    }

    /** With the gate shut: waits for the senders that have taken their ticket and not yet published their element. */
    final void awaitPublished(long from) {
        ring.awaitPublished(from, nextOffset());
    }

    private void resizeRing(int length) {
        if (length > ring.length()) {
            replaceRing(length, oldestInRing());
        }
    }

    /** Gives memory back that no element can need, if what waits now needs no more either. */
    final void shrinkRing() {
        long from = oldestInRing();
        if (fullLength() < ring.length() && nextOffset() - from < fullLength()) {
            replaceRing(fullLength(), from);
        }
    }

    /** With the gate shut: the time at which elements are accepted counts from now on, or does not any more. */
    final void restampRing() {
        if (ring.length() > 0) {
            replaceRing(ring.length(), oldestInRing());
        }
    }

    private void replaceRing(int length, long from) {
        awaitPublished(from);
        ring = ring.copy(length, isTimed(), from, nextOffset(), now());
    }

    /** The offset of the next element. */
    final long nextOffset() {
        return ticket(tail());
    }

    /** How many tickets were left out since creation. */
    final long skips() {
        return skips;
    }

    @Override
    protected final void skip(long ticket) {
        Group<T>[] locked = groups;
        for (Group<T> group : locked) {
            group.lock();
        }
        try {
            skips++;
            if (isEmpty(ticket)) {
                base = ticket + 1;
                for (Group<T> group : locked) {
                    group.stepOver(ticket);
                }
                stepOver(ticket);
            } else {
                leaveOut(ticket, locked);
            }
            if (!sole && limit() < physical()) {
                raise(1);
            }
        } finally {
            for (Group<T> group : locked) {
                group.unlock();
            }
        }
    }

    /** Whether nobody has anything to read before a ticket, neither in the ring nor in the history. */
    private boolean isEmpty(long ticket) {
        if (!sole) {
            release();
        }
        boolean empty = oldestInRing() == ticket;
        for (Group<T> group : groups) {
            empty &= group.cursor() == ticket;
        }
        return empty;
    }

    /** Somebody has yet to read what is before the ticket: the readers find a slot to pass over. */
    private void leaveOut(long ticket, Group<T>[] locked) {
        boolean tight = ticket + 1 >= oldestInRing() + ring.length() - 1;
        if (tight || (sole && ring.length() <= neededBy(locked[0]))) {
            resizeRing(ring.length() * 2);
        }
        ring.publish(ticket, Ring.SKIPPED, 0);
        for (Group<T> group : locked) {
            group.skip();
        }
        skipped();
    }
}
