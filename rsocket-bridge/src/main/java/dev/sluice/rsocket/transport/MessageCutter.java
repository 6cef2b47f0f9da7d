package dev.sluice.rsocket.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes RSocket frames out of binary WebSocket messages, one of each. Browsers may send a message in fragments, which are put
 * together here. Belongs to one event loop.
 */
final class MessageCutter {

    private final ByteBufAllocator alloc;
    private final int longest;
    private final Consumer<ByteBuf> frames;
    private @Nullable ByteBuf partial;

    /** Frames go to {@code frames}, which releases them. */
    MessageCutter(ByteBufAllocator alloc, int longest, Consumer<ByteBuf> frames) {
        this.alloc = alloc;
        this.longest = longest;
        this.frames = frames;
    }

    /** Whether {@link #cut} wants it; pings and closes are the business of others. */
    static boolean isData(Object message) {
        return message instanceof BinaryWebSocketFrame
                || message instanceof ContinuationWebSocketFrame
                || message instanceof TextWebSocketFrame;
    }

    /**
     * Takes a message or a fragment of one. The caller releases it.
     *
     * @throws io.netty.handler.codec.TooLongFrameException when a message is longer than the longest frame
     * @throws CorruptedFrameException when this is not RSocket
     */
    void cut(WebSocketFrame message) {
        if (message instanceof TextWebSocketFrame) {
            throw new CorruptedFrameException("a text message, RSocket's are binary");
        }
        ByteBuf content = message.content();
        ByteBuf begun = partial;
        if (begun == null && message.isFinalFragment()) {
            FrameCutter.check(content.readableBytes(), longest);
            frames.accept(content.retain());
            return;
        }
        if (begun == null) {
            begun = alloc.buffer(Math.max(FrameCutter.LEAST, content.readableBytes()));
            partial = begun;
        }
        int length = begun.readableBytes() + content.readableBytes();
        FrameCutter.check(Math.max(length, FrameCutter.LEAST), longest);
        begun.writeBytes(content, content.readerIndex(), content.readableBytes());
        if (message.isFinalFragment()) {
            FrameCutter.check(length, longest);
            partial = null;
            frames.accept(begun);
        }
    }

    /** Lets go of a message that was begun. */
    void close() {
        ByteBuf begun = partial;
        partial = null;
        if (begun != null) {
            begun.release();
        }
    }
}
