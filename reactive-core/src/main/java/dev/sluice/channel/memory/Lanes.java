package dev.sluice.channel.memory;

import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.spi.Gate;
import dev.sluice.channel.spi.Outcome;
import dev.sluice.channel.spi.Route;
import dev.sluice.channel.spi.Run;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * The lanes by which elements get in. A send commits by taking a ticket below the {@link #limit}, and then publishes its
 * element in the {@link Ring}; or, while the fast lane is closed, does so under the lock.
 *
 * <p><b>Invariants.</b> The limit, the first ticket there is no room for, is lowered and the ring replaced only while the gate
 * is shut. A ticket below the limit has a slot of its own. Whatever else a send goes by it reads after the tail word and
 * before its compare-and-set; since it is changed only while the gate is shut, a send that commits has gone by what held.
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

    /** Whether elements are checked. Changed only while the gate is shut, as {@link #time}. */
    private boolean checks;

    /** Tells when elements are accepted, if that counts. */
    private @Nullable Time time;

    /** Changed only while the gate is shut, as {@link #sole}. */
    Ring ring = Ring.EMPTY;

    /** Whether the only group raises the limit itself. */
    boolean sole;

    Lanes(ChannelOptions options) {
        this.limit = CLOSED_LANE | options.capacity();
    }

    /** While nobody sends: whether elements are checked from now on, and whether the time counts at which they come. */
    final void examine(boolean checked, boolean timed, Scheduler clock) {
        checks = checked;
        if (timed != isTimed()) {
            time = timed ? new Time(clock) : null;
        }
    }

    /** Refuses an element by throwing. */
    abstract void check(T element);

    @Override
    public final Outcome offer(T element, @Nullable Route<T> route, boolean inTurn) {
        for (; ; ) {
            long word = tail();
            if (checks) {
                check(element);
            }
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
            long now = now();
            if (commit(word)) {
                into.publish(ticket, element, now);
                return Outcome.ACCEPTED;
            }
        }
    }

    @Override
    public final int offerRun(Run<T> run, int most, @Nullable Route<T> route, boolean inTurn) {
        for (; ; ) {
            long word = tail();
            if (checks) {
                return 0;
            }
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
            long now = now();
            if (commit(word, count)) {
                into.publish(ticket, run, count, now);
                return count;
            }
        }
    }

    /** The lane that locks, for who has waited. */
    private int offerRunInTurn(Run<T> run, int most, @Nullable Route<T> route) {
        lock();
        try {
            if ((route != null && route.gate() != this) || isClosed() || isForeign(route) || checks) {
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
        long now = now();
        for (; ; ) {
            long word = tail();
            long ticket = ticket(word);
            int count = (int) Math.min(most, limit() - ticket);
            if (count <= 0) {
                return 0;
            }
            if (commit(word, count)) {
                ring.publish(ticket, run, count, now);
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
            if (checks) {
                check(element);
            }
            prepare();
            Outcome outcome = commitLocked(element) ? Outcome.ACCEPTED : Outcome.FULL;
            queueChanged();
            return outcome;
        } finally {
            unlock();
        }
    }

    /** The time for retention by age, in nanoseconds; 0 if that does not count. */
    final long now() {
        Time clock = time;
        return clock == null ? 0 : clock.now();
    }

    @Override
    protected final boolean hasRoom() {
        return ticket(tail()) < limit();
    }

    @Override
    protected final boolean commitLocked(T element) {
        long now = now();
        for (; ; ) {
            long word = tail();
            long ticket = ticket(word);
            if (ticket >= limit()) {
                return false;
            }
            if (commit(word)) {
                ring.publish(ticket, element, now);
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

    /** Whether the time at which elements are accepted counts. */
    final boolean isTimed() {
        return time != null;
    }
}
