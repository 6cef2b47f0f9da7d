package dev.sluice.channel.memory;

import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Retention;
import dev.sluice.channel.spi.Gate;
import dev.sluice.channel.spi.Outcome;
import dev.sluice.channel.spi.Route;
import dev.sluice.channel.spi.Run;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The lanes by which elements get in. A send commits by taking a ticket below the {@link #limit}, and then publishes its
 * element in the {@link Ring}; or, while the fast lane is closed, does so under the lock.
 *
 * <p><b>Invariants.</b> The limit, the first ticket there is no room for, is lowered and the ring replaced only while the gate
 * is shut. A ticket below the limit has a slot of its own.
 *
 * @param <T> the element
 */
abstract class Lanes<T> extends Gate<T> {
    /** Set in {@link #limit} while the fast lane is closed; the other bits stay exact. */
    private static final long CLOSED_LANE = Long.MIN_VALUE;

    private static final VarHandle LIMIT;

    static {
        try {
            LIMIT = MethodHandles.lookup().findVarHandle(Lanes.class, "limit", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long limit;

    private final boolean checks;
    private final boolean timed;
    private final Time time;

    /** Changed only while the gate is shut, as {@link #sole}. */
    Ring ring = Ring.EMPTY;

    /** Whether the only group raises the limit itself. */
    boolean sole;

    Lanes(ChannelOptions options) {
        this.limit = CLOSED_LANE | options.capacity();
        this.checks = options.retention() instanceof Retention.Bytes;
        this.timed = options.retention() instanceof Retention.Age;
        this.time = timed ? new Time(options.clock()) : Time.UNUSED;
    }

    /** Refuses an element by throwing. */
    abstract void check(T element);

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

    @Override
    public final int offerRun(Run<T> run, int most, @Nullable Route<T> route, boolean inTurn) {
        if (checks) {
            return 0;
        }
        long time = timeOfAcceptance();
        for (; ; ) {
            long word = tail();
            long ticket = ticket(word);
            long room = limit;
            if (isShut(word) || ticket >= room) {
                return inTurn ? offerRunInTurn(run, most, route) : 0;
            }
            if (route != null && route.gate() != this) {
                return 0;
            }
            Ring into = ring;
            int count = (int) Math.min(most, room - ticket);
            if (commit(word, count)) {
                into.publish(ticket, run, count, time);
                return count;
            }
        }
    }

    /** The lane that locks, for who has waited. */
    private int offerRunInTurn(Run<T> run, int most, @Nullable Route<T> route) {
        lock();
        try {
            if ((route != null && route.gate() != this) || isClosed() || isForeign(route)) {
                return 0;
            }
            prepare();
            int count = commitLocked(run, most);
            queueChanged();
            return count;
        } finally {
            unlock();
        }
    }

    private int commitLocked(Run<T> run, int most) {
        long time = timeOfAcceptance();
        for (; ; ) {
            long word = tail();
            long ticket = ticket(word);
            int count = (int) Math.min(most, limit() - ticket);
            if (count <= 0) {
                return 0;
            }
            if (commit(word, count)) {
                ring.publish(ticket, run, count, time);
                return count;
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

    private long timeOfAcceptance() {
        return timed ? now() : 0;
    }

    /** The time for retention by age, in nanoseconds. */
    final long now() {
        return time.now();
    }

    @Override
    protected final boolean hasRoom() {
        return ticket(tail()) < limit();
    }

    @Override
    protected final boolean commitLocked(T element) {
        long time = timeOfAcceptance();
        for (; ; ) {
            long word = tail();
            long ticket = ticket(word);
            if (ticket >= limit()) {
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

    /** The first ticket there is no room for. */
    final long limit() {
        return limit & ~CLOSED_LANE;
    }

    /** Under the lock, shut: the limit may be lowered. */
    final void limit(long ticket) {
        LIMIT.setVolatile(this, ticket | (limit & CLOSED_LANE));
    }

    final boolean isTimed() {
        return timed;
    }
}
