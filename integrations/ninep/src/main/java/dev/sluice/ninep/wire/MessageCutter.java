package dev.sluice.ninep.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.List;
import java.util.function.IntSupplier;

/** Cuts the stream of a connection into messages, each with its header. A size that cannot be one ends the stream: nothing behind it makes sense. */
public final class MessageCutter extends ByteToMessageDecoder {

    /** Bytes of size, type and tag. */
    public static final int HEADER = 7;

    private final IntSupplier longest;
    private boolean isOver;

    /**
     * A cutter.
     *
     * @param longest the most bytes a message may have now
     */
    public MessageCutter(IntSupplier longest) {
        this.longest = longest;
    }

    /** Nothing more is cut: what has come makes no sense. */
    public void end() {
        isOver = true;
    }

    /** Goes on with what has come while the peer read nothing. */
    public void goOn(ChannelHandlerContext context) throws Exception {
        channelRead(context, Unpooled.EMPTY_BUFFER);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (isOver) {
            in.skipBytes(in.readableBytes());
            return;
        }
        // Who does not read his answers is not asked for more: what he has sent already waits here.
        if (!context.channel().isWritable()) {
            return;
        }
        if (in.readableBytes() < Integer.BYTES) {
            return;
        }
        long size = in.getUnsignedIntLE(in.readerIndex());
        if (size < HEADER || size > longest.getAsInt()) {
            isOver = true;
            throw new CorruptedFrameException("a message of " + size + " bytes: it has at least " + HEADER
                    + " and at most " + longest.getAsInt());
        }
        if (in.readableBytes() >= size) {
            out.add(in.readRetainedSlice((int) size));
        }
    }
}
