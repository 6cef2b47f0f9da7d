package dev.sluice.channel.memory;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Retention;
import dev.sluice.channel.spi.Gate;
import dev.sluice.channel.spi.Outcome;
import dev.sluice.channel.spi.Route;
import dev.sluice.channel.spi.SendQueue;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who gets in: the ring of elements and the room in it.
 *
 * <p>A send commits by taking a ticket, and then publishes its element in the {@link Ring}.
 *
 * <p><b>Room.</b> {@link #limit} is the first ticket there is no room for: the capacity, plus what receivers have asked
 * for. Each {@link Group} grants tickets up to its target, and the limit is the smallest target plus the capacity. While
 * a channel is <em>sole</em> (one group, nothing retained, ring fully grown) the group raises the limit itself and
 * empties slots as it takes; otherwise the limit is brought up to date under the lock, when a sender runs into it.
 *
 * <p><b>Invariants.</b> The limit is lowered, {@link #ring}, {@link #groups} and {@link #sole} are changed only while
 * the gate is shut and all groups are locked. {@code base <= every cursor <= tail <= limit}, unless the limit was
 * lowered below the tail, and {@code limit < base + ring.length()}: at least one slot is always free.
 *
 * @param <T> the element
 */
abstract class Admission<T> extends Gate<T> {
    /** Set in {@link #limit} while the fast lane is closed; the other bits stay exact. */
    private static final long CLOSED_LANE = Long.MIN_VALUE;

    private static final int FIRST_LENGTH = 1024;
    private static final VarHandle LIMIT;

    static {
        try {
            LIMIT = MethodHandles.lookup().findVarHandle(Admission.class, "limit", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long limit;
    private Ring ring = Ring.EMPTY;
    private boolean sole;
    private final boolean checks;
    private final boolean timed;
    private long skips;

    /** The readers of the ring. Replaced, never changed. */
    volatile Group<T>[] groups = none();

    volatile int capacity;

    /** The oldest ticket still in the ring; follows the slowest reader. Stale while the channel is sole. */
    volatile long base;

    final ChannelOptions options;

    Admission(ChannelOptions options) {
        this.options = options;
        this.capacity = options.capacity();
        this.limit = CLOSED_LANE | capacity;
        this.checks = options.retention() instanceof Retention.Bytes;
        this.timed = options.retention() instanceof Retention.Age;
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

    /** Refuses an element by throwing. */
    abstract void check(T element);

    /** Under the lock, all groups locked: a ticket was left out and has a slot. */
    abstract void skipped();

    /** Under the lock, all groups locked: a ticket was left out while there was nothing before it. */
    abstract void stepOver(long ticket);

    @Override
    public final Outcome offer(T element, @Nullable Route<T> route, boolean inTurn) {
        if (checks) {
            check(element);
        }
        long time = timeOfAcceptance();
        for (; ; ) {
            long word = tail();
            long ticket = ticket(word);
            long room = limit;
            if (isShut(word) || ticket >= room) {
                Outcome outcome = offerSlowly(element, route, inTurn, word, room);
                if (outcome == null) {
                    continue;
                }
                return outcome;
            }
            if (route != null && route.gate() != this) {
                return Outcome.MOVED;
            }
            Ring into = ring;
            if (commit(word)) {
                into.publish(ticket, element, time);
                return Outcome.ACCEPTED;
            }
        }
    }

    /** The lane that locks; {@code null} means: look again. */
    private @Nullable Outcome offerSlowly(T element, @Nullable Route<T> route, boolean inTurn, long word, long room) {
        if (route != null && route.gate() != this) {
            return Outcome.MOVED;
        }
        if (isClosed()) {
            return Outcome.CLOSED;
        }
        if (sole && !isShut(word) && ticket(word) >= (room & ~CLOSED_LANE)) {
            // What was read belongs together only if nothing has changed meanwhile.
            VarHandle.acquireFence();
            return tail() == word ? Outcome.FULL : null;
        }
        lock();
        try {
            if (route != null && route.gate() != this) {
                return Outcome.MOVED;
            }
            if (isClosed()) {
                return Outcome.CLOSED;
            }
            if (isForeign(route) || !(inTurn || waiting.isEmpty())) {
                return Outcome.FULL;
            }
            prepare();
            Outcome outcome = commitLocked(element) ? Outcome.ACCEPTED : Outcome.FULL;
            queueChanged();
            return outcome;
        } finally {
            unlock();
        }
    }

    /** Asked before the commit: what is committed must be published, and a clock may throw. */
    private long timeOfAcceptance() {
        return timed ? now() : 0;
    }

    /**
     * The time for retention by age, in nanoseconds. The clock is the only foreign code that is asked under the lock, and
     * only with that retention; when it throws nothing has changed.
     */
    final long now() {
        return options.clock().now(TimeUnit.NANOSECONDS);
    }

    @Override
    protected final boolean hasRoom() {
        return ticket(tail()) < (limit & ~CLOSED_LANE);
    }

    @Override
    protected final boolean commitLocked(T element) {
        long time = timeOfAcceptance();
        for (; ; ) {
            long word = tail();
            long ticket = ticket(word);
            if (ticket >= (limit & ~CLOSED_LANE)) {
                return false;
            }
            if (commit(word)) {
                ring.publish(ticket, element, time);
                return true;
            }
        }
    }

    @Override
    public final long room(@Nullable Route<T> route, boolean inTurn) {
        long room = limit;
        if (room < 0) {
            if (isClosed()) {
                return 1;
            }
            if (isForeign(route) || !(inTurn || isOwned())) {
                return 0;
            }
        }
        return Math.max(0, (room & ~CLOSED_LANE) - ticket(tail()));
    }

    @Override
    protected final void closeFastLane() {
        if (limit >= 0) {
            LIMIT.getAndBitwiseOr(this, CLOSED_LANE);
        }
    }

    @Override
    protected final void openFastLane() {
        if (limit < 0 && ring.length() > 0) {
            LIMIT.getAndBitwiseAnd(this, ~CLOSED_LANE);
        }
    }

    /**
     * Makes room. Called by the group of a sole channel, under its own lock.
     *
     * @return whether sends wait for it, so that the caller must {@link MemoryChannel#admitWaiting admit} them
     */
    final boolean raise(long tickets) {
        return (long) LIMIT.getAndAdd(this, tickets) < 0;
    }

    /** Whether a sender waits for a reader to make room. To be asked after the reader has published its progress. */
    final boolean laneClosed() {
        return limit < 0;
    }

    @Override
    protected final void prepare() {
        if (ring.length() == 0) {
            exclusively(() -> resizeRing(Math.min(FIRST_LENGTH, fullLength())));
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
        long rise = Math.min(open, physical()) - (limit & ~CLOSED_LANE);
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
     * less than before.
     */
    final void exclusively(Runnable change) {
        Group<T>[] locked = groups;
        shut();
        for (Group<T> group : locked) {
            group.lock();
        }
        try {
            base = oldestInRing();
            change.run();
            recompute();
        } finally {
            for (Group<T> group : locked) {
                group.unlock();
            }
            reopen();
        }
    }

    private void recompute() {
        Group<T>[] readers = groups;
        sole = readers.length == 1 && !readers[0].isListener() && !retains() && ring.length() >= neededBy(readers[0]);
        for (Group<T> group : readers) {
            group.settleTarget(sole);
        }
        release();
        long granted = granted() + capacity;
        long open = ring.length() > 0 && !sole ? Math.min(granted, physical()) : granted;
        LIMIT.setVolatile(this, open | (limit & CLOSED_LANE));
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

    /** When the element with a ticket was accepted, in nanoseconds; 0 unless the retention is by age. */
    final long stamp(long ticket) {
        return ring.stamp(ticket);
    }

    /** With the gate shut: waits for the senders that have taken their ticket and not yet published their element. */
    final void awaitPublished(long from) {
        ring.awaitPublished(from, nextOffset());
    }

    private void resizeRing(int length) {
        if (length > ring.length()) {
            long from = oldestInRing();
            awaitPublished(from);
            ring = ring.grown(length, timed, from, nextOffset());
        }
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
            if (!sole && (limit & ~CLOSED_LANE) < physical()) {
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
