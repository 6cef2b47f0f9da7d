package dev.sluice.rsocket.transport;

import dev.sluice.ConnectionLostException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslClosedEngineException;
import io.netty.util.ReferenceCountUtil;
import io.rsocket.DuplexConnection;
import io.rsocket.RSocketErrorException;
import io.rsocket.frame.ErrorFrameCodec;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;

/**
 * RSocket frames over a TCP or WebSocket connection of Reactor Netty. Beyond what RSocket asks of a connection, the bytes that have not
 * reached the socket can be told and waited for, and reading can be stopped. Thread safe.
 *
 * <p>Frames leave in the order of {@link #sendFrame}. Frames sent on the event loop share a flush, at the end of the read
 * that led to them or else in the loop's next turn; frames of other threads leave as soon as the loop comes to them.
 */
public final class NettyConnection implements DuplexConnection {

    private static final String HANDLER = "sluice.frames";

    /** How long the last frame may take to leave: a peer that does not read shall not hold the connection. */
    private static final long LINGER_SECONDS = 5;

    private final Connection connection;
    private final Channel channel;
    private final EventLoop loop;
    private final Inbound inbound;
    private final Outbound outbound;
    private final Sinks.Empty<Void> closed = Sinks.empty();
    // Written on the event loop.
    private volatile boolean disposed;
    private volatile @Nullable Throwable failure;
    // On the event loop.
    private long mostPending = Long.MAX_VALUE;
    private boolean congested;
    private boolean saidWhy;

    private NettyConnection(Connection connection, boolean webSocket, int longest) {
        this.connection = connection;
        this.channel = connection.channel();
        this.loop = channel.eventLoop();
        this.inbound = new Inbound(channel, this::fail);
        Frames frames = new Frames(webSocket, longest);
        channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, HANDLER, frames);
        ChannelHandlerContext context = channel.pipeline().context(frames);
        this.outbound = new Outbound(context, !webSocket, this::fail);
    }

    /**
     * Takes a connection over, on its event loop and before anything was read from it.
     *
     * @param longest the longest frame that is taken in
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the listener is what counts
    static NettyConnection over(Connection connection, boolean webSocket, int longest) {
        NettyConnection made = new NettyConnection(connection, webSocket, longest);
        // Not at once: what a failing TLS engine has to say comes right after it has closed the channel.
        made.channel.closeFuture().addListener(ended -> made.later(made::finish));
        return made;
    }

    /**
     * Takes a frame over and sends it. From any thread, never blocks; a frame sent after the end is dropped.
     *
     * @throws IllegalArgumentException when the frame has more than 16 MiB - 1 bytes
     */
    @Override
    public void sendFrame(int streamId, ByteBuf frame) {
        outbound.send(frame);
    }

    /**
     * Sends an error behind all frames sent before, then closes; at the latest after 5 seconds. What is sent later is dropped, another error
     * too.
     */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the listener is what counts
    public void sendErrorAndClose(RSocketErrorException error) {
        outbound.refuse();
        execute(() -> {
            if (!channel.isActive() || saidWhy) {
                return;
            }
            saidWhy = true;
            ByteBuf last = ErrorFrameCodec.encode(alloc(), 0, error);
            outbound.writeLast(last).addListener((ChannelFutureListener) written -> connection.dispose());
            // A closed channel is closed again without effect, so nothing needs to cancel this.
            loop.schedule(connection::dispose, LINGER_SECONDS, TimeUnit.SECONDS);
        });
    }

    /**
     * The frames, for one subscriber, on the event loop. A frame is valid during {@code onNext} and is released after it; it may be a
     * slice of a larger read buffer, so who keeps it for long copies it. Ends with {@link ClosedChannelException} when either side
     * closes, and with {@link ConnectionLostException} when a failure is known; frames that were not asked for by then are dropped.
     */
    @Override
    public Flux<ByteBuf> receive() {
        return inbound;
    }

    @Override
    public ByteBufAllocator alloc() {
        return channel.alloc();
    }

    @Override
    public SocketAddress remoteAddress() {
        return channel.remoteAddress();
    }

    /** The event loop all frames arrive on. */
    public EventLoop eventLoop() {
        return loop;
    }

    /** Bytes of frames that were sent and are neither written to the socket nor dropped. From any thread. */
    public long pending() {
        return outbound.pending();
    }

    /** Whether what is sent now may still leave: not once the connection is closed, or closing with an error. From any thread. */
    public boolean accepts() {
        return !isDisposed() && !outbound.refuses();
    }

    /**
     * Runs a task once, on the event loop, when {@link #pending} has fallen to a level: in the loop's next turn when it is there
     * already. A later call of the same owner replaces its earlier task that has not run. The end of a connection drops what is
     * pending, so the task runs then too, unless the loop itself has ended. From any thread.
     *
     * @param owner who waits, known by its identity: what shares a connection must not replace each other's tasks
     */
    public void whenPendingAtMost(Object owner, long bytes, Runnable task) {
        execute(() -> outbound.whenPendingAtMost(owner, bytes, task));
    }

    /**
     * Stops reading while more than so many bytes are pending, and goes on at half. Set for a peer that is not trusted to read what it
     * asks for: answers nobody asked demand for, as errors and keep-alives are, would pile up without it. From any thread.
     */
    public void readWhilePendingAtMost(long bytes) {
        execute(() -> mostPending = bytes);
    }

    /** On the event loop. */
    private void pauseWhenCongested() {
        if (!congested && outbound.pending() > mostPending) {
            congested = true;
            inbound.congested(true);
            outbound.whenPendingAtMost(this, mostPending / 2, () -> {
                congested = false;
                inbound.congested(false);
            });
        }
    }

    /**
     * Stops taking frames in, or goes on. From the event loop it acts at once: no frame is delivered after {@code reading(false)}. At most
     * one read is kept. Who does not read hears neither keep-alives nor the other end's close, so this is for moments.
     */
    public void reading(boolean on) {
        execute(() -> inbound.reading(on));
    }

    /** Completes when the connection is closed, or fails with {@link ConnectionLostException} when it was lost by a failure. */
    @Override
    public Mono<Void> onClose() {
        return closed.asMono();
    }

    /** Closes at once. Frames that have not reached the socket are dropped. From any thread. */
    @Override
    public void dispose() {
        outbound.refuse();
        connection.dispose();
    }

    @Override
    public boolean isDisposed() {
        return disposed || !channel.isActive();
    }

    @Override
    public String toString() {
        return "NettyConnection" + channel;
    }

    private void fail(Throwable cause) {
        // What was still to be written when the other end closed, in the clear or with TLS, is no failure of its own.
        if (failure == null
                && !(cause instanceof ClosedChannelException)
                && !(cause instanceof SslClosedEngineException)) {
            failure = Failures.lost(remoteAddress(), cause);
        }
        dispose();
    }

    private void finish() {
        disposed = true;
        outbound.close();
        Throwable cause = failure;
        inbound.end(cause == null ? new ClosedChannelException() : cause);
        if (cause == null) {
            closed.tryEmitEmpty();
        } else {
            closed.tryEmitError(cause);
        }
    }

    private void execute(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            later(task);
        }
    }

    private void later(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ended) {
            // A loop that has ended closed its channels before.
            disposed = true;
        }
    }

    /**
     * Feeds {@link Inbound}, and tells {@link Outbound} when a read has ended. Only the close of a WebSocket goes on to Reactor Netty: pings it would
     * answer and pongs it would keep without end.
     */
    private final class Frames extends ChannelInboundHandlerAdapter {

        private final @Nullable FrameCutter bytes;
        private final @Nullable MessageCutter messages;
        private @Nullable Pongs pongs;

        Frames(boolean webSocket, int longest) {
            this.messages = webSocket ? new MessageCutter(channel.alloc(), longest, inbound::accept) : null;
            this.bytes = webSocket ? null : new FrameCutter(channel.alloc(), longest, inbound::accept);
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            pongs = messages == null ? null : new Pongs(context);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (messages != null && !MessageCutter.isData(message)) {
                control(context, message);
                return;
            }
            try {
                if (failure != null || !channel.isActive()) {
                    return;
                }
                if (messages != null) {
                    messages.cut((WebSocketFrame) message);
                } else if (bytes != null) {
                    bytes.cut((ByteBuf) message);
                }
                pauseWhenCongested();
            } catch (RuntimeException broken) {
                fail(broken);
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void control(ChannelHandlerContext context, Object message) {
            if (message instanceof PingWebSocketFrame ping && pongs != null) {
                pongs.answer(ping.content());
            } else if (message instanceof PongWebSocketFrame) {
                ReferenceCountUtil.release(message);
            } else {
                context.fireChannelRead(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            outbound.flush();
            if (pongs != null) {
                pongs.flush();
            }
            context.fireChannelReadComplete();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            fail(cause);
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            if (pongs != null) {
                pongs.close();
            }
            if (messages != null) {
                messages.close();
            }
            if (bytes != null) {
                bytes.close();
            }
        }
    }
}
