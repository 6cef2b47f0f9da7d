package dev.sluice.channel.memory;

import dev.sluice.SlowReceiverException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.spi.Backoff;
import dev.sluice.channel.spi.SendQueue;
import dev.sluice.channel.spi.Thrown;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
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

    /**
     * A burst is shared out in runs that grow with it, so that receivers on other threads are not woken for every
     * element: no receiver gets more than this part of the burst ahead of the others.
     */
    private static final int RUN_SHARE = 8;

    private static final int LONGEST_RUN = 32;

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
    private final Backlog<T> backlog;

    private volatile int lock;

    /** The size of {@link #ready}, for senders to look at. */
    @SuppressWarnings("UnusedVariable") // read through READY
    private int readyCount;

    /** The first ticket the group does not grant. Read without the lock by whoever computes the room. */
    private volatile long target;

    private final List<Receiver<T>> members = new ArrayList<>(2);
    private final ReadyList<T> ready = new ReadyList<>();
    private @Nullable List<Receiver<T>> ending;
    private @Nullable List<T> discards;

    /** How long the burst is that is being shared out: a hint, written without the lock. */
    private int run;

    private boolean sole;
    private boolean owesAdmission;
    private boolean removed;
    private boolean wasLast;
    private long wanted;
    private long inHand;
    private long unacked;
    private long delivered;
    private long redelivered;
    private long dropped;
    private @Nullable Departed departed;

    Group(MemoryChannel<T> channel, String name, boolean listener, Backlog<T> backlog) {
        this.channel = channel;
        this.name = name;
        this.listener = listener;
        this.backlog = backlog;
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
            receiver.join(this, members.size());
            members.add(receiver);
            return true;
        } finally {
            unlock();
        }
    }

    /** The member has its subscription, so it may be told the end from now on. */
    void start(Receiver<T> receiver) {
        lock();
        receiver.started = true;
        if (receiver.failure != null && !receiver.busy && !receiver.left) {
            endLater(receiver);
        }
        unlock();
        run();
    }

    /** A sender committed an element: somebody must take it, unless all are busy or without demand. */
    void wake(int burst) {
        if ((int) READY.getOpaque(this) == 0 && !backlog.hasShelf()) {
            VarHandle.fullFence();
            if ((int) READY.getOpaque(this) == 0) {
                return;
            }
        }
        run = Math.min(burst, LONGEST_RUN * RUN_SHARE * 4);
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
            List<T> toDiscard = discards;
            discards = null;
            unlock();

            SendQueue<T> told = admits ? channel.admitWaiting() : null;
            if (next != null) {
                thrown = next.deliver(thrown);
            }
            if (toDiscard != null) {
                thrown = channel.discard(toDiscard, thrown);
            }
            if (ended != null) {
                thrown = end(ended, thrown);
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
        Receiver<T> next = firstReady();
        int taken = next == null ? 0 : fill(next);
        if (next != null && taken > 0) {
            ready.remove(next);
            next.busy = true;
            inHand += taken;
            next.seal();
            count(next);
            raiseTarget();
        }
        if (backlog.hasShelf() && firstReady() == null) {
            // Only what nobody takes now counts as waiting.
            shelve();
        }
        return taken == 0 ? null : next;
    }

    private @Nullable Receiver<T> firstReady() {
        Receiver<T> first = ready.first();
        while (first != null && first.isCancelled()) {
            ready.remove(first);
            first = ready.first();
        }
        return first;
    }

    private int fill(Receiver<T> receiver) {
        int most = (int) Math.min(receiver.available(), Receiver.BATCH);
        if (members.size() > 1 && most > 1) {
            long share = backlog.size(channel.nextOffset()) / ready.size();
            most = (int) Math.max(1, Math.min(most, share));
        }
        int taken = 0;
        while (taken < most && backlog.giveNext(receiver, sole)) {
            taken++;
        }
        return taken;
    }

    private void shelve() {
        boolean moved = false;
        while (backlog.shelveNext(sole, this::gaveWay)) {
            moved = true;
        }
        if (moved) {
            raiseTarget();
        }
    }

    private void gaveWay(Shelf<T> shelf, T value) {
        countDropped();
        if (!listener) {
            discardLater(value);
        }
        if (shelf.failsWhenFull()) {
            SlowReceiverException cause = new SlowReceiverException(describe() + " is too slow: its buffer of "
                    + shelf.capacity() + " elements is full. Give it a larger buffer, or another overflow policy");
            for (Receiver<T> member : List.copyOf(members)) {
                if (member.failure == null) {
                    fail(member, cause);
                }
            }
        }
    }

    /** A busy receiver has passed its batch on. */
    private void settle(Receiver<T> receiver) {
        receiver.busy = false;
        int settled = receiver.settle();
        receiver.turn += settled;
        inHand -= settled;
        countDelivered(receiver.delivered(settled));
        if (receiver.failure != null && !receiver.left) {
            endLater(receiver);
        } else if (!receiver.left) {
            count(receiver);
            if (receiver.available() > 0) {
                if (receiver.turn < run / (RUN_SHARE * members.size())) {
                    ready.addFirst(receiver);
                } else {
                    receiver.turn = 0;
                    ready.add(receiver);
                }
            }
            raiseTarget();
        }
    }

    void request(Receiver<T> receiver, long n) {
        lock();
        receiver.demand = Operators.addCap(receiver.demand, n);
        boolean busy = receiver.busy;
        if (!receiver.left) {
            count(receiver);
            addIfReady(receiver);
            raiseTarget();
        }
        busy &= !owesAdmission;
        unlock();
        if (!busy) {
            run();
        }
    }

    private void addIfReady(Receiver<T> receiver) {
        if (!receiver.busy && receiver.failure == null && receiver.available() > 0) {
            ready.add(receiver);
        }
    }

    /** Brings what a member wants up to date. */
    private void count(Receiver<T> receiver) {
        int wants = (int) Math.max(0, Math.min(receiver.available(), Channel.HANDOVER));
        wanted += wants - receiver.counted;
        receiver.counted = wants;
    }

    private long targetNow() {
        return backlog.target(backlog.hasShelf() ? Channel.HANDOVER : Math.min(wanted, Channel.HANDOVER));
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
        } else if (rise >= LAG || wanted < Channel.HANDOVER) {
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

    /** A member cancelled. */
    void leave(Receiver<T> receiver) {
        lock();
        boolean lowers = listener || receiver.counted > 0 || receiver.holds();
        if (!lowers) {
            unlink(receiver);
        }
        unlock();
        if (lowers) {
            channel.exclude(this, () -> unlink(receiver));
        }
        run();
    }

    /** Takes a member out; what it was given and has not passed on comes back. */
    private void unlink(Receiver<T> receiver) {
        if (receiver.left) {
            return;
        }
        receiver.left = true;
        Receiver<T> last = members.remove(members.size() - 1);
        if (last != receiver) {
            members.set(receiver.index, last);
            last.index = receiver.index;
        }
        ready.remove(receiver);
        wanted -= receiver.counted;
        receiver.counted = 0;
        inHand -= receiver.reclaim(this);
    }

    void takeBack(long offset, T value, boolean wasDelivered) {
        if (removed) {
            giveUp(value);
        } else if (!listener) {
            backlog.takeBack(offset, value, wasDelivered);
        }
    }

    /** A member broke the rules: it fails, the others do not notice. */
    void failMember(Receiver<T> receiver, Throwable cause) {
        lock();
        if (!receiver.left && receiver.failure == null) {
            fail(receiver, cause);
        }
        unlock();
        run();
    }

    private void fail(Receiver<T> receiver, Throwable cause) {
        receiver.failure = cause;
        if (!receiver.busy) {
            ready.remove(receiver);
            endLater(receiver);
        }
    }

    private void endLater(Receiver<T> receiver) {
        if (receiver.ending || !receiver.started) {
            return;
        }
        receiver.ending = true;
        if (ending == null) {
            ending = new ArrayList<>(1);
        }
        ending.add(receiver);
    }

    /** The members who have reached the end and must be told. */
    private @Nullable List<Receiver<T>> takeEnded() {
        boolean over = removed || (channel.isClosed() && isDrained());
        if (over) {
            for (Receiver<T> member : members) {
                if (member.started && !member.busy && !member.left) {
                    endLater(member);
                }
            }
        }
        List<Receiver<T>> ended = ending;
        ending = null;
        return ended;
    }

    private boolean isDrained() {
        return inHand == 0 && unacked == 0 && backlog.isEmpty(channel.nextOffset(), sole);
    }

    private @Nullable Thrown end(List<Receiver<T>> ended, @Nullable Thrown before) {
        Thrown thrown = before;
        for (Receiver<T> receiver : ended) {
            Throwable cause = receiver.failure != null ? receiver.failure : removed ? null : channel.closeCause();
            try {
                channel.exclude(this, () -> unlink(receiver));
            } catch (Throwable e) {
                thrown = Thrown.by(e, thrown);
            }
            thrown = receiver.end(cause, thrown);
        }
        return thrown;
    }

    /** With the gate shut: the group is no more. What the last one leaves behind nobody else is going to get. */
    void remove(boolean last) {
        removed = true;
        wasLast = last;
        backlog.drain(this::giveUp);
    }

    boolean isRemoved() {
        return removed;
    }

    private void giveUp(T value) {
        countDropped();
        if (wasLast) {
            discardLater(value);
        }
    }

    /** With the gate shut: the channel counts for it from now on. */
    void depart(Departed all) {
        all.addDelivered(listener, delivered);
        all.addDropped(dropped);
        departed = all;
    }

    private void countDelivered(long count) {
        if (departed == null) {
            delivered += count;
        } else {
            departed.addDelivered(listener, count);
        }
    }

    private void countDropped() {
        if (departed == null) {
            dropped++;
        } else {
            departed.addDropped(1);
        }
    }

    private void discardLater(T value) {
        if (discards == null) {
            discards = new ArrayList<>();
        }
        discards.add(value);
    }

    /** The delivery at an offset goes to its subscriber now; {@code null} when it went back meanwhile. */
    @Nullable MemoryDelivery<T> claim(AckedReceiver<T> receiver, long offset) {
        lock();
        try {
            MemoryDelivery<T> delivery = receiver.claim(offset);
            if (delivery != null) {
                unacked++;
                countDelivered(1);
                redelivered += delivery.redelivered() ? 1 : 0;
            }
            return delivery;
        } finally {
            unlock();
        }
    }

    boolean ack(AckedReceiver<T> receiver, MemoryDelivery<T> delivery) {
        lock();
        boolean settled = settleDelivery(receiver, delivery);
        unlock();
        run();
        return settled;
    }

    boolean nack(AckedReceiver<T> receiver, MemoryDelivery<T> delivery) {
        boolean[] settled = new boolean[1];
        channel.exclude(this, () -> {
            settled[0] = settleDelivery(receiver, delivery);
            if (settled[0]) {
                takeBack(delivery.offset(), delivery.value(), true);
            }
        });
        run();
        return settled[0];
    }

    private boolean settleDelivery(AckedReceiver<T> receiver, MemoryDelivery<T> delivery) {
        if (!receiver.settle(delivery)) {
            return false;
        }
        unacked--;
        count(receiver);
        addIfReady(receiver);
        raiseTarget();
        return true;
    }

    void unackedGone(int count) {
        unacked -= count;
    }

    /** A reading of the counters. */
    ChannelStats.GroupStats stats() {
        lock();
        try {
            return reading();
        } finally {
            unlock();
        }
    }

    /** As {@link #stats()}, for who has the lock. */
    ChannelStats.GroupStats reading() {
        long waiting = backlog.size(channel.nextOffset()) + inHand;
        return new ChannelStats.GroupStats(name, members.size(), waiting, unacked, delivered, redelivered, dropped);
    }

    /** Under the lock: whether nobody is left. */
    boolean isDeserted() {
        return members.isEmpty();
    }

    /** How many members have unmet demand. */
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
        int count = ready.size();
        READY.setOpaque(this, count);
        if (count == 0 && !backlog.hasShelf()) {
            LOCK.setRelease(this, 0);
        } else {
            LOCK.setRelease(this, 0);
            VarHandle.fullFence();
        }
    }
}
