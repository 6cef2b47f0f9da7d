package dev.sluice.channel.spi;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Moves the elements of a publisher into a gate: offers each one, waits when there is no room, and asks the publisher
 * for no more than there is room for.
 *
 * <p><b>Invariants.</b> {@link #wip} is 0 while nothing is kept here: then {@code onNext} offers directly, and nobody
 * else touches the unguarded fields. Otherwise one thread owns the drain, or the node waits in the gate's queue and
 * whoever takes it out owns the drain next. The {@link Intake} keeps at most what was asked for.
 *
 * @param <T> the element
 */
final class SendAll<T> extends SendNode<T> implements CoreSubscriber<T>, Scannable {
    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<SendAll> WIP =
            AtomicIntegerFieldUpdater.newUpdater(SendAll.class, "wip");

    private final CoreSubscriber<? super Long> actual;
    private final Gate<T> fixed;
    private final SendAllResult result;

    private final Intake<T> intake = new Intake<>();
    private int toAsk;
    private int burst;
    private int missed;
    private boolean wantsRoom;
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
        this.result = new SendAllResult(actual, this, route == null ? gate : null);
    }

    /** The publisher has failed to begin. */
    void leave() {
        result.leave();
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
        if (!intake.open(s)) {
            return;
        }
        done = intake.isFused();
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
        if (wip == 0 && intake.isExpecting()) {
            offerDirectly(element);
        } else {
            keep(element);
        }
    }

    private void offerDirectly(T element) {
        Gate<T> at = route == null ? fixed : route.gate();
        Outcome outcome;
        try {
            outcome = at.offer(element, route, intake.hasTurn());
        } catch (RuntimeException e) {
            refuseElement(element, e);
            return;
        }
        if (outcome != Outcome.ACCEPTED) {
            keep(element);
            return;
        }
        settle(1);
        at.committed(++burst);
        if (!intake.isExpecting()) {
            askMore(at);
        }
    }

    /** The element cannot be sent at all: the publisher is at fault. */
    private void refuseElement(T element, RuntimeException e) {
        intake.cancel();
        onError(Operators.onOperatorError(null, e, element, currentContext()));
        failed = true;
        Operators.onDiscard(element, currentContext());
    }

    /** In direct mode: asks again at once when there is room, else waits for some. */
    private void askMore(Gate<T> at) {
        long room = at.room(route, intake.hasTurn());
        if (room == 0) {
            trigger();
        } else {
            burst = 0;
            intake.request(intake.expect(room));
        }
    }

    private void keep(T element) {
        if (!intake.keep(element)) {
            Operators.onDiscard(element, currentContext());
            onError(Exceptions.failWithOverflow(
                    "The publisher emitted more than the " + Intake.MOST_ASKED + " elements it was asked for"));
            intake.cancel();
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
            intake.turn(true);
            first = true;
        } else {
            settle(1);
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
        if (!intake.isFused()) {
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
            intake.request(ask);
        }
    }

    /** Does what can be done now; false when the node waits, so that the drain is not ours any more. */
    private boolean step() {
        while (!cancelled && !terminated) {
            boolean ended = done;
            T next = inHand != null ? inHand : intake.poll();
            if (next == null && !intake.isFused() && (ended || intake.isExpecting())) {
                if (ended) {
                    finish();
                }
                return true;
            }
            Gate<T> at = route == null ? fixed : route.gate();
            if (next == null) {
                long room = at.room(route, intake.hasTurn());
                if (room == 0) {
                    if (intake.isExhausted()) {
                        finish();
                    } else if (!waitForRoom(at)) {
                        return false;
                    }
                    continue;
                }
                if (!intake.isFused()) {
                    toAsk = intake.expect(room);
                    return true;
                }
                next = pump(at, room);
            }
            if (next != null && !offer(next, at)) {
                return false;
            }
        }
        discardKept();
        result.settled(cancelled && !terminated);
        return true;
    }

    /** Offers the element in hand; false when it waits. */
    private boolean offer(T next, Gate<T> at) {
        inHand = next;
        Outcome outcome;
        try {
            outcome = at.offer(next, route, intake.hasTurn());
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
            settle(1);
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
            return (cancelled || (done && !intake.isFused())) && withdrawRequest();
        }
        wantsRoom = false;
        intake.turn(outcome == Outcome.ACCEPTED);
        if (outcome == Outcome.CLOSED) {
            fail(at.refusal());
        }
        return true;
    }

    private void settle(int count) {
        first = false;
        inHand = null;
        element = null;
        intake.settle(count);
        result.accepted(count);
    }

    /** Sends from a fused publisher while there is room; returns the element that found none. */
    private @Nullable T pump(Gate<T> at, long room) {
        int count;
        for (long left = room; left > 0 && !cancelled; left -= count) {
            T next = null;
            try {
                int ready = intake.fetch(left);
                if (ready == 0) {
                    finish();
                    return null;
                }
                count = ready == 1 ? 0 : at.offerRun(intake.run, intake.atOnce(ready), route, intake.hasTurn());
                if (count == 0) {
                    next = intake.run.take();
                    if (at.offer(next, route, intake.hasTurn()) != Outcome.ACCEPTED) {
                        return next;
                    }
                    count = 1;
                } else {
                    intake.run.gone(count);
                }
            } catch (Throwable e) {
                inHand = next;
                fail(Operators.onOperatorError(intake.upstream(), e, currentContext()));
                return null;
            }
            settle(count);
            burst += count;
            at.committed(burst);
        }
        return null;
    }

    private void finish() {
        terminated = true;
        result.end(error);
    }

    private void fail(Throwable cause) {
        failed = true;
        if (!terminated) {
            terminated = true;
            intake.cancel();
            result.end(cause);
        } else {
            Operators.onErrorDropped(cause, currentContext());
        }
        discardKept();
    }

    private void discardKept() {
        Operators.onDiscard(inHand, currentContext());
        inHand = null;
        intake.discard(currentContext());
    }

    /** The subscriber is not interested any more. */
    void cancel() {
        if (!cancelled) {
            cancelled = true;
            intake.cancel();
            if (withdraw()) {
                drain();
            } else {
                trigger();
            }
        }
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.PARENT) {
            return intake.upstream();
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
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }
}
