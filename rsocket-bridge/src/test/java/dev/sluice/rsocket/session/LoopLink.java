package dev.sluice.rsocket.session;

import dev.sluice.rsocket.watch.SessionWatcher;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One end of a link in memory, with an event loop of its own; what is written here is received there. */
final class LoopLink implements Link {

    private final EventLoop loop = new DefaultEventLoop();
    private final SessionWatcher watcher;
    private final List<ByteBuf> unflushed = new ArrayList<>();
    private @Nullable LoopLink other;
    private @Nullable Session session;
    private long pending;
    private long level;
    private @Nullable Runnable whenAtLevel;
    private volatile boolean held;
    private final List<Runnable> arrivals = new ArrayList<>();
    private volatile boolean closed;
    private final AtomicLong written = new AtomicLong();

    LoopLink(SessionWatcher watcher) {
        this.watcher = watcher;
    }

    /** Two ends of one link, and a session on each. */
    static void join(LoopLink client, Session ofClient, LoopLink server, Session ofServer) {
        client.other = server;
        client.session = ofClient;
        server.other = client;
        server.session = ofServer;
        client.loop.execute(ofClient::start);
        server.loop.execute(ofServer::start);
    }

    /** While held nothing that is written leaves, as when the other side does not read its socket. */
    void hold(boolean on) {
        loop.execute(() -> {
            held = on;
            if (!on) {
                List.copyOf(arrivals).forEach(Runnable::run);
                arrivals.clear();
            }
        });
    }

    /** Runs a task on the loop and waits for it. */
    void onLoop(Runnable task) {
        loop.submit(task).syncUninterruptibly();
    }

    /** Bytes that were handed over so far. */
    long written() {
        return written.get();
    }

    void cut() {
        loop.execute(() -> {
            closed = true;
            // What was held back is released.
            List.copyOf(arrivals).forEach(Runnable::run);
            arrivals.clear();
            session.disconnected(null);
        });
    }

    void shutDown() {
        var ending = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        assert ending != null;
    }

    @Override
    public ByteBufAllocator alloc() {
        return UnpooledByteBufAllocator.DEFAULT;
    }

    @Override
    public SocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("other-side", 1);
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
        if (batch.readableBytes() > 60 * 1024) {
            throw new AssertionError("a batch of " + batch.readableBytes() + " bytes");
        }
        pending += batch.readableBytes();
        written.addAndGet(batch.readableBytes());
        unflushed.add(batch);
    }

    @Override
    public void flush() {
        for (ByteBuf batch : unflushed) {
            int size = batch.readableBytes();
            Runnable arrival = () -> {
                if (closed) {
                    batch.release();
                    return;
                }
                if (!other.fromOther(() -> other.session.receive(batch))) {
                    batch.release();
                }
                pending -= size;
                Runnable task = whenAtLevel;
                if (task != null && pending <= level) {
                    whenAtLevel = null;
                    loop.execute(task);
                }
            };
            if (held) {
                arrivals.add(arrival);
            } else {
                loop.execute(arrival);
            }
        }
        unflushed.clear();
    }

    private boolean fromOther(Runnable event) {
        try {
            loop.execute(event);
            return true;
        } catch (RejectedExecutionException over) {
            return false;
        }
    }

    @Override
    public long pending() {
        return pending;
    }

    @Override
    public void whenPendingAtMost(long bytes, Runnable task) {
        level = bytes;
        whenAtLevel = task;
        if (pending <= bytes) {
            whenAtLevel = null;
            loop.execute(task);
        }
    }

    @Override
    public void reading(boolean on) {}

    @Override
    public void close() {
        loop.execute(() -> other.fromOther(() -> other.session.disconnected(null)));
    }
}
