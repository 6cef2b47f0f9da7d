package dev.sluice.rsocket.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.util.concurrent.Queues;

/**
 * Writes frames to the channel and counts the bytes that have not reached the socket.
 *
 * <p>Frames of other threads go through a queue that the event loop empties in one task; the loop empties it too before it writes a
 * frame of its own, so that frames leave in the order of the calls wherever one call came before another. Over TCP, small frames and
 * the length prefixes are copied into a batch, which the next large frame or flush puts into the channel; large frames are not copied.
 *
 * <p>A frame is counted from {@link #send} until it is written or dropped. {@code queue}, {@code scheduled}, {@code pending},
 * {@code refusing} and {@code closed} are shared, the rest belongs to the event loop.
 */
final class Outbound {

    /** Shorter frames are copied: that costs less than an entry of their own in the channel's buffer. */
    private static final int SMALL = 1024;

    private static final int BATCH = 16 << 10;

    /**
     * So much is not held back for one flush: the socket shall have work while more is made. But each flush may wake the other end, and half as
     * much at a time was measured to cost more, twice as much too.
     */
    private static final int FLUSH_AT = 256 << 10;

    private static final int LONGEST_PREFIXED = 0xFF_FFFF;

    private final ChannelHandlerContext context;
    private final EventLoop loop;
    private final boolean prefixed;
    private final Consumer<Throwable> failed;

    private final Queue<ByteBuf> queue =
            Queues.<ByteBuf>unboundedMultiproducer().get();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicLong pending = new AtomicLong();
    private volatile boolean refusing;
    private volatile boolean closed;

    private @Nullable ByteBuf batch;
    private int batchBytes;
    private int unflushed;
    private boolean flushScheduled;

    /** Who waits for the socket, one each. Seldom more than two. */
    private final List<Waiter> waiters = new ArrayList<>(2);

    /** A task, and the level it waits for. */
    private record Waiter(Object owner, long level, Runnable task) {}

    /** Failed writes go to {@code failed}, on the event loop. */
    Outbound(ChannelHandlerContext context, boolean prefixed, Consumer<Throwable> failed) {
        this.context = context;
        this.loop = context.channel().eventLoop();
        this.prefixed = prefixed;
        this.failed = failed;
    }

    /** Takes a frame over. From any thread. */
    void send(ByteBuf frame) {
        int bytes = frame.readableBytes();
        if (prefixed && bytes > LONGEST_PREFIXED) {
            frame.release();
            throw new IllegalArgumentException("a frame may have " + LONGEST_PREFIXED + " bytes, has " + bytes);
        }
        if (refusing) {
            frame.release();
            return;
        }
        pending.addAndGet(bytes);
        if (loop.inEventLoop()) {
            emptyQueue();
            write(frame);
            flushSoon();
        } else {
            queue.add(frame);
            if (scheduled.compareAndSet(false, true)) {
                schedule();
            }
        }
    }

    private void schedule() {
        try {
            loop.execute(this::runScheduled);
        } catch (RejectedExecutionException ended) {
            // The loop is gone and closed the channel before; having won the flag makes this the only thread at the
            // queue.
            closed = true;
            do {
                emptyQueue();
                scheduled.set(false);
            } while (!queue.isEmpty() && scheduled.compareAndSet(false, true));
        }
    }

    private void runScheduled() {
        scheduled.set(false);
        emptyQueue();
        flush();
    }

    private void emptyQueue() {
        ByteBuf frame;
        while ((frame = queue.poll()) != null) {
            write(frame);
        }
    }

    private void write(ByteBuf frame) {
        int bytes = frame.readableBytes();
        if (closed) {
            frame.release();
            subtract(bytes);
            return;
        }
        if (!prefixed) {
            put(new BinaryWebSocketFrame(frame), bytes);
        } else if (bytes <= SMALL) {
            ByteBuf to = room(FrameCutter.PREFIX + bytes);
            to.writeMedium(bytes).writeBytes(frame, frame.readerIndex(), bytes);
            frame.release();
            batchBytes += bytes;
        } else {
            ByteBuf current = batch;
            if (current == null || current.maxFastWritableBytes() < FrameCutter.PREFIX) {
                putBatch();
                batch = context.alloc().directBuffer(FrameCutter.PREFIX).writeMedium(bytes);
            } else {
                current.writeMedium(bytes);
            }
            putBatch();
            put(frame, bytes);
        }
        unflushed += bytes;
        if (unflushed >= FLUSH_AT) {
            flush();
        }
    }

    private ByteBuf room(int bytes) {
        ByteBuf current = batch;
        if (current != null && current.maxFastWritableBytes() < bytes) {
            putBatch();
            current = null;
        }
        if (current == null) {
            current = context.alloc().directBuffer(BATCH);
            batch = current;
        }
        return current;
    }

    private void putBatch() {
        ByteBuf full = batch;
        if (full != null) {
            int bytes = batchBytes;
            batch = null;
            batchBytes = 0;
            put(full, bytes);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the listener is what counts
    private void put(Object message, int bytes) {
        context.write(message).addListener((ChannelFutureListener) written -> {
            subtract(bytes);
            Throwable cause = written.cause();
            if (cause != null) {
                failed.accept(cause);
            }
        });
    }

    private void subtract(int bytes) {
        long now = pending.addAndGet(-bytes);
        if (loop.inEventLoop() && !waiters.isEmpty()) {
            waiters.removeIf(waiter -> {
                if (now > waiter.level) {
                    return false;
                }
                later(waiter.task);
                return true;
            });
        }
    }

    /** In the loop's next turn one flush serves all frames of this one; the end of a read does so before. */
    private void flushSoon() {
        if (!flushScheduled && unflushed > 0) {
            flushScheduled = true;
            later(() -> {
                flushScheduled = false;
                flush();
            });
        }
    }

    /** Lets what was written leave. On the event loop. */
    void flush() {
        if (unflushed > 0) {
            unflushed = 0;
            putBatch();
            context.flush();
        }
    }

    /** Bytes taken over and neither written nor dropped. From any thread. */
    long pending() {
        return pending.get();
    }

    /** See {@link NettyConnection#whenPendingAtMost}. On the event loop. */
    void whenPendingAtMost(Object owner, long bytes, Runnable task) {
        waiters.removeIf(waiter -> waiter.owner == owner);
        if (pending.get() <= bytes) {
            behindOthers(task);
        } else {
            waiters.add(new Waiter(owner, bytes, task));
        }
    }

    /** Drops what is sent from now on. From any thread. */
    void refuse() {
        refusing = true;
    }

    /** Whether what is sent is dropped. From any thread. */
    boolean refuses() {
        return refusing;
    }

    /** Writes a last frame behind all others. On the event loop. */
    ChannelFuture writeLast(ByteBuf frame) {
        emptyQueue();
        putBatch();
        if (prefixed) {
            ByteBuf prefix = context.alloc().directBuffer(FrameCutter.PREFIX).writeMedium(frame.readableBytes());
            put(prefix, 0);
        }
        unflushed = 0;
        return context.writeAndFlush(prefixed ? frame : new BinaryWebSocketFrame(frame));
    }

    /** Drops what has not reached the channel. On the event loop. */
    void close() {
        refusing = true;
        closed = true;
        emptyQueue();
        ByteBuf unsent = batch;
        if (unsent != null) {
            batch = null;
            unsent.release();
            int bytes = batchBytes;
            batchBytes = 0;
            subtract(bytes);
        }
    }

    /** A timer, though for no time: the loop runs its tasks, with those they leave, for up to a second before it looks at its sockets again. */
    private void behindOthers(Runnable task) {
        try {
            Future<?> unused = loop.schedule(task, 0, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException ended) {
            closed = true;
        }
    }

    private void later(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ended) {
            // The loop closed the channel before it ended: nobody is left to write for.
            closed = true;
        }
    }
}
