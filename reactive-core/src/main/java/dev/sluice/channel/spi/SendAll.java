package dev.sluice.channel.spi;

import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Fuseable;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Moves the elements of a publisher into a gate: offers each one, waits when there is no room, and asks the publisher
 * for no more than there is room for.
 *
 * <p><b>Invariants.</b> {@link #wip} is 0 while nothing is kept here: then {@code onNext} offers directly, and nobody
 * else touches the unguarded fields. Otherwise one thread owns the drain, or the node waits in the gate's queue and
 * whoever takes it out owns the drain next. {@link #kept} has at most what was asked for: {@value #MOST_ASKED} elements.
 *
 * @param <T> the element
 */
final class SendAll<T> extends SendNode<T> implements CoreSubscriber<T>, Subscription, Scannable {
    /** The most elements asked for at once. */
    static final int MOST_ASKED = 128;

    /** The most elements sent ahead of the others when it is its turn after a wait for room. */
    private static final int TURN = 16;

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<SendAll> WIP =
            AtomicIntegerFieldUpdater.newUpdater(SendAll.class, "wip");

    private final CoreSubscriber<? super Long> actual;
    private final Gate<T> fixed;
    private final Result result;

    private @Nullable Subscription upstream;
    private Fuseable.@Nullable QueueSubscription<T> fused;
    private @Nullable Queue<T> kept;
    private int asked;
    private int toAsk;
    private int burst;
    private long sent;
    private int missed;
    private boolean wantsRoom;
    private int turn;
    private @Nullable T inHand;

    private volatile boolean done;
    private volatile boolean cancelled;

    /** Terminated by an error of ours, while the publisher may still emit. */
    private volatile boolean failed;

    private boolean terminated;
    private @Nullable Throwable error;

    private volatile int wip;

    SendAll(CoreSubscriber<? super Long> actual, Gate<T> gate, @Nullable Route<T> route) {
        super(route);
        this.actual = actual;
        this.fixed = gate;
        this.result = new Result(actual, this);
    }

    @Override
    protected Context context() {
        return actual.currentContext();
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (!Operators.validate(upstream, s)) {
            return;
        }
        upstream = s;
        if (s instanceof Fuseable.QueueSubscription<?> queue
                && queue.requestFusion(Fuseable.SYNC | Fuseable.THREAD_BARRIER) == Fuseable.SYNC) {
            @SuppressWarnings("unchecked")
            Fuseable.QueueSubscription<T> typed = (Fuseable.QueueSubscription<T>) queue;
            fused = typed;
            done = true;
        }
        actual.onSubscribe(result);
        trigger();
    }

    @Override
    public void onNext(T element) {
        if (cancelled || failed) {
            Operators.onDiscard(element, currentContext());
            return;
        }
        if (done) {
            Operators.onNextDropped(element, currentContext());
            return;
        }
        Objects.requireNonNull(element, "a publisher must not emit null");
        if (wip == 0 && asked > 0) {
            offerDirectly(element);
        } else {
            keep(element);
        }
    }

    private void offerDirectly(T element) {
        Gate<T> at = gateNow();
        Outcome outcome;
        try {
            outcome = at.offer(element, route, turn > 0);
        } catch (RuntimeException e) {
            refuseElement(element, e);
            return;
        }
        if (outcome == Outcome.ACCEPTED) {
            first = false;
            turn = Math.max(0, turn - 1);
            sent++;
            asked--;
            at.committed(++burst);
            if (asked == 0) {
                askMore(at);
            }
            return;
        }
        keep(element);
    }

    /** The element cannot be sent at all: the publisher is at fault. */
    private void refuseElement(T element, RuntimeException e) {
        cancelUpstream();
        onError(Operators.onOperatorError(null, e, element, currentContext()));
        failed = true;
        Operators.onDiscard(element, currentContext());
    }

    /** In direct mode: asks again at once when there is room, else waits for some. */
    private void askMore(Gate<T> at) {
        long room = at.room(route, turn > 0);
        if (room == 0) {
            trigger();
        } else {
            int share = share(room);
            asked = share;
            burst = 0;
            Objects.requireNonNull(upstream).request(share);
        }
    }

    private void keep(T element) {
        Queue<T> queue = kept;
        if (queue == null) {
            queue = Queues.<T>get(MOST_ASKED).get();
            kept = queue;
        }
        if (!queue.offer(element)) {
            Operators.onDiscard(element, currentContext());
            onError(Exceptions.failWithOverflow(
                    "The publisher emitted more than the " + MOST_ASKED + " elements it was asked for"));
            cancelUpstream();
            return;
        }
        trigger();
    }

    @Override
    public void onError(Throwable cause) {
        Objects.requireNonNull(cause, "a publisher must not fail with null");
        if (done) {
            Operators.onErrorDropped(cause, currentContext());
            return;
        }
        error = cause;
        end();
    }

    @Override
    public void onComplete() {
        if (!done) {
            end();
        }
    }

    /** The publisher has ended: nobody needs to wait for room any more. */
    private void end() {
        done = true;
        if (withdrawRequest()) {
            drain();
        } else {
            trigger();
        }
    }

    @Override
    protected void accepted() {
        if (wantsRoom) {
            wantsRoom = false;
            turn = TURN;
            first = true;
        } else {
            settle();
        }
        drain();
    }

    @Override
    protected void refused(Throwable cause) {
        fail(cause);
        drain();
    }

    /** Takes part in the drain: runs it, or lets its owner know that there is something new. */
    private void trigger() {
        if (WIP.getAndIncrement(this) == 0) {
            missed = 1;
            drain();
        }
    }

    /**
     * Runs until there is nothing to do, or until the node waits; whoever calls owns the drain. The publisher is asked
     * after the drain is let go, so that what it emits at once is offered directly.
     */
    private void drain() {
        if (fused == null) {
            burst = 0;
        }
        int ask = 0;
        while (step()) {
            ask += toAsk;
            toAsk = 0;
            int left = WIP.addAndGet(this, -missed);
            if (left == 0) {
                break;
            }
            missed = left;
        }
        if (ask > 0) {
            Objects.requireNonNull(upstream).request(ask);
        }
    }

    /** Does what can be done now; false when the node waits, so that the drain is not ours any more. */
    private boolean step() {
        for (; ; ) {
            if (cancelled || terminated) {
                discardKept();
                return true;
            }
            boolean ended = done;
            T next = inHand;
            if (next == null) {
                next = fused == null ? pollKept() : null;
            }
            if (next == null && ended && fused == null) {
                finish();
                return true;
            }
            if (next == null && fused == null && asked > 0) {
                return true;
            }
            Gate<T> at = gateNow();
            if (next == null) {
                long room = at.room(route, turn > 0);
                if (room == 0 && fused != null && fused.isEmpty()) {
                    finish();
                    continue;
                }
                if (room == 0) {
                    if (!waitForRoom(at)) {
                        return false;
                    }
                    continue;
                }
                if (fused == null) {
                    toAsk = share(room);
                    asked += toAsk;
                    return true;
                }
                next = pump(at, room);
                if (next == null) {
                    continue;
                }
            }
            if (!offer(next, at)) {
                return false;
            }
        }
    }

    /** Offers the element in hand; false when it waits. */
    private boolean offer(T next, Gate<T> at) {
        inHand = next;
        Outcome outcome;
        try {
            outcome = at.offer(next, route, turn > 0);
        } catch (RuntimeException e) {
            fail(Operators.onOperatorError(null, e, next, currentContext()));
            return true;
        }
        if (outcome == Outcome.FULL) {
            element = next;
            wantsRoom = false;
            outcome = at.park(this);
            if (outcome == Outcome.WAITING) {
                return cancelled && withdraw();
            }
        }
        if (outcome == Outcome.ACCEPTED) {
            settle();
            at.committed(++burst);
        } else if (outcome == Outcome.CLOSED) {
            fail(at.refusal());
        }
        return true;
    }

    /** Waits for room to ask for; false when the node waits. */
    private boolean waitForRoom(Gate<T> at) {
        element = null;
        wantsRoom = true;
        Outcome outcome = at.park(this);
        if (outcome == Outcome.WAITING) {
            return (cancelled || (done && fused == null)) && withdrawRequest();
        }
        wantsRoom = false;
        turn = outcome == Outcome.ACCEPTED ? TURN : 0;
        if (outcome == Outcome.CLOSED) {
            fail(at.refusal());
        }
        return true;
    }

    private void settle() {
        first = false;
        turn = Math.max(0, turn - 1);
        inHand = null;
        element = null;
        sent++;
        if (fused == null) {
            asked--;
        }
    }

    private @Nullable T pollKept() {
        Queue<T> queue = kept;
        return queue == null ? null : queue.poll();
    }

    /** Sends from a fused publisher while there is room; returns the element that found none. */
    private @Nullable T pump(Gate<T> at, long room) {
        Fuseable.QueueSubscription<T> source = Objects.requireNonNull(fused);
        for (long left = room; left > 0 && !cancelled; left--) {
            T next = null;
            try {
                next = source.poll();
                if (next == null) {
                    finish();
                    return null;
                }
                if (at.offer(next, route, turn > 0) != Outcome.ACCEPTED) {
                    return next;
                }
            } catch (Throwable e) {
                inHand = next;
                fail(Operators.onOperatorError(upstream, e, currentContext()));
                return null;
            }
            sent++;
            if (turn > 0) {
                turn--;
            }
            at.committed(++burst);
        }
        first = false;
        return null;
    }

    private int share(long room) {
        return (int) Math.min(turn > 0 ? turn : MOST_ASKED, room);
    }

    private void finish() {
        if (!terminated) {
            terminated = true;
            Throwable cause = error;
            if (cause == null) {
                result.complete(sent);
            } else {
                actual.onError(cause);
            }
        }
    }

    private void fail(Throwable cause) {
        failed = true;
        if (!terminated) {
            terminated = true;
            cancelUpstream();
            actual.onError(cause);
        } else {
            Operators.onErrorDropped(cause, currentContext());
        }
        discardKept();
    }

    private void cancelUpstream() {
        Subscription s = upstream;
        if (s != null) {
            s.cancel();
        }
    }

    private void discardKept() {
        T last = inHand;
        if (last != null) {
            inHand = null;
            Operators.onDiscard(last, currentContext());
        }
        Operators.onDiscardQueueWithClear(kept, currentContext(), null);
    }

    private Gate<T> gateNow() {
        return route == null ? fixed : route.gate();
    }

    @Override
    public void request(long n) {
        result.request(n);
    }

    @Override
    public void cancel() {
        if (cancelled) {
            return;
        }
        cancelled = true;
        cancelUpstream();
        if (withdraw()) {
            drain();
        } else {
            trigger();
        }
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.PARENT) {
            return upstream;
        }
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.TERMINATED) {
            return done;
        }
        if (key == Attr.CANCELLED) {
            return cancelled;
        }
        if (key == Attr.ERROR) {
            return error;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }

    /** Delivers the count against downstream demand. */
    private static final class Result extends Operators.MonoSubscriber<Object, Long> {
        private final SendAll<?> owner;

        Result(CoreSubscriber<? super Long> actual, SendAll<?> owner) {
            super(actual);
            this.owner = owner;
        }

        @Override
        public void cancel() {
            super.cancel();
            owner.cancel();
        }
    }
}
