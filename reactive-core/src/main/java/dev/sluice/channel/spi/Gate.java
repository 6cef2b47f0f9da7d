package dev.sluice.channel.spi;

import dev.sluice.channel.SendResult;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
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
 * <p><b>The tail word</b> is {@code ticket << 12 | sequence}. The ticket is the offset of the next element. The sequence
 * counts the shuts since that ticket was reached; odd means shut. Every change makes the word larger, so a stale
 * compare-and-set can never succeed: a commit stands for "nothing has changed since I looked". When the sequence
 * overflows, the next ticket is {@linkplain #skip left out}.
 *
 * <p><b>Invariants.</b> The lock is held for a bounded number of steps and never while user code runs. Nodes in {@link
 * #waiting} are queued here ({@code node.gate == this}). While the gate has an {@link #owner}, {@code waiting} holds the
 * owner's sends and {@code held} everybody else's.
 *
 * <p><b>Lock order.</b> Gates by {@link #order}, then the groups of a channel in the order of its array. No gate is ever
 * locked by somebody who holds a group.
 *
 * @param <T> the element
 */
public abstract class Gate<T> {
    /** Low bits of the tail word that count shuts. */
    protected static final int SEQUENCE_BITS = 12;

    private static final long SEQUENCE_MASK = (1L << SEQUENCE_BITS) - 1;
    private static final AtomicLong ORDER = new AtomicLong();
    private static final VarHandle TAIL;
    private static final VarHandle LOCK;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(Gate.class, "tail", long.class);
            LOCK = lookup.findVarHandle(Gate.class, "lock", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile long tail;

    @SuppressWarnings("unused") // through LOCK
    private volatile int lock;

    private final long order = ORDER.getAndIncrement();

    /** The sends that wait for room. Guarded by the lock. */
    protected final SendQueue<T> waiting = new SendQueue<>();

    private @Nullable SendQueue<T> held;
    private @Nullable SendQueue<T> watches;
    private @Nullable Route<T> owner;
    private long reservations;
    private long withdrawn;

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

    /** How many elements of a route there is room for at the moment, 0 or more. A hint for how much to ask a publisher for. */
    public abstract long room(@Nullable Route<T> route, boolean inTurn);

    /** Whether the gate has closed for good. */
    public abstract boolean isClosed();

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

    /** Under the lock, shut: a ticket is left out, because the sequence would overflow. */
    protected abstract void skip(long ticket);

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
        return withdrawn;
    }

    /** How many sends wait, held ones included. Exact under the lock, a hint without it. */
    public final int waitingSends() {
        SendQueue<T> others = held;
        return waiting.size() + (others == null ? 0 : others.size());
    }

    /** Under the lock: whether sends by this route must wait because somebody else owns the gate. */
    protected final boolean isForeign(@Nullable Route<T> route) {
        return owner != null && owner != route;
    }

    /** Whether one route has the gate for itself. */
    protected final boolean isOwned() {
        return owner != null;
    }

    /**
     * Commits the element of a node, or queues the node until there is room. A node without an element asks for room
     * only. Runs no user code, as {@link #offer}.
     *
     * @return anything but {@link Outcome#FULL}
     */
    public final Outcome park(SendNode<T> node) {
        Outcome outcome = parkLocked(node);
        if (outcome == Outcome.WAITING) {
            parked();
        }
        return outcome;
    }

    private Outcome parkLocked(SendNode<T> node) {
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
                if (isNext(node) && tryCommit(node)) {
                    return Outcome.ACCEPTED;
                }
                // From here on whoever makes room takes the lock; what was made before that is seen now.
                closeFastLane();
                prepare();
                if (isNext(node) && tryCommit(node)) {
                    queueChanged();
                    return Outcome.ACCEPTED;
                }
            }
            queueFor(node).add(node, this);
            queueChanged();
            return Outcome.WAITING;
        } finally {
            unlock();
        }
    }

    private boolean isNext(SendNode<T> node) {
        return waiting.isEmpty() || node.first;
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
            gone(node, told);
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
        if (waiting.isEmpty() && owner == null && !isClosed()) {
            openFastLane();
        } else {
            closeFastLane();
        }
    }

    /** Under the lock: moves everybody who waits to {@code told}, to be refused. */
    protected final void releaseAll(SendQueue<T> told) {
        waiting.releaseAll(told);
        if (held != null) {
            held.releaseAll(told);
        }
        if (watches != null) {
            watches.releaseAll(told);
        }
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
        queueFor(node).remove(node);
        if (node.element != null) {
            withdrawn++;
        }
        gone(node, told);
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
            if (isClosed()) {
                return Outcome.CLOSED;
            }
            Route<T> route = watch.route;
            if (route != null) {
                watch.left = waiting.count(route) + (held == null ? 0 : held.count(route));
                if (watch.left == 0) {
                    return Outcome.ACCEPTED;
                }
            }
            if (watches == null) {
                watches = new SendQueue<>();
            }
            watches.append(watch, this);
            return Outcome.WAITING;
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

    /** Under the lock: a send does not wait here any more, which somebody may have watched for. */
    final void gone(SendNode<T> gone, SendQueue<T> told) {
        SendQueue<T> watching = watches;
        if (watching == null || gone.route == null || gone instanceof Watch) {
            return;
        }
        SendNode<T> node = watching.first();
        while (node != null) {
            SendNode<T> following = node.next;
            if (node.route == gone.route && --((Watch<T>) node).left == 0) {
                watching.release(node, told);
            }
            node = following;
        }
    }

    final SendQueue<T> queueFor(SendNode<T> node) {
        if (node instanceof Watch && watches != null) {
            return watches;
        }
        if (!isForeign(node.route)) {
            return waiting;
        }
        SendQueue<T> queue = held;
        if (queue == null) {
            queue = new SendQueue<>();
            held = queue;
        }
        return queue;
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
            if (isClosed() || owner != null) {
                return 0;
            }
            shut();
            owner = route;
            SendQueue<T> everybody = waiting.detach(null);
            for (SendNode<T> node = everybody.first(); node != null; node = everybody.first()) {
                everybody.passFirst(queueFor(node), this);
            }
            queueChanged();
            reopen();
            return ++reservations;
        } finally {
            unlock();
        }
    }

    /** Gives the gate back to everybody; sends that waited meanwhile are admitted in order. */
    public final void free(Route<T> route) {
        List<Runnable> after = new ArrayList<>(1);
        free(route, after);
        after.forEach(Runnable::run);
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
            if (owner != route) {
                return;
            }
            owner = null;
            if (held != null) {
                waiting.appendAll(held, this);
                held = null;
            }
            admit(told);
        } finally {
            unlock();
        }
        after.add(() -> tell(told));
    }

    /**
     * One route leaves one gate for another.
     *
     * @param route who moves
     * @param from where it must lead at that moment
     * @param to where it leads afterwards
     * @param withWaiting whether its waiting sends move too, or stay and finish where they are
     */
    public record Move<T>(Route<T> route, Gate<T> from, Gate<T> to, boolean withWaiting) {}

    /**
     * Moves routes in one step: for all senders there is a single moment before which their elements go to the old gate
     * and after which they go to the new one. Waiting sends move in order, ahead of later ones.
     *
     * @return {@link Outcome#ACCEPTED} when done; {@link Outcome#MOVED} when a route does not lead where it was said to,
     *     {@link Outcome#CLOSED} when a target is closed, and then nothing has changed
     */
    public static <T> Outcome move(Collection<Move<T>> moves) {
        List<Runnable> after = new ArrayList<>();
        Outcome outcome = move(moves, false, after);
        after.forEach(Runnable::run);
        return outcome;
    }

    /**
     * As {@link #move(Collection)}, for a caller who holds a lock of its own.
     *
     * @param evenToClosed whether a route may also be led to a gate that is closed: its waiting sends are then refused
     *     there, as all later ones are
     * @param after gets what is to be run once no lock is held: it tells those whose sends were committed or refused
     */
    public static <T> Outcome move(Collection<Move<T>> moves, boolean evenToClosed, Collection<Runnable> after) {
        List<Gate<T>> gates = new ArrayList<>();
        for (Move<T> move : moves) {
            gates.add(move.from);
            gates.add(move.to);
        }
        gates.sort(Comparator.comparingLong(gate -> gate.order));
        List<Gate<T>> locked = new ArrayList<>(gates.size());
        try {
            for (Gate<T> gate : gates) {
                if (locked.isEmpty() || locked.get(locked.size() - 1) != gate) {
                    gate.lock();
                    locked.add(gate);
                }
            }
            for (Move<T> move : moves) {
                if (move.route.gate() != move.from) {
                    return Outcome.MOVED;
                }
                if (!evenToClosed && move.to.isClosed()) {
                    return Outcome.CLOSED;
                }
            }
            moveLocked(moves, locked, after);
        } finally {
            for (int i = locked.size() - 1; i >= 0; i--) {
                locked.get(i).unlock();
            }
        }
        return Outcome.ACCEPTED;
    }

    private static <T> void moveLocked(Collection<Move<T>> moves, List<Gate<T>> locked, Collection<Runnable> after) {
        locked.forEach(Gate::shut);
        List<SendQueue<T>> moving = new ArrayList<>(moves.size());
        for (Move<T> move : moves) {
            moving.add(move.withWaiting ? move.from.detach(move.route) : new SendQueue<>());
        }
        int i = 0;
        for (Move<T> move : moves) {
            SendQueue<T> nodes = moving.get(i++);
            for (SendNode<T> node = nodes.first(); node != null; node = nodes.first()) {
                nodes.passFirst(move.to.queueFor(node), move.to);
            }
            move.route.lead(move.to);
        }
        for (Gate<T> gate : locked) {
            gate.queueChanged();
            gate.reopen();
            SendQueue<T> told = new SendQueue<>();
            if (gate.isClosed()) {
                gate.releaseAll(told);
                after.add(() -> told.refuse(gate::refusal));
            } else {
                gate.admit(told);
                after.add(() -> gate.tell(told));
            }
        }
    }

    private SendQueue<T> detach(Route<T> route) {
        SendQueue<T> nodes = waiting.detach(route);
        if (held != null && isForeign(route)) {
            nodes.appendAll(held.detach(route), this);
        }
        return nodes;
    }

    /** How many sends of a route wait here. */
    public final int waitingOf(Route<T> route) {
        lock();
        try {
            return waiting.count(route) + (held == null ? 0 : held.count(route));
        } finally {
            unlock();
        }
    }

    /** The tail word. */
    protected final long tail() {
        return tail;
    }

    /** The ticket of a tail word: the offset of the next element. */
    protected static long ticket(long word) {
        return word >>> SEQUENCE_BITS;
    }

    /** Whether a tail word says that the gate is shut. */
    protected static boolean isShut(long word) {
        return (word & 1) != 0;
    }

    /** Commits one element: takes the ticket of a tail word, provided that nothing has changed since it was read. */
    protected final boolean commit(long word) {
        return TAIL.compareAndSet(this, word, (ticket(word) + 1) << SEQUENCE_BITS);
    }

    /** Under the lock: from now on no commit succeeds, and every one in flight looks again. */
    protected final void shut() {
        TAIL.getAndAdd(this, 1L);
    }

    /** Under the lock: commits succeed again. */
    protected final void reopen() {
        long word = tail;
        if ((word & SEQUENCE_MASK) == SEQUENCE_MASK) {
            skip(ticket(word));
        }
        tail = word + 1;
    }

    /** Takes the lock: spins, then yields; the holder never runs user code. */
    protected final void lock() {
        if (!LOCK.compareAndSet(this, 0, 1)) {
            lockContended();
        }
    }

    private void lockContended() {
        int turns = 0;
        do {
            turns = Backoff.pause(turns);
        } while ((int) LOCK.getVolatile(this) != 0 || !LOCK.compareAndSet(this, 0, 1));
    }

    /** Lets the lock go. */
    protected final void unlock() {
        LOCK.setRelease(this, 0);
    }
}
