package dev.sluice.channel.spi;

import dev.sluice.channel.SendResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Where sends are committed, one after the other: the sending half of an engine.
 *
 * <p><b>Two lanes.</b> An ordinary send does not lock: it reads the {@link #tail} word, checks that there is room and
 * that its route still leads here, and commits by one compare-and-set of that word. Whatever is rare (waiting, resize,
 * close, switching) runs under a short lock, and where it must not overlap with a commit it {@linkplain #shut() shuts}
 * the gate, which makes every commit in flight fail its compare-and-set and look again.
 *
 * <p><b>Invariants.</b> The lock is held for a bounded number of steps and never while user code runs. Who waits
 * stands in the {@link #line}; while anybody waits for room, nobody passes ahead by the fast lane.
 *
 * <p><b>Lock order.</b> Gates by their {@link #order()}, then the groups of a channel in the order of its array. No gate is ever
 * locked by somebody who holds a group.
 *
 * @param <T> the element
 */
public abstract class Gate<T> extends Turnstile {
    /** Everybody who waits here. Guarded by the lock. */
    final Line<T> line = new Line<>(this);

    /** The sends that wait for room. Guarded by the lock. */
    protected final SendQueue<T> waiting = line.waiting;

    /** A gate nobody owns. */
    protected Gate() {}

    /**
     * Commits an element if there is room now and the route, if any, still leads here. Never waits and runs no user
     * code: after {@link Outcome#ACCEPTED} the caller tells the receivers by {@link #committed}.
     *
     * @param inTurn whether the sender has waited and it is its turn, so that it may go ahead of those who still wait
     * @return anything but {@link Outcome#WAITING}
     */
    public abstract Outcome offer(T element, @Nullable Route<T> route, boolean inTurn);

    /**
     * Commits the first elements of a run as one, as {@link #offer}, if there is room for more than none.
     *
     * @param most how many at most, 1 or more
     * @return how many were committed; 0 says nothing, then the first is to be offered alone
     */
    public int offerRun(Run<T> run, int most, @Nullable Route<T> route, boolean inTurn) {
        return 0;
    }

    /** How many elements of a route there is room for at the moment, 0 or more. A hint for how much to ask a publisher for. */
    public abstract long room(@Nullable Route<T> route, boolean inTurn);

    /** Whether the gate has closed for good. */
    public abstract boolean isClosed();

    /** Whether it has closed because nobody would miss it: whoever knows what is behind it by name finds another there. */
    public boolean isExpired() {
        return false;
    }

    /** Why the gate refuses, once it is closed. */
    public abstract Throwable refusal();

    /** The name of what is behind the gate, for messages and checkpoints. */
    public abstract String name();

    /** Under the lock: brings the room up to date. */
    protected abstract void prepare();

    /** Under the lock: whether there is room for an element. */
    protected abstract boolean hasRoom();

    /** Under the lock, not shut: commits an element if there is room. */
    protected abstract boolean commitLocked(T element);

    /** Under the lock: closes the lane that does not lock, for whoever looks from now on. */
    protected abstract void closeFastLane();

    /** Under the lock: opens the lane that does not lock, if the gate has one. */
    protected abstract void openFastLane();

    /**
     * Outside the lock: elements were committed, so whoever takes them must look.
     *
     * @param burst how many elements the same sender has committed one right after the other; a long burst may be shared
     *     out in runs
     */
    protected abstract void committed(int burst);

    /** A {@code sendAll} begins that sends here until it {@linkplain #leave leaves}; false when the gate {@link #isExpired}. */
    protected boolean enter() {
        return true;
    }

    /** A {@code sendAll} that has {@linkplain #enter entered} is over. */
    protected void leave() {}

    /** Under the lock: from now on a route leads here, or not any more. */
    protected void aimed(Route<T> route, boolean here) {}

    /** Outside the lock: a send has come to wait. Whatever makes room without being asked need not know. */
    void parked() {}

    /**
     * Offers an element that {@link #offer} had no room for to whoever else knows; for senders who do not wait. Other
     * than an offer this may run code that is not ours.
     *
     * @return as an offer
     */
    Outcome offerBeyond(T element, @Nullable Route<T> route) {
        return Outcome.FULL;
    }

    /** A send of one element through this gate, as {@link dev.sluice.channel.Sender#send}. */
    public final Mono<Void> send(T element) {
        return new SendMono<>(element, this, null);
    }

    /** Sends all elements of a publisher through this gate, as {@link dev.sluice.channel.Sender#sendAll}. */
    public final Mono<Long> sendAll(Publisher<? extends T> elements) {
        return new SendAllMono<>(elements, this, null);
    }

    /** Sends one element if there is room now, as {@link dev.sluice.channel.Sender#trySend}. */
    public final SendResult trySend(T element) {
        Objects.requireNonNull(element, "element");
        Outcome outcome = offer(element, null, false);
        if (outcome == Outcome.ACCEPTED) {
            committed(1);
        }
        return Sends.result(outcome);
    }

    /** Withdrawn sends since creation. */
    public final long withdrawn() {
        return line.withdrawn();
    }

    /** How many sends wait, held ones included. Exact under the lock, a hint without it. */
    public final int waitingSends() {
        return line.size();
    }

    /** Under the lock: whether an element waits to be sent that is like this. */
    protected final boolean anyWaits(Predicate<? super T> like) {
        return line.any(like);
    }

    /** Under the lock: whether sends by this route must wait because somebody else owns the gate. */
    protected final boolean isForeign(@Nullable Route<T> route) {
        return line.isForeign(route);
    }

    /** Whether one route has the gate for itself. */
    protected final boolean isOwned() {
        return line.isOwned();
    }

    /**
     * Commits the element of a node, or queues the node until there is room. A node without an element asks for room
     * only. Foreign code may run, once the node is queued.
     *
     * @return anything but {@link Outcome#FULL}
     */
    public final Outcome park(SendNode<T> node) {
        Outcome outcome = enqueue(node);
        if (outcome == Outcome.WAITING) {
            parked();
        }
        return outcome;
    }

    /** As {@link #park}, without telling: when it answers {@link Outcome#WAITING}, the caller calls {@link #parked}. */
    final Outcome enqueue(SendNode<T> node) {
        lock();
        try {
            if (node.route != null && node.route.gate() != this) {
                return Outcome.MOVED;
            }
            if (isClosed()) {
                return Outcome.CLOSED;
            }
            if (!isForeign(node.route)) {
                prepare();
                if ((waiting.isEmpty() || node.first) && tryCommit(node)) {
                    return Outcome.ACCEPTED;
                }
                // From here on whoever makes room takes the lock; what was made before that is seen now.
                closeFastLane();
                prepare();
                if ((waiting.isEmpty() || node.first) && tryCommit(node)) {
                    queueChanged();
                    return Outcome.ACCEPTED;
                }
            }
            line.queueFor(node).add(node, this);
            queueChanged();
            return Outcome.WAITING;
        } finally {
            unlock();
        }
    }

    private boolean tryCommit(SendNode<T> node) {
        T element = node.element;
        return element == null ? hasRoom() : commitLocked(element);
    }

    /**
     * Under the lock, not shut: commits waiting sends while there is room, moving their nodes to {@code told}. Stops at
     * one that waits for room only: it sends first, and {@link #tell} goes on when it has.
     */
    protected final void admit(SendQueue<T> told) {
        prepare();
        SendNode<T> node = waiting.first();
        while (node != null && hasRoom() && tryCommit(node)) {
            waiting.release(node, told);
            line.gone(node, told);
            node = node.element == null ? null : waiting.first();
        }
        queueChanged();
    }

    /** Outside all locks: tells the receivers and the senders of what was admitted, and admits more while it can. */
    protected final void tell(SendQueue<T> told) {
        Thrown thrown = null;
        do {
            try {
                committed(1);
            } catch (Throwable e) {
                thrown = Thrown.by(e, thrown);
            }
            thrown = told.accept(thrown);
            if (!waiting.isEmpty() && hasRoom()) {
                lock();
                try {
                    admit(told);
                } finally {
                    unlock();
                }
            }
        } while (!told.isEmpty());
        Thrown.rethrow(thrown);
    }

    /** Under the lock: the lane that does not lock is open while nobody waits and nobody owns the gate. */
    protected final void queueChanged() {
        if (waiting.isEmpty() && !line.isOwned() && !isClosed()) {
            openFastLane();
        } else {
            closeFastLane();
        }
    }

    /** Under the lock: moves everybody who waits to {@code told}, to be refused. */
    protected final void releaseAll(SendQueue<T> told) {
        line.releaseAll(told);
    }

    boolean withdraw(SendNode<T> node) {
        SendQueue<T> told = new SendQueue<>();
        boolean queued;
        lock();
        try {
            queued = withdrawLocked(node, told);
        } finally {
            unlock();
        }
        told.accept();
        return queued;
    }

    /** Under the lock: {@code told} gets who must be told of it. */
    final boolean withdrawLocked(SendNode<T> node, SendQueue<T> told) {
        if (node.gate != this) {
            return false;
        }
        line.withdraw(node, told);
        queueChanged();
        return true;
    }

    /**
     * Has a watch told when no send of its route waits here any more, or when the gate closes, whichever is first. Asked
     * for while its route leads elsewhere, so that no more of its sends come to wait.
     *
     * @return {@link Outcome#WAITING}; otherwise it is so already, and the watch is not told: {@link Outcome#ACCEPTED}
     *     when none waits, {@link Outcome#CLOSED} when the gate is closed
     */
    public final Outcome watch(Watch<T> watch) {
        lock();
        try {
            return isClosed() ? Outcome.CLOSED : line.watch(watch) ? Outcome.WAITING : Outcome.ACCEPTED;
        } finally {
            unlock();
        }
    }

    /** Takes a node out unless it has an element, which answers false; {@code null} when it is not queued here. */
    final @Nullable Boolean withdrawRequest(SendNode<T> node) {
        SendQueue<T> told = new SendQueue<>();
        lock();
        try {
            if (node.gate != this) {
                return null;
            }
            if (node.element != null) {
                return false;
            }
            withdrawLocked(node, told);
        } finally {
            unlock();
        }
        told.accept();
        return true;
    }

    /**
     * Gives the gate to one route: from now on nobody else's element is committed, until {@link #free}. Sends by others
     * wait.
     *
     * @return how often the gate was given away, this time included: a token that grows with every owner. 0 when the gate
     *     is closed or somebody has it already
     */
    public final long reserve(Route<T> route) {
        lock();
        try {
            if (isClosed() || line.isOwned()) {
                return 0;
            }
            shut();
            long token = line.reserve(route);
            queueChanged();
            reopen();
            return token;
        } finally {
            unlock();
        }
    }

    /** Gives the gate back to everybody; sends that waited meanwhile are admitted in order. */
    public final void free(Route<T> route) {
        List<Runnable> after = new ArrayList<>(1);
        free(route, after);
        Thrown.runAll(after);
    }

    /**
     * As {@link #free(Route)}, for a caller who holds a lock of its own.
     *
     * @param after gets what is to be run once no lock is held: it tells those whose sends were committed
     */
    public final void free(Route<T> route, Collection<Runnable> after) {
        SendQueue<T> told = new SendQueue<>();
        lock();
        try {
            if (!line.free(route)) {
                return;
            }
            admit(told);
        } finally {
            unlock();
        }
        after.add(() -> tell(told));
    }

    /** Under the lock, shut: commits succeed again, and those who wait are admitted or refused. */
    final void resume(Collection<Runnable> after) {
        queueChanged();
        reopen();
        SendQueue<T> told = new SendQueue<>();
        if (isClosed()) {
            releaseAll(told);
            after.add(() -> told.refuse(this::refusal));
        } else {
            admit(told);
            after.add(() -> tell(told));
        }
    }

    /** How many sends of a route wait here. */
    public final int waitingOf(Route<T> route) {
        lock();
        try {
            return line.count(route);
        } finally {
            unlock();
        }
    }
}
