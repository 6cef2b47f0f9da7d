package dev.sluice.rsocket.session;

import dev.sluice.rsocket.wire.Code;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * A stream the other side sends: demand becomes GRANTs, records become signals.
 *
 * <p>{@code demand} is what the subscriber asked for and has not got; {@code outstanding} what was granted and has not come. While demand is
 * within the window, outstanding follows it exactly. Beyond, outstanding is filled up to the window whenever it has fallen to half.
 *
 * <p>Signals are passed on the event loop only, so they are serial; the subscriber may request and cancel on any thread. {@code early} holds
 * items that came before anybody subscribed, as many as were granted in advance.
 *
 * @param <T> the items
 */
abstract class InStream<T> extends Stream implements Subscription {

    private static final AtomicLongFieldUpdater<InStream<?>> DEMAND = demandUpdater();
    private static final AtomicIntegerFieldUpdater<InStream<?>> ONCE = onceUpdater();

    private volatile long demand;
    private volatile int once;
    private volatile boolean cancelled;
    private volatile boolean badRequest;
    private volatile @Nullable CoreSubscriber<? super T> actual;

    private long outstanding;
    private @Nullable Queue<T> early;

    /** The other side has been told, or will be by a grant, that somebody has subscribed. */
    private boolean announced;

    /** The other side has ended it; what is early is still to be passed on. */
    private boolean ended;

    private @Nullable Throwable failure;

    /** Nothing is passed on any more. */
    private boolean finished;

    /** CANCEL has been written. */
    private boolean left;

    InStream(Session session, long id, int depth, long granted) {
        super(session, id, depth);
        this.outstanding = granted;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an updater does not know type parameters
    private static AtomicLongFieldUpdater<InStream<?>> demandUpdater() {
        return (AtomicLongFieldUpdater) AtomicLongFieldUpdater.newUpdater(InStream.class, "demand");
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an updater does not know type parameters
    private static AtomicIntegerFieldUpdater<InStream<?>> onceUpdater() {
        return (AtomicIntegerFieldUpdater) AtomicIntegerFieldUpdater.newUpdater(InStream.class, "once");
    }

    /** What a subscriber of this stream subscribes to. */
    final Flux<T> flux() {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super T> subscriber) {
                InStream.this.subscribe(subscriber);
            }
        };
    }

    private void subscribe(CoreSubscriber<? super T> subscriber) {
        if (!ONCE.compareAndSet(this, 0, 1)) {
            Operators.error(
                    subscriber,
                    new IllegalStateException(
                            "a remote source can be subscribed to once: share() it, or ask for it again"));
            return;
        }
        try {
            subscriber.onSubscribe(this);
        } catch (Throwable thrown) {
            cancel();
            throw thrown;
        }
        // Only now: the event loop must not pass on an item while onSubscribe runs.
        actual = subscriber;
        session.touch(this);
    }

    /** Gives the stream up when nobody has subscribed. */
    final void discard() {
        if (ONCE.compareAndSet(this, 0, 1)) {
            cancel();
        }
    }

    final boolean isTaken() {
        return once != 0;
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            badRequest = true;
        } else {
            Operators.addCap(DEMAND, this, n);
        }
        session.touch(this);
    }

    @Override
    public void cancel() {
        cancelled = true;
        session.touch(this);
    }

    /** An item has come. Whether it was allowed to, {@link #takeGranted} has said. */
    final void pass(T item) {
        if (cancelled || finished) {
            drop(item);
            return;
        }
        CoreSubscriber<? super T> subscriber = actual;
        if (subscriber == null || demand == 0 || (early != null && !early.isEmpty())) {
            if (early == null) {
                early = new ArrayDeque<>(2);
            }
            early.add(item);
            return;
        }
        next(subscriber, item);
        grant();
    }

    /** Takes one of the granted items, or says that there is none left. */
    final boolean takeGranted() {
        if (outstanding == 0) {
            return false;
        }
        outstanding--;
        return true;
    }

    private void next(CoreSubscriber<? super T> subscriber, T item) {
        // Before the item is passed on, so that a grant from within counts right; no other thread lowers demand.
        if (demand != Long.MAX_VALUE) {
            DEMAND.decrementAndGet(this);
        }
        try {
            subscriber.onNext(item);
        } catch (Throwable thrown) {
            Exceptions.throwIfJvmFatal(thrown);
            cancelled = true;
            session.touch(this);
            Operators.onErrorDropped(thrown, subscriber.currentContext());
        }
        taken(item);
    }

    @Override
    final void run() {
        if (finished) {
            return;
        }
        if (id == 0 && !ended && !cancelled && !badRequest) {
            return; // A call that has not been made yet: it looks again when it is.
        }
        prepare();
        if (cancelled) {
            leave();
            return;
        }
        CoreSubscriber<? super T> subscriber = actual;
        if (subscriber == null) {
            return;
        }
        if (!announced) {
            announced = true;
            accepted();
            if (demand == 0 && !ended) {
                session.outbound()
                        .grant(id, 0, 0); // Nobody may take a subscriber that waits for a source nobody wants.
            }
        }
        if (badRequest) {
            leave();
            session.callOut(() -> subscriber.onError(new IllegalArgumentException(
                    "a subscriber asked for less than 1 item, which rule 3.9 of Reactive Streams forbids")));
            return;
        }
        while (early != null && demand > 0 && !early.isEmpty() && !cancelled) {
            next(subscriber, Objects.requireNonNull(early.poll()));
        }
        if (cancelled) {
            leave();
        } else if (ended && (early == null || early.isEmpty())) {
            finish(subscriber);
        } else {
            grant();
        }
    }

    private void grant() {
        if (ended || finished || cancelled) {
            return;
        }
        long wanted = demand;
        long coming = outstanding + (early == null ? 0 : early.size());
        int window = session.options().windowItems();
        long missing = 0;
        if (wanted <= window) {
            missing = wanted - coming;
        } else if (coming <= window >> 1) {
            missing = window - coming;
        }
        long bytes = bytesToGrant();
        if (missing > 0 || bytes > 0) {
            outstanding += Math.max(0, missing);
            session.outbound().grant(id, Math.max(0, missing), bytes);
        }
    }

    private void leave() {
        finished = true;
        if (!ended) {
            if (id == 0) {
                session.outbound().callGivenUp();
            } else {
                left = true;
                prepare(); // What was passed on in this very turn has been acknowledged before the cancel.
                session.outbound().cancel(id);
            }
            gone();
        }
        dropEarly();
        actual = null;
        accepted();
    }

    private void dropEarly() {
        Queue<T> items = early;
        early = null;
        if (items != null) {
            items.forEach(this::drop);
        }
    }

    private void finish(CoreSubscriber<? super T> subscriber) {
        finished = true;
        Throwable error = failure;
        actual = null;
        accepted();
        session.callOut(() -> {
            if (error == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(error);
            }
        });
    }

    @Override
    void onEnd() {
        end(null);
    }

    @Override
    void onFail(Code code, String text) {
        end(Failures.exception(code, text));
    }

    @Override
    void disconnected(Throwable cause) {
        end(cause);
    }

    private void end(@Nullable Throwable error) {
        if (ended || finished) {
            return;
        }
        ended = true;
        failure = error;
        gone();
        run();
    }

    /** Bytes to be granted along with items. */
    abstract long bytesToGrant();

    /** The subscriber has got an item. */
    abstract void taken(T item);

    /** Nobody will get an item. */
    abstract void drop(T item);

    /** Before anything else is done on the event loop. */
    abstract void prepare();

    /** Somebody has subscribed, or nobody will; may be told more than once. */
    abstract void accepted();

    /** Nothing more is to be said of it on the wire. */
    abstract void gone();

    /** Whether nobody waits for its items any more. */
    final boolean isOver() {
        return cancelled || finished;
    }

    /** Whether the other side has been told that it is cancelled. */
    final boolean isLeft() {
        return left;
    }

    final boolean isEnded() {
        return ended;
    }
}
