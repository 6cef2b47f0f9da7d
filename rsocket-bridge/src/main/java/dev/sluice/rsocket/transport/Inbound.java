package dev.sluice.rsocket.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The frames of a connection, for one subscriber, and the valve of the socket: it is read while there is a subscriber with demand and
 * {@link #reading(boolean)} is on. What one read brought beyond that is kept.
 *
 * <p>All state belongs to the event loop. Reactor Netty moves the same valve (auto-read) only for subscribers of its own inbound,
 * of which there are none: the handler that feeds this stands before it in the pipeline and lets no data pass.
 */
final class Inbound extends Flux<ByteBuf> implements Subscription {

    private final Channel channel;
    private final EventLoop loop;
    private final Consumer<Throwable> failed;
    private final ArrayDeque<ByteBuf> held = new ArrayDeque<>();
    private @Nullable CoreSubscriber<? super ByteBuf> subscriber;
    private boolean taken;
    private boolean cancelled;
    private @Nullable Throwable end;
    private long demand;
    private boolean reading = true;
    private boolean congested;
    private boolean draining;
    private boolean open;

    /** Exceptions a subscriber throws go to {@code failed}. */
    Inbound(Channel channel, Consumer<Throwable> failed) {
        this.channel = channel;
        this.loop = channel.eventLoop();
        this.failed = failed;
    }

    @Override
    public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
        try {
            onLoop(() -> begin(actual));
        } catch (RejectedExecutionException ended) {
            Operators.error(actual, ended);
        }
    }

    private void begin(CoreSubscriber<? super ByteBuf> actual) {
        if (taken) {
            Operators.error(actual, new IllegalStateException("the frames of a connection have one subscriber"));
        } else if (end != null) {
            taken = true;
            Operators.error(actual, end);
        } else {
            taken = true;
            subscriber = actual;
            actual.onSubscribe(this);
            drain();
        }
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            onLoopIfAlive(() -> {
                demand = Operators.addCap(demand, n);
                drain();
            });
        }
    }

    @Override
    public void cancel() {
        onLoopIfAlive(() -> {
            cancelled = true;
            subscriber = null;
            drain();
        });
    }

    /** Opens or shuts the valve. On the event loop. */
    void reading(boolean on) {
        reading = on;
        drain();
    }

    /** Shuts the valve, or lets it be as {@link #reading(boolean)} says. On the event loop. */
    void congested(boolean now) {
        congested = now;
        drain();
    }

    /** Takes a frame over. On the event loop. */
    void accept(ByteBuf frame) {
        if (cancelled || end != null) {
            frame.release();
        } else if (held.isEmpty() && mayDeliver() && !draining) {
            deliver(frame);
        } else {
            held.add(frame);
            drain();
        }
    }

    private boolean mayDeliver() {
        return subscriber != null && reading && !congested && demand > 0;
    }

    private void deliver(ByteBuf frame) {
        CoreSubscriber<? super ByteBuf> to = subscriber;
        try {
            if (to != null) {
                if (demand != Long.MAX_VALUE) {
                    demand--;
                }
                to.onNext(frame);
            }
        } catch (RuntimeException thrown) {
            failed.accept(thrown);
        } finally {
            frame.release();
        }
    }

    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            while (!held.isEmpty() && (cancelled || mayDeliver())) {
                ByteBuf frame = held.remove();
                if (cancelled) {
                    frame.release();
                } else {
                    deliver(frame);
                }
            }
        } finally {
            draining = false;
        }
        turnValve();
    }

    /** A cancelled connection is read on, and what comes is dropped: only who reads hears that the other end has closed. */
    private void turnValve() {
        boolean wanted = reading && !congested && (cancelled || (mayDeliver() && held.isEmpty()));
        if (wanted != open && end == null) {
            open = wanted;
            channel.config().setAutoRead(wanted);
        }
    }

    /** Ends the frames with an error and drops those nobody asked for. On the event loop; the first end counts. */
    void end(Throwable cause) {
        if (end != null) {
            return;
        }
        end = cause;
        ByteBuf frame;
        while ((frame = held.poll()) != null) {
            frame.release();
        }
        CoreSubscriber<? super ByteBuf> to = subscriber;
        subscriber = null;
        if (to != null) {
            to.onError(cause);
        }
    }

    private void onLoopIfAlive(Runnable task) {
        try {
            onLoop(task);
        } catch (RejectedExecutionException ended) {
            // The loop's connections are closed, and with them this one: there is nothing left to deliver or to drop.
            open = false;
        }
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }
}
