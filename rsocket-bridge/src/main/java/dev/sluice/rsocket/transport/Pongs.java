package dev.sluice.rsocket.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import org.jspecify.annotations.Nullable;

/**
 * Answers the pings of a WebSocket, and holds little for a peer that sends pings and does not read the pongs: while {@value #MOST} pongs have not
 * reached the socket, only the last of the pings that come is kept and answered, as the standard allows. On the event loop.
 */
final class Pongs {

    /** More than anybody has under way who reads the answers. */
    private static final int MOST = 16;

    private final ChannelHandlerContext context;
    private int leaving;
    private boolean unflushed;
    private boolean closed;

    /** A ping's payload whose pong waits until one of those before has left. */
    private @Nullable ByteBuf last;

    Pongs(ChannelHandlerContext context) {
        this.context = context;
    }

    /** Answers a ping, whose payload is taken over. The answer leaves with the next {@link #flush}. */
    void answer(ByteBuf payload) {
        if (closed) {
            payload.release();
        } else if (leaving < MOST) {
            write(payload);
        } else {
            releaseLast();
            last = payload;
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the listener is what counts
    private void write(ByteBuf payload) {
        leaving++;
        unflushed = true;
        context.write(new PongWebSocketFrame(payload)).addListener((ChannelFutureListener) this::written);
    }

    private void written(ChannelFuture pong) {
        leaving--;
        ByteBuf next = last;
        if (next == null) {
            return;
        }
        if (pong.isSuccess()) {
            last = null;
            write(next);
            flush();
        } else {
            releaseLast();
        }
    }

    /** Lets the answers leave. */
    void flush() {
        if (unflushed) {
            unflushed = false;
            context.flush();
        }
    }

    /** Answers no more. */
    void close() {
        closed = true;
        releaseLast();
    }

    private void releaseLast() {
        ByteBuf unanswered = last;
        last = null;
        if (unanswered != null) {
            unanswered.release();
        }
    }
}
