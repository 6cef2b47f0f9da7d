package dev.sluice.pipes;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;

/**
 * Deliveries of several instances as one stream, by demand.
 *
 * <p>Demand cannot be taken back from an instance that has nothing, nor be left with it while another has something. So each inlet is asked for its
 * share of what the subscriber wants, for one at least, and for more when half of that has come; of one inlet that is exactly what the subscriber
 * wants. What arrives beyond the demand waits here, and goes back to its instance, for another member, when the subscriber has asked for nothing
 * for {@link #HELD_NANOS}; what was asked of that instance before follows it back, so that order holds.
 *
 * <p>{@code work} is 0 when nobody drains; whoever brings it to 1 drains until it is 0 again. What the drain alone touches is marked so.
 */
final class Inflow implements Subscription {

    /** How long what has arrived waits for a subscriber that asks for nothing. */
    static final long HELD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final CoreSubscriber<? super Delivery<Frame>> actual;
    private final Scheduler clock;
    private final Runnable whenOver;
    private final List<Inlet> inlets = new CopyOnWriteArrayList<>();
    private final Queue<Arrival> arrived =
            Queues.<Arrival>unboundedMultiproducer().get();
    private final AtomicInteger work = new AtomicInteger();
    private final AtomicLong requested = new AtomicLong();
    private final Disposable.Swap holding = Disposables.swap();
    private volatile boolean cancelled;
    private volatile boolean overdue;
    private volatile @Nullable Throwable failure;
    private volatile boolean completed;

    /** In the drain. */
    private boolean over;

    /** In the drain: the timer runs. */
    private boolean held;

    /** In the drain: since when what has arrived waits for somebody to ask. */
    private long heldSince;

    /**
     * Deliveries for a subscriber.
     *
     * @param whenOver called once, when it is cancelled, is completed or has failed
     */
    Inflow(CoreSubscriber<? super Delivery<Frame>> actual, Scheduler clock, Runnable whenOver) {
        this.actual = actual;
        this.clock = clock;
        this.whenOver = whenOver;
    }

    private record Arrival(Inlet inlet, Delivery<Frame> delivery) {

        /** From then on all that was asked of the inlet goes back: what is on its way comes after this one. */
        void giveBack() {
            inlet.returning = true;
            inlet.came();
            delivery.nack();
        }
    }

    /** Adds one that brings deliveries. */
    void add(Inlet inlet) {
        inlet.into = this;
        inlets.add(inlet);
        drain();
    }

    /** It brings nothing more; what has arrived of it and was not passed on is not passed on. */
    void remove(Inlet inlet) {
        inlet.removed = true;
        inlets.remove(inlet);
        drain();
    }

    void fail(Throwable why) {
        failure = why;
        drain();
    }

    /** What has arrived and was not passed on is not passed on. */
    void complete() {
        completed = true;
        drain();
    }

    private void arrived(Inlet inlet, Delivery<Frame> delivery) {
        if (work.get() == 0 && work.compareAndSet(0, 1)) {
            if (!over && requested.get() > 0 && arrived.isEmpty() && inlet.isStraight()) {
                pass(inlet, delivery);
                // Who asked without limit was passed on without limit: there is nothing more to do.
                if (cancelled || requested.get() != Long.MAX_VALUE || !work.compareAndSet(1, 0)) {
                    loop(1);
                }
                return;
            }
            arrived.add(new Arrival(inlet, delivery));
            loop(1);
        } else {
            arrived.add(new Arrival(inlet, delivery));
            drain();
        }
    }

    private void pass(Inlet inlet, Delivery<Frame> delivery) {
        inlet.came();
        if (requested.get() != Long.MAX_VALUE) {
            requested.decrementAndGet();
        }
        try {
            actual.onNext(delivery);
        } catch (Throwable thrown) {
            Exceptions.throwIfJvmFatal(thrown);
            // Against the rules; it counts as a cancel, and nobody waits for it.
            cancelled = true;
            Operators.onErrorDropped(thrown, actual.currentContext());
        }
    }

    private void drain() {
        if (work.getAndIncrement() == 0) {
            loop(1);
        }
    }

    private void loop(int begun) {
        int seen = begun;
        do {
            if (!over) {
                serve();
            }
            if (over) {
                giveBack();
            }
            seen = work.addAndGet(-seen);
        } while (seen != 0);
    }

    private void serve() {
        Throwable why = failure;
        if (cancelled || completed || why != null) {
            over = true;
            holding.dispose();
            whenOver.run();
            if (!cancelled) {
                end(why);
            }
            return;
        }
        Arrival next = arrived.peek();
        boolean passed = false;
        while (next != null && !cancelled) {
            if (!next.inlet.isStraight()) {
                arrived.poll();
                next.giveBack();
            } else if (requested.get() > 0) {
                arrived.poll();
                passed = true;
                pass(next.inlet, next.delivery);
            } else {
                break;
            }
            next = arrived.peek();
        }
        ask();
        hold(passed);
    }

    private void end(@Nullable Throwable why) {
        try {
            if (why == null) {
                actual.onComplete();
            } else {
                actual.onError(why);
            }
        } catch (Throwable thrown) {
            // Against the rules; whoever ends others as well goes on.
            Exceptions.throwIfJvmFatal(thrown);
            Operators.onErrorDropped(thrown, actual.currentContext());
        }
    }

    private void ask() {
        long wanted = requested.get();
        if (wanted <= 0) {
            return;
        }
        List<Inlet> all = inlets;
        long share = wanted == Long.MAX_VALUE ? wanted : Math.max(1, wanted / Math.max(1, all.size()));
        for (Inlet inlet : all) {
            inlet.ask(share);
        }
    }

    /**
     * What waits for demand waits for so long only, from when something was passed on last.
     *
     * @param passed whether that was now
     */
    private void hold(boolean passed) {
        boolean waits = requested.get() == 0 && !arrived.isEmpty();
        if (waits && (passed || !held)) {
            heldSince = clock.now(TimeUnit.NANOSECONDS);
        }
        if (overdue) {
            overdue = false;
            held = false;
        } else if (held && !waits) {
            held = false;
            holding.update(Disposables.disposed());
            return;
        } else if (held) {
            return;
        }
        if (waits) {
            // No longer than that, whatever is done to the clock meanwhile.
            long left = Math.min(HELD_NANOS, heldSince + HELD_NANOS - clock.now(TimeUnit.NANOSECONDS));
            if (left > 0) {
                held = true;
                holding.update(clock.schedule(this::overdue, left, TimeUnit.NANOSECONDS));
            } else {
                giveBack();
            }
        }
    }

    private void overdue() {
        overdue = true;
        drain();
    }

    private void giveBack() {
        for (Arrival next = arrived.poll(); next != null; next = arrived.poll()) {
            next.giveBack();
        }
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            fail(new IllegalArgumentException(
                    "a subscriber asked for less than 1 item, which rule 3.9 of Reactive Streams forbids"));
            return;
        }
        requested.accumulateAndGet(n, Operators::addCap);
        drain();
    }

    @Override
    public void cancel() {
        cancelled = true;
        drain();
    }

    /** Brings the deliveries of one instance, over one subscription after the other. */
    static final class Inlet {
        private @Nullable Inflow into;
        private volatile boolean removed;
        private volatile @Nullable Subscription source;

        /** In the drain: asked of the present source and not arrived. */
        private long outstanding;

        /** In the drain: something went back, and what was asked for before that is to follow, so that order holds. */
        private boolean returning;

        /** In the drain: of which source that is. */
        private @Nullable Subscription askedOf;

        /** The next source; the one before has ended. */
        void source(Subscription subscription) {
            source = subscription;
            flow().drain();
        }

        /** The source has ended, and another one may follow. */
        void ended() {
            source = null;
        }

        void deliver(Delivery<Frame> delivery) {
            flow().arrived(this, delivery);
        }

        private boolean isStraight() {
            return !removed && !returning;
        }

        private Inflow flow() {
            Inflow known = into;
            if (known == null) {
                throw new IllegalStateException("not added");
            }
            return known;
        }

        private void came() {
            if (outstanding != Long.MAX_VALUE && outstanding > 0) {
                outstanding--;
            }
            returning &= outstanding > 0;
        }

        private void ask(long share) {
            Subscription now = source;
            if (now == null) {
                return;
            }
            if (now != askedOf) {
                askedOf = now;
                outstanding = 0;
                returning = false;
            }
            if (outstanding == Long.MAX_VALUE || returning) {
                return;
            }
            if (share == Long.MAX_VALUE) {
                outstanding = share;
                now.request(share);
            } else if (outstanding <= share / 2) {
                long more = share - outstanding;
                outstanding = share;
                now.request(more);
            }
        }
    }
}
