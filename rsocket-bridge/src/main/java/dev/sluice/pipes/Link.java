package dev.sluice.pipes;

import dev.sluice.AccessDeniedException;
import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.GroupExpiredException;
import dev.sluice.channel.Delivery;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.channel.DeliveryHistory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;

/**
 * Receives from one endpoint for one member, as long as the directory shows it, and then for as long as the connection holds.
 *
 * <p>When the connection is lost it is made again after 100 ms, twice as long each time nothing comes up to 5 s, give or take a half.
 */
final class Link {

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final long FIRST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int LONGEST_SHIFT = 6;
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** So often a connection may be lost in a row before somebody is told: a destination that starts again takes a moment. */
    private static final int TOLD_AT = 5;

    private final Connections connections;
    private final Endpoint at;
    private final Call call;
    private final DeliveryHistory history;
    private final Inflow into;
    private final Inflow.Inlet inlet = new Inflow.Inlet();
    private final Scheduler clock;
    private final Consumer<Link> whenOver;
    private final Disposable.Swap current = Disposables.swap();

    /** Once the connection was taken. Written by whoever receives next, one after the other. */
    private volatile @Nullable Flux<Delivery<Frame>> deliveries;

    // Guarded by this.
    private Connections.@Nullable Shared connection;
    private boolean wanted = true;
    private boolean over;
    private int failures;

    /** What was told since something came, so that it is told once: of lost connections, and of all else. */
    private int losses;

    private @Nullable String told;

    /**
     * A link that does not receive yet.
     *
     * @param history what it had from there before
     * @param whenOver called once, when it will not receive any more
     */
    Link(
            Connections connections,
            Endpoint at,
            Call call,
            DeliveryHistory history,
            Inflow into,
            Scheduler clock,
            Consumer<Link> whenOver) {
        this.connections = connections;
        this.at = at;
        this.call = call;
        this.history = history;
        this.into = into;
        this.clock = clock;
        this.whenOver = whenOver;
    }

    Endpoint endpoint() {
        return at;
    }

    DeliveryHistory history() {
        return history;
    }

    void begin() {
        into.add(inlet);
        receive();
    }

    private void receive() {
        Leg leg = new Leg();
        current.update(leg);
        try {
            deliveries().subscribe(leg);
        } catch (RuntimeException failure) {
            ended(failure);
        }
    }

    private Flux<Delivery<Frame>> deliveries() {
        Flux<Delivery<Frame>> known = deliveries;
        if (known == null) {
            Connections.Shared taken = connections.take(at);
            known = taken.deliveries.receive(call, history);
            deliveries = known;
            boolean late;
            synchronized (this) {
                late = over;
                connection = late ? null : taken;
            }
            if (late) {
                connections.give(taken);
            }
        }
        return known;
    }

    /** The directory shows it; false when it has ended already, so that another one is needed. */
    synchronized boolean wanted() {
        wanted = !over;
        return !over;
    }

    /** The directory does not show it any more: it is left when its connection is lost. */
    synchronized void unwanted() {
        wanted = false;
    }

    /** Leaves at once. */
    void end() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        leave();
    }

    private void leave() {
        current.dispose();
        into.remove(inlet);
        Connections.Shared taken;
        synchronized (this) {
            taken = connection;
        }
        if (taken != null) {
            connections.give(taken);
        }
        whenOver.accept(this);
    }

    private void ended(Throwable why) {
        boolean leaves;
        long wait;
        boolean tells;
        synchronized (this) {
            if (over) {
                return;
            }
            over = !wanted;
            leaves = over;
            wait = backOff(failures++);
            tells = isNews(why);
        }
        if (leaves) {
            leave();
            return;
        }
        if (tells) {
            LOG.info("Receiving from {} again in {} ms, and so on: {}", at, wait / 1_000_000, why.getMessage());
        } else {
            LOG.debug("Receiving from {} again in {} ms: {}", at, wait / 1_000_000, why.getMessage());
        }
        // It may be over before this thread goes on: what follows it must not be ended by a late assignment.
        Disposable.Swap pause = Disposables.swap();
        current.update(pause);
        pause.update(clock.schedule(this::receive, wait, TimeUnit.NANOSECONDS));
    }

    private static long backOff(int failures) {
        long nanos = Math.min(LONGEST_WAIT_NANOS, FIRST_WAIT_NANOS << Math.min(failures, LONGEST_SHIFT));
        return nanos / 2 + ThreadLocalRandom.current().nextLong(nanos);
    }

    /** With the lock. */
    private boolean isNews(Throwable why) {
        if (why instanceof ConnectionLostException) {
            return ++losses == TOLD_AT;
        }
        String reason = String.valueOf(why.getMessage());
        boolean news = !reason.equals(told);
        told = reason;
        return news;
    }

    private synchronized void cameThrough() {
        failures = 0;
        losses = 0;
        told = null;
    }

    /** What no other attempt mends: the member must be told. Anything else one instance may have, and not the others. */
    private static boolean isFinal(Throwable error) {
        return error instanceof AccessDeniedException || error instanceof GroupExpiredException;
    }

    /** One subscription. */
    private final class Leg implements CoreSubscriber<Delivery<Frame>>, Disposable {
        private volatile boolean disposed;
        private boolean came;
        private volatile @Nullable Subscription source;

        @Override
        public void onSubscribe(Subscription subscription) {
            source = subscription;
            if (disposed) {
                subscription.cancel();
            } else {
                inlet.source(subscription);
            }
        }

        @Override
        public void onNext(Delivery<Frame> delivery) {
            if (!came) {
                came = true;
                cameThrough();
            }
            inlet.deliver(delivery);
        }

        @Override
        public void onError(Throwable error) {
            if (disposed) {
                Operators.onErrorDropped(error, currentContext());
                return;
            }
            inlet.ended();
            if (isFinal(error)) {
                into.fail(error);
            } else {
                ended(error);
            }
        }

        @Override
        public void onComplete() {
            inlet.ended();
            ended(new ConnectionLostException("the destination was closed there", null));
        }

        @Override
        public void dispose() {
            disposed = true;
            Subscription known = source;
            if (known != null) {
                known.cancel();
            }
        }

        @Override
        public boolean isDisposed() {
            return disposed;
        }
    }
}
