package dev.sluice.rsocket;

import dev.sluice.rsocket.session.Link;
import dev.sluice.rsocket.session.Session;
import dev.sluice.rsocket.transport.NettyConnection;
import dev.sluice.rsocket.watch.SessionWatcher;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.rsocket.Payload;
import io.rsocket.util.ByteBufPayload;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * Puts a session on an RSocket request-channel: payloads that come in are its batches, and its batches are payloads that go out.
 *
 * <p>RSocket's own demand is unbounded both ways, but the first payload of a requester goes alone until the responder has asked for more; batches
 * wait in {@code unsent} until then. All on the event loop of the connection, which is where RSocket signals.
 */
final class ChannelLink implements Link {

    /** How long what was not asked for is kept at the end. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final NettyConnection connection;
    private final EventLoop loop;

    /** Metadata of the first payload that leaves; null where none is needed, or when it has left. */
    private @Nullable ByteBuf metadata;

    private final Queue<ByteBuf> unsent = new ArrayDeque<>(2);
    private long unsentBytes;
    private long demand;

    /** Runs when {@code unsent} has no more than {@code level} bytes, and the connection neither. */
    private @Nullable Runnable waiter;

    private long level;
    private boolean completing;
    private boolean closed;

    /** One direction has ended by itself. */
    private boolean lost;

    private @Nullable CoreSubscriber<? super Payload> out;
    private @Nullable Subscription in;
    private @Nullable Session session;
    private final Runnable whenClosed;
    private final SessionWatcher watcher;

    ChannelLink(NettyConnection connection, @Nullable ByteBuf metadata, Runnable whenClosed, SessionWatcher watcher) {
        this.connection = connection;
        this.loop = connection.eventLoop();
        this.metadata = metadata;
        this.whenClosed = whenClosed;
        this.watcher = watcher;
    }

    /** What receives the payloads; begins the session when it is subscribed. */
    CoreSubscriber<Payload> inbound(Session carried) {
        session = carried;
        return new Incoming();
    }

    /** The payloads that leave. */
    Flux<Payload> outbound() {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Payload> actual) {
                out = actual;
                actual.onSubscribe(new Outgoing());
            }
        };
    }

    @Override
    public ByteBufAllocator alloc() {
        return connection.alloc();
    }

    @Override
    public SocketAddress remoteAddress() {
        return connection.remoteAddress();
    }

    @Override
    public SessionWatcher watcher() {
        return watcher;
    }

    @Override
    public boolean inLoop() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public Runnable schedule(Runnable task, long nanos) {
        ScheduledFuture<?> timer = loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    public void write(ByteBuf batch) {
        if (closed || lost) {
            batch.release();
        } else if (demand > 0 && unsent.isEmpty()) {
            send(batch);
        } else {
            unsent.add(batch);
            unsentBytes += batch.readableBytes();
        }
    }

    private void send(ByteBuf batch) {
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        ByteBuf route = metadata;
        metadata = null;
        Objects.requireNonNull(out, "nobody has subscribed to what leaves")
                .onNext(route == null ? ByteBufPayload.create(batch) : ByteBufPayload.create(batch, route));
    }

    private void asked(long n) {
        // RSocket says "no limit" with the largest number of 31 bits.
        demand = n >= Integer.MAX_VALUE ? Long.MAX_VALUE : Math.min(Long.MAX_VALUE - Integer.MAX_VALUE, demand) + n;
        while (demand > 0 && !unsent.isEmpty()) {
            ByteBuf batch = unsent.remove();
            unsentBytes -= batch.readableBytes();
            send(batch);
        }
        Runnable task = waiter;
        if (task != null && unsentBytes <= level) {
            waiter = null;
            connection.whenPendingAtMost(this, level, task);
        }
        if (completing && unsent.isEmpty()) {
            complete();
        }
    }

    @Override
    public void flush() {
        // The connection flushes what one turn of the event loop has sent.
    }

    @Override
    public long pending() {
        return unsentBytes + connection.pending();
    }

    @Override
    public void whenPendingAtMost(long bytes, Runnable task) {
        // What the other side has not asked for is not the connection's: asked now, it would say "at once", again and
        // again.
        if (unsentBytes > bytes) {
            level = bytes;
            waiter = task;
        } else {
            waiter = null;
            connection.whenPendingAtMost(this, bytes, task);
        }
    }

    @Override
    public void reading(boolean on) {
        connection.reading(on);
    }

    @Override
    public void close() {
        completing = true;
        if (unsent.isEmpty()) {
            complete();
        } else {
            // Who does not ask for the last words is not waited for.
            Runnable unused = schedule(this::complete, LINGER_NANOS);
        }
    }

    /** Ends both directions, those that have not ended by themselves: RSocket keeps a stream until neither is open. */
    private void complete() {
        if (closed) {
            return;
        }
        closed = true;
        Subscription subscription = in;
        in = null;
        if (subscription != null) {
            subscription.cancel();
        }
        CoreSubscriber<? super Payload> subscriber = out;
        out = null;
        if (subscriber != null) {
            subscriber.onComplete();
        }
        releaseUnsent();
        whenClosed.run();
    }

    private void releaseUnsent() {
        for (ByteBuf batch = unsent.poll(); batch != null; batch = unsent.poll()) {
            batch.release();
        }
        unsentBytes = 0;
        ByteBuf route = metadata;
        metadata = null;
        if (route != null) {
            route.release();
        }
    }

    private void lost(@Nullable Throwable cause) {
        // What the session still has to say, nobody hears; its last act is to close this link.
        releaseUnsent();
        lost = true;
        Session carried = session;
        if (carried != null) {
            carried.disconnected(cause);
        }
        complete();
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private final class Incoming implements CoreSubscriber<Payload> {

        @Override
        public void onSubscribe(Subscription subscription) {
            in = subscription;
            // HELLO first: what was received already is answered as soon as it is asked for.
            Objects.requireNonNull(session).start();
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Payload payload) {
            ByteBuf batch = payload.sliceData().retain();
            payload.release();
            Objects.requireNonNull(session).receive(batch);
        }

        @Override
        public void onError(Throwable error) {
            onLoop(() -> {
                in = null;
                lost(error);
            });
        }

        @Override
        public void onComplete() {
            onLoop(() -> {
                in = null;
                lost(null);
            });
        }
    }

    private final class Outgoing implements Subscription {

        @Override
        public void request(long n) {
            onLoop(() -> asked(n));
        }

        @Override
        public void cancel() {
            onLoop(() -> {
                out = null;
                lost(null);
            });
        }
    }
}
