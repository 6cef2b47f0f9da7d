package dev.sluice.pipes;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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

    private final Connections connections;
    private final Connections.Shared connection;
    private final Flux<Delivery<Frame>> deliveries;
    private final Inflow into;
    private final Inflow.Inlet inlet = new Inflow.Inlet();
    private final Scheduler clock;
    private final Consumer<Link> whenOver;
    private final Disposable.Swap current = Disposables.swap();

    // Guarded by this.
    private boolean wanted = true;
    private boolean over;
    private int failures;

    /**
     * A link that does not receive yet.
     *
     * @param origin what it had from there before
     * @param whenOver called once, when it will not receive any more
     */
    Link(
            Connections connections,
            Endpoint at,
            Call call,
            AtomicReference<String> origin,
            Inflow into,
            Scheduler clock,
            Consumer<Link> whenOver) {
        this.connections = connections;
        this.connection = connections.take(at);
        this.deliveries = connection.deliveries.receive(call, origin);
        this.into = into;
        this.clock = clock;
        this.whenOver = whenOver;
    }

    Endpoint endpoint() {
        return connection.at;
    }

    void begin() {
        into.add(inlet);
        receive();
    }

    private void receive() {
        Leg leg = new Leg();
        current.update(leg);
        deliveries.subscribe(leg);
    }

    /** Whether the directory shows it. One that it does not show any more is left when its connection is lost. */
    synchronized void wanted(boolean now) {
        wanted = now;
    }

    /** Leaves at once. */
    void end() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        current.dispose();
        into.remove(inlet);
        connections.give(connection);
        whenOver.accept(this);
    }

    private void ended(Throwable loss) {
        long wait;
        synchronized (this) {
            if (over) {
                return;
            }
            if (wanted) {
                wait = backOff(failures++);
            } else {
                wait = -1;
            }
        }
        if (wait < 0) {
            end();
            return;
        }
        LOG.debug("Receiving from {} again in {} ms: {}", connection.at, wait / 1_000_000, loss.getMessage());
        current.update(clock.schedule(this::receive, wait, TimeUnit.NANOSECONDS));
    }

    private static long backOff(int failures) {
        long nanos = Math.min(LONGEST_WAIT_NANOS, FIRST_WAIT_NANOS << Math.min(failures, LONGEST_SHIFT));
        return nanos / 2 + ThreadLocalRandom.current().nextLong(nanos);
    }

    private synchronized void cameThrough() {
        failures = 0;
    }

    /** Whether it may be better when it is tried again: it is starting, stopping, or far away. */
    private static boolean mayPass(Throwable error) {
        if (error instanceof ConnectionLostException) {
            return true;
        }
        Code code = Failures.code(error);
        return code == Code.UNAVAILABLE
                || code == Code.NOT_FOUND
                || code == Code.NO_SERVICE
                || code == Code.LIMIT
                || code == Code.TIMEOUT
                || code == Code.CLOSED;
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
            if (mayPass(error)) {
                ended(error);
            } else {
                into.fail(error);
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
