package dev.sluice.channel.memory;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.spi.Backoff;
import dev.sluice.channel.spi.SendQueue;
import dev.sluice.channel.spi.Thrown;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Operators;

/**
 * A reader of the ring and the receivers who share what it reads: a named group, or a listener, which is a group of one
 * that takes nothing away.
 *
 * <p>It decides under a short lock who gets what, and delivers after the lock is let go: {@link #run()}. A sender that
 * has committed calls {@link #wake}; if no receiver is ready it goes away, because those who are busy look again
 * before they rest.
 *
 * <p><b>Why no wake-up is lost.</b> A sender publishes its element and then reads {@link #readyCount}; whoever lets the
 * lock go has written it and then reads the slot at the cursor. There is a full fence between the two on both sides, so
 * at least one of them sees the other.
 *
 * <p><b>Invariants.</b> All fields are guarded by the lock. No user code runs under it, and nobody who holds it waits
 * for a channel's lock. The {@link #target} is what the backlog says for what members want; it never falls except while
 * the gate is shut.
 *
 * @param <T> the element
 */
final class Group<T> {
    /** How far the room may lag behind demand that exceeds what is handed over ahead. */
    private static final int LAG = Channel.HANDOVER / 4;

    private static final VarHandle LOCK;
    private static final VarHandle TARGET;
    private static final VarHandle READY;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            LOCK = lookup.findVarHandle(Group.class, "lock", int.class);
            TARGET = lookup.findVarHandle(Group.class, "target", long.class);
            READY = lookup.findVarHandle(Group.class, "readyCount", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final MemoryChannel<T> channel;
    private final String name;
    private final boolean listener;
    final Backlog<T> backlog;

    private volatile int lock;

    /** How many members are ready, for senders to look at. */
    @SuppressWarnings("UnusedVariable") // read through READY
    private int readyCount;

    /** The first ticket the group does not grant. Read without the lock by whoever computes the room. */
    private volatile long target;

    private final Members<T> members = new Members<>();
    private final Losses<T> losses;
    final Tally tally;
    final Exits<T> exits;

    /** How long the burst is that is being shared out: a hint, written without the lock. */
    private int run;

    private boolean sole;
    private boolean owesAdmission;
    private boolean removed;

    Group(MemoryChannel<T> channel, String name, boolean listener, Backlog<T> backlog) {
        this.channel = channel;
        this.name = name;
        this.listener = listener;
        this.backlog = backlog;
        this.tally = new Tally(listener);
        this.losses = new Losses<>(this, members, tally);
        this.exits = new Exits<>(this, members, tally);
        this.target = backlog.target(0);
    }

    String name() {
        return name;
    }

    boolean isListener() {
        return listener;
    }

    String describe() {
        return (listener ? "listen(" + channel.name() : "receive(" + channel.name() + ", " + name) + ")";
    }

    long target() {
        return target;
    }

    long cursor() {
        return backlog.cursor();
    }

    long floor() {
        return backlog.floor();
    }

    /** A member joins; false when the group was removed meanwhile. */
    boolean join(Receiver<T> receiver) {
        lock();
        try {
            if (removed) {
                return false;
            }
            members.join(this, receiver);
            return true;
        } finally {
            unlock();
        }
    }

    /** A sender committed an element: somebody must take it, unless all are busy or without demand. */
    void wake(int burst) {
        if ((int) READY.getOpaque(this) == 0 && !backlog.hasShelf()) {
            VarHandle.fullFence();
            if ((int) READY.getOpaque(this) == 0) {
                return;
            }
        }
        run = Math.min(burst, Members.LONGEST_BURST);
        run();
    }

    void run() {
        Turns.run(this);
    }

    /**
     * Takes, delivers and makes room until there is nothing to do. Any number of threads may be in here. What user code
     * throws comes out at the end, when everybody has been served.
     */
    void loop() {
        Thrown thrown = null;
        Receiver<T> last = null;
        do {
            lock();
            if (last != null) {
                settle(last);
            }
            Receiver<T> next = takeNext();
            boolean admits = owesAdmission;
            owesAdmission = false;
            List<Receiver<T>> ended = next == null ? takeEnded() : null;
            List<T> toDiscard = losses.takeDiscards();
            List<Runnable> quiet = exits.takeQuiet();
            unlock();

            SendQueue<T> told = admits ? channel.admitWaiting() : null;
            if (next != null) {
                thrown = next.deliver(thrown);
            }
            if (toDiscard != null) {
                thrown = channel.discard(toDiscard, thrown);
            }
            if (ended != null) {
                thrown = exits.end(ended, thrown);
            }
            if (quiet != null) {
                thrown = Thrown.runAll(quiet, thrown);
            }
            last = next;
            if (told != null) {
                // Senders run user code too: meanwhile the receiver must be there for other threads.
                rest(last);
                last = null;
                thrown = tell(told, thrown);
            } else if (next == null && !hasMore()) {
                Thrown.rethrow(thrown);
                return;
            }
        } while (true);
    }

    private @Nullable Thrown tell(SendQueue<T> told, @Nullable Thrown before) {
        try {
            channel.tellAll(told);
            return before;
        } catch (Throwable e) {
            return Thrown.by(e, before);
        }
    }

    private boolean hasMore() {
        return !removed && ((int) READY.getOpaque(this) > 0 || backlog.hasShelf()) && backlog.hasNext();
    }

    private void rest(@Nullable Receiver<T> receiver) {
        if (receiver != null) {
            lock();
            settle(receiver);
            unlock();
        }
    }

    /** The next ready receiver with a batch, round robin; {@code null} when there is none or nothing to take. */
    private @Nullable Receiver<T> takeNext() {
        if (removed) {
            return null;
        }
        Receiver<T> next = members.firstReady();
        int taken = next == null ? 0 : fill(next);
        if (next != null && taken > 0) {
            members.busy(next);
            tally.given(taken);
            raiseTarget();
        }
        // Only what nobody takes now counts as waiting.
        if (backlog.hasShelf() && members.firstReady() == null && losses.shelve(backlog, sole)) {
            raiseTarget();
        }
        return taken == 0 ? null : next;
    }

    private int fill(Receiver<T> receiver) {
        int most = (int) Math.min(receiver.available(), Receiver.BATCH);
        if (members.size() > 1 && most > 1) {
            long share = backlog.size(channel.nextOffset()) / members.readySize();
            most = (int) Math.max(1, Math.min(most, share));
        }
        int taken = 0;
        while (taken < most && backlog.giveNext(receiver, sole)) {
            taken++;
        }
        return taken;
    }

    /** A busy receiver has passed its batch on. */
    private void settle(Receiver<T> receiver) {
        receiver.busy = false;
        exits.settled(receiver);
        int settled = receiver.settle();
        receiver.turn += settled;
        tally.passedOn(settled, receiver.delivered(settled));
        if (!receiver.left && members.again(receiver, run)) {
            raiseTarget();
        }
    }

    void request(Receiver<T> receiver, long n) {
        lock();
        receiver.demand = Operators.addCap(receiver.demand, n);
        boolean busy = receiver.busy;
        if (!receiver.left) {
            wantsMore(receiver);
        }
        busy &= !owesAdmission;
        unlock();
        if (!busy) {
            run();
        }
    }

    /** Under the lock: a member may be given more than before. */
    void wantsMore(Receiver<T> receiver) {
        members.wantsMore(receiver);
        raiseTarget();
    }

    private long targetNow() {
        return backlog.target(backlog.hasShelf() ? Channel.HANDOVER : Math.min(members.wanted(), Channel.HANDOVER));
    }

    private void raiseTarget() {
        long now = targetNow();
        long rise = now - target;
        if (rise <= 0) {
            return;
        }
        if (!sole) {
            TARGET.setVolatile(this, now);
            owesAdmission |= channel.laneClosed();
        } else if (rise >= LAG || members.wanted() < Channel.HANDOVER) {
            TARGET.setOpaque(this, now);
            owesAdmission |= channel.raise(rise);
        }
    }

    /** With the gate shut: the target may fall. */
    void settleTarget(boolean nowSole) {
        sole = nowSole;
        target = targetNow();
    }

    /** With the gate shut: a ticket ahead was left out, and takes no room. */
    void skip() {
        backlog.skip();
        makeUpForSkip();
    }

    /** With the gate shut: the ticket at the cursor was left out, and takes no room. */
    void stepOver(long ticket) {
        backlog.stepOver(ticket);
        makeUpForSkip();
    }

    private void makeUpForSkip() {
        long now = targetNow();
        if (sole) {
            owesAdmission |= channel.raise(now - target);
        }
        target = now;
    }

    int skipsAhead() {
        return backlog.skipsAhead();
    }

    /** Makes a change that may take room away, under the lock. */
    void exclude(Runnable change) {
        channel.exclude(this, change);
    }

    void takeBack(long offset, T value, Mark mark) {
        if (removed) {
            losses.leftBehind(value);
        } else if (!listener) {
            backlog.takeBack(offset, value, mark);
        }
    }

    /** The members who have reached the end and must be told. */
    private @Nullable List<Receiver<T>> takeEnded() {
        if (removed || (channel.isClosed() && tally.isSettled() && backlog.isEmpty(channel.nextOffset(), sole))) {
            members.endAll();
        }
        return members.takeEnding();
    }

    /** Why members end that did not fail; {@code null} when they complete. */
    @Nullable Throwable endCause() {
        return removed ? null : channel.closeCause();
    }

    /** With the gate shut: the group is no more. What the last one leaves behind nobody else is going to get. */
    void remove(boolean last) {
        removed = true;
        losses.leaveBehind(backlog, last);
    }

    boolean isRemoved() {
        return removed;
    }

    /** The channel counts for it from now on. */
    void depart(Departed all) {
        tally.depart(all);
    }

    ChannelStats.GroupStats stats() {
        lock();
        try {
            return tally.reading(name, members, backlog, channel.nextOffset());
        } finally {
            unlock();
        }
    }

    /** Under the lock: whether nobody is left. */
    boolean isDeserted() {
        return members.size() == 0;
    }

    int waitingReceivers() {
        return (int) READY.getOpaque(this);
    }

    void lock() {
        int turns = 0;
        while (lock != 0 || !LOCK.compareAndSet(this, 0, 1)) {
            turns = Backoff.pause(turns);
        }
    }

    /**
     * Lets the lock go, with a full fence where a receiver stays behind that is ready: see why no wake-up is lost. While
     * none is, whoever makes one ready looks for himself.
     */
    void unlock() {
        int count = members.readySize();
        READY.setOpaque(this, count);
        LOCK.setRelease(this, 0);
        if (count > 0 || backlog.hasShelf()) {
            VarHandle.fullFence();
        }
    }
}
