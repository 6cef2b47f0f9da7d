package dev.sluice.switching;

import dev.sluice.channel.spi.Thrown;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * A subscriber of a {@link SwitchableSource}, through its {@link Inlet} subscribed to the upstream of the moment.
 *
 * <p><b>Invariants.</b> {@link #turns} counts the reasons to look. Who raises it from 0 has the turn: it alone touches
 * fields that are not volatile and signals downstream, until it is 0 again. The upstream is asked for more, and those who
 * wait for a switch are told, after that; so what an upstream gives at once is passed on directly. What comes while
 * somebody else has the turn is {@link #kept}: from a publisher that honours its demand at most {@value
 * SwitchableSource#BATCH} elements.
 *
 * <table>
 * <caption>States</caption>
 * <tr><th>state</th><th>means</th><th>left by</th></tr>
 * <tr><td>following</td><td>{@link #inlet} is subscribed to the upstream of course {@link #number}</td><td>the course
 *     has changed: leaving</td></tr>
 * <tr><td>leaving</td><td>the inlet was cancelled, and its last element may be on its way</td><td>it is {@link #quiet}:
 *     away</td></tr>
 * <tr><td>away</td><td>no inlet</td><td>the course has changed, and is not held: following</td></tr>
 * <tr><td>{@link #over}</td><td>terminated or cancelled</td><td>never</td></tr>
 * </table>
 */
final class Follower<T> implements Subscription, Scannable {
    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<Follower> TURNS =
            AtomicIntegerFieldUpdater.newUpdater(Follower.class, "turns");

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<Follower> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(Follower.class, "requested");

    private final FollowingSource<T> source;
    final CoreSubscriber<? super T> actual;
    private final Queue<T> kept = Queues.<T>unboundedMultiproducer().get();
    private final Queue<Arrival> arrivals = new ConcurrentLinkedQueue<>();

    /** Begins at 1, so that there is no signal before {@code onSubscribe} has returned. */
    private volatile int turns = 1;

    private volatile long requested;
    private volatile boolean cancelled;
    private volatile boolean quiet;
    private volatile boolean over;
    private volatile @Nullable Throwable violation;
    private volatile @Nullable Asking<T> asking;

    /** Written by who has the turn. */
    private volatile @Nullable Inlet<T> inlet;

    private boolean leaving;
    private long number;

    /** The same as {@link #number}, for who has not the turn. */
    private volatile long reached;

    /** Somebody waits for this follower to have left all courses before one. */
    private record Arrival(long number, Runnable arrived) {}

    Follower(FollowingSource<T> source, CoreSubscriber<? super T> actual) {
        this.source = source;
        this.actual = actual;
    }

    /** {@code onSubscribe} has returned, or thrown. */
    void start() {
        look(null, 0);
    }

    /** The course has changed. */
    void change(long to, Runnable arrived) {
        arrivals.add(new Arrival(to, arrived));
        trigger();
    }

    /** There is something to look at. */
    void trigger() {
        if (TURNS.getAndIncrement(this) == 0) {
            look(null, 0);
        }
    }

    /** The inlet that was left is quiet. */
    void left() {
        quiet = true;
        trigger();
    }

    /** Has the turn, and looks until there is nothing new. */
    private void look(@Nullable Inlet<T> asking, long share) {
        Inlet<T> asked = asking;
        long ask = share;
        int missed = turns;
        Thrown thrown = null;
        do {
            try {
                step();
            } catch (Throwable e) {
                thrown = giveUp(e, thrown);
            }
            Inlet<T> now = inlet;
            if (now != asked) {
                asked = now;
                ask = 0;
            }
            if (now != null) {
                ask += now.share(wanted());
            }
            missed = TURNS.addAndGet(this, -missed);
        } while (missed != 0);
        tellArrivals();
        if (asked != null && ask > 0) {
            ask(asked, ask);
        }
        Thrown.rethrow(thrown);
    }

    /**
     * Asks an upstream, which may give at once what it is asked for. When that leads here again the innermost call leaves
     * it to the outermost, so that the stack stays flat; another thread never waits for that.
     */
    private void ask(Inlet<T> inlet, long share) {
        Thread thread = Thread.currentThread();
        Asking<T> now = asking;
        if (now != null && now.thread == thread) {
            now.add(inlet, share);
            return;
        }
        now = new Asking<>(thread);
        now.add(inlet, share);
        asking = now;
        try {
            while (now.share > 0) {
                long next = now.share;
                now.share = 0;
                Objects.requireNonNull(now.inlet).ask(next);
            }
        } finally {
            if (asking == now) {
                asking = null;
            }
        }
    }

    /** What one thread is about to ask for. */
    private static final class Asking<T> {
        final Thread thread;

        @Nullable Inlet<T> inlet;

        long share;

        Asking(Thread thread) {
            this.thread = thread;
        }

        /** Whoever asks later is current; what an inlet that was left would have been asked for is not needed. */
        void add(Inlet<T> current, long more) {
            share = inlet == current ? share + more : more;
            inlet = current;
        }
    }

    private void step() {
        if (cancelled || over) {
            finish();
            return;
        }
        Throwable broken = violation;
        if (broken != null) {
            cancelled = true;
            finish();
            actual.onError(broken);
            return;
        }
        if (leaving && quiet) {
            leaving = false;
        }
        FollowingSource.Course<T> course = source.course();
        if (course.number() != number && !leaving) {
            follow(course);
        }
        passKept();
        Inlet<T> now = inlet;
        if (now != null
                && now.hasEnded()
                && kept.isEmpty()
                && number == source.course().number()) {
            end(now.failure());
        }
    }

    private void follow(FollowingSource.Course<T> course) {
        Inlet<T> old = inlet;
        if (old != null) {
            leaving = true;
            quiet = false;
            inlet = null;
            old.leave();
        } else {
            number = course.number();
            reached = number;
            if (!course.held()) {
                Inlet<T> next = new Inlet<>(this);
                inlet = next;
                try {
                    course.upstream().subscribe(next);
                } catch (Throwable thrown) {
                    Exceptions.throwIfJvmFatal(thrown);
                    next.fail(thrown);
                }
            }
        }
    }

    private void passKept() {
        long demand = requested;
        long passed = 0;
        while (passed != demand && !cancelled) {
            T next = kept.poll();
            if (next == null) {
                break;
            }
            passed++;
            actual.onNext(next);
        }
        if (passed > 0) {
            Operators.produced(REQUESTED, this, passed);
        }
    }

    /** What downstream wants and nobody has given yet. */
    private long wanted() {
        return requested == Long.MAX_VALUE || kept.isEmpty() ? requested : Math.max(0, requested - kept.size());
    }

    /** An element has come through an inlet, perhaps one that was left. */
    void receive(Inlet<T> from, T element) {
        if (turns != 0 || !TURNS.compareAndSet(this, 0, 1)) {
            kept.add(element);
            from.came();
            trigger();
            return;
        }
        from.came();
        Thrown thrown = null;
        if (over && !cancelled) {
            Operators.onNextDropped(element, actual.currentContext());
        } else if (requested == 0 || !kept.isEmpty()) {
            kept.add(element);
        } else {
            try {
                actual.onNext(element);
                Operators.produced(REQUESTED, this, 1);
            } catch (Throwable e) {
                thrown = giveUp(e, null);
            }
        }
        boolean current = from == inlet;
        long ask = current ? from.share(wanted()) : 0;
        if (current && TURNS.compareAndSet(this, 1, 0)) {
            if (ask > 0) {
                ask(from, ask);
            }
        } else {
            look(current ? from : null, ask);
        }
        Thrown.rethrow(thrown);
    }

    /** Rule 2.13: who throws is treated as if it had cancelled. The turn is given back before anything is rethrown. */
    private @Nullable Thrown giveUp(Throwable thrown, @Nullable Thrown before) {
        cancel();
        return Thrown.by(thrown, actual.currentContext(), before);
    }

    private void end(@Nullable Throwable failure) {
        if (failure == null && source.end == UpstreamEnd.WAIT) {
            return;
        }
        over = true;
        inlet = null;
        source.leave(this);
        if (failure == null) {
            actual.onComplete();
        } else {
            actual.onError(failure);
        }
    }

    private void finish() {
        over = true;
        source.leave(this);
        Inlet<T> now = inlet;
        if (now != null) {
            inlet = null;
            now.cancel();
        }
        Operators.onDiscardQueueWithClear(kept, actual.currentContext(), null);
    }

    /** Without the turn, for user code may run. Who puts an arrival back looks again whether it is due by now. */
    private void tellArrivals() {
        boolean again = !arrivals.isEmpty();
        while (again) {
            List<Arrival> early = new ArrayList<>();
            for (Arrival next = arrivals.poll(); next != null; next = arrivals.poll()) {
                if (isDue(next)) {
                    next.arrived().run();
                } else {
                    early.add(next);
                }
            }
            arrivals.addAll(early);
            again = early.stream().anyMatch(this::isDue);
        }
    }

    private boolean isDue(Arrival arrival) {
        return over || reached >= arrival.number();
    }

    @Override
    public void request(long n) {
        if (n > 0) {
            Operators.addCap(REQUESTED, this, n);
        } else {
            violation = new IllegalArgumentException(
                    "a subscriber must request 1 or more elements (Reactive Streams rule 3.9), requested " + n);
        }
        trigger();
    }

    /** The upstream hears of it at once, not when the turn comes: what it was not passed yet others can have now. */
    @Override
    public void cancel() {
        cancelled = true;
        Inlet<T> now = inlet;
        if (now != null) {
            now.cancel();
        }
        trigger();
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.NAME) {
            return source.name();
        }
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return requested;
        }
        if (key == Attr.BUFFERED) {
            return kept.size();
        }
        if (key == Attr.CANCELLED) {
            return cancelled;
        }
        return key == Attr.TERMINATED ? over && !cancelled : null;
    }
}
