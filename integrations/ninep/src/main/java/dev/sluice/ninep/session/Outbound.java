package dev.sluice.ninep.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import java.util.ArrayDeque;

/**
 * The answers of a connection on their way out. Those of one turn of the event loop leave together. When the client does not read, nothing more is read
 * from it, and readers of channels rest, until half of what waits has left. Used on the event loop only.
 */
final class Outbound {

    private final ChannelHandlerContext context;
    private final Channel channel;
    private final ArrayDeque<Runnable> resting = new ArrayDeque<>();
    private boolean isReading;
    private boolean isFlushDue;

    Outbound(ChannelHandlerContext context, int mostBytes) {
        this.context = context;
        this.channel = context.channel();
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(mostBytes / 2, mostBytes));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what cannot be written closes the channel
    void send(ByteBuf answer) {
        context.write(answer, context.voidPromise());
        flushSoon();
    }

    /** Sends, and tells when the bytes are in the socket, or will not be. */
    @SuppressWarnings("FutureReturnValueIgnored") // the listener is what counts
    void send(ByteBuf answer, ChannelFutureListener told) {
        context.write(answer).addListener(told);
        flushSoon();
    }

    private void flushSoon() {
        if (!isReading && !isFlushDue) {
            isFlushDue = true;
            channel.eventLoop().execute(this::flush);
        }
    }

    private void flush() {
        isFlushDue = false;
        context.flush();
    }

    /** Requests are being read: their answers leave together. */
    void readingBegins() {
        isReading = true;
    }

    void readingEnds() {
        isReading = false;
        context.flush();
    }

    /** Whether the client leaves too much unread. */
    boolean isCongested() {
        return !channel.isWritable();
    }

    /** To be run when the client has read. */
    void rest(Runnable goOn) {
        resting.add(goOn);
    }

    void writabilityChanged() {
        boolean writable = channel.isWritable();
        channel.config().setAutoRead(writable);
        for (int left = resting.size(); writable && left > 0; left--) {
            resting.remove().run();
        }
    }
}
