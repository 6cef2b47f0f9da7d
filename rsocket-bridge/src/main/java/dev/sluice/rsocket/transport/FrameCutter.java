package dev.sluice.rsocket.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a TCP connection into frames: three bytes of length, then the frame. A frame that is whole in a read buffer
 * is a slice of it; only one that spans two reads is copied, and once. Belongs to one event loop.
 */
final class FrameCutter {

    /** The header of an RSocket frame, the least it can have. */
    static final int LEAST = 6;

    static final int PREFIX = 3;

    /** What is set aside for a frame before its bytes are there: a peer that only announces frames shall not fill memory. */
    private static final int FIRST_ROOM = 64 << 10;

    private final ByteBufAllocator alloc;
    private final int longest;
    private final Consumer<ByteBuf> frames;
    private boolean begun;
    private int prefix;
    private int prefixBytes;
    private @Nullable ByteBuf partial;
    private int missing;

    /** Frames go to {@code frames}, which releases them. */
    FrameCutter(ByteBufAllocator alloc, int longest, Consumer<ByteBuf> frames) {
        this.alloc = alloc;
        this.longest = longest;
        this.frames = frames;
    }

    /**
     * Takes the bytes of a read. The caller releases the buffer.
     *
     * @throws TooLongFrameException when a frame is longer than the longest
     * @throws CorruptedFrameException when this is not RSocket
     */
    void cut(ByteBuf in) {
        if (!begun) {
            begun = true;
            refuseForeign(in);
        }
        while (in.isReadable()) {
            ByteBuf begunFrame = partial;
            if (begunFrame != null) {
                complete(begunFrame, in);
            } else if (readPrefix(in)) {
                begin(in, prefix);
            }
        }
    }

    private void complete(ByteBuf frame, ByteBuf in) {
        int length = Math.min(missing, in.readableBytes());
        frame.writeBytes(in, length);
        missing -= length;
        if (missing == 0) {
            partial = null;
            frames.accept(frame);
        }
    }

    private boolean readPrefix(ByteBuf in) {
        if (prefixBytes == 0 && in.readableBytes() >= PREFIX) {
            prefix = in.readUnsignedMedium();
            return true;
        }
        prefix = (prefixBytes == 0 ? 0 : prefix << 8) | in.readUnsignedByte();
        prefixBytes = (prefixBytes + 1) % PREFIX;
        return prefixBytes == 0;
    }

    private void begin(ByteBuf in, int length) {
        check(length, longest);
        if (in.readableBytes() >= length) {
            frames.accept(in.readRetainedSlice(length));
        } else {
            partial = alloc.buffer(Math.min(length, FIRST_ROOM), length);
            missing = length;
        }
    }

    static void check(int length, int longest) {
        if (length > longest) {
            throw new TooLongFrameException(
                    "a frame of " + length + " bytes, longer than the longest of " + longest + " bytes");
        }
        if (length < LEAST) {
            throw new CorruptedFrameException("a frame of " + length + " bytes, RSocket's have at least " + LEAST);
        }
    }

    /** Names the usual mistakes, which otherwise look like a frame that never ends. */
    private static void refuseForeign(ByteBuf in) {
        int at = in.readerIndex();
        if (in.readableBytes() < 5) {
            return;
        }
        int type = in.getUnsignedByte(at);
        if (type >= 0x14 && type <= 0x17 && in.getByte(at + 1) == 3 && in.getUnsignedByte(at + 2) <= 4) {
            throw new CorruptedFrameException(
                    "TLS where plain TCP was expected: switch TLS on, or off at the other end");
        }
        int first = in.getInt(at);
        if (first == 0x48545450 || first == 0x47455420) { // "HTTP", "GET "
            throw new CorruptedFrameException(
                    "HTTP where RSocket over TCP was expected: use WebSocket here, or TCP there");
        }
    }

    /** Lets go of a frame that was begun. */
    void close() {
        ByteBuf begunFrame = partial;
        partial = null;
        if (begunFrame != null) {
            begunFrame.release();
        }
    }
}
