package dev.sluice.rsocket.plain;

import dev.sluice.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What travels along with a frame: entries of composite metadata, written at once into one buffer. */
final class Entries {

    private static final byte[] SOURCE = name("message/x.sluice.source.v1");
    private static final byte[] HEADER = name("message/x.sluice.header.v1");
    private static final byte[] OFFSET = name("message/x.sluice.offset.v1");

    /** A byte with the length of the name, and three with that of the content. */
    private static final int FRAMING = 4;

    private Entries() {}

    private static byte[] name(String mime) {
        return mime.getBytes(StandardCharsets.US_ASCII);
    }

    /** Metadata that says which source a frame is of. */
    static Frame ofSource(String path, Frame header) {
        byte[] name = path.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer metadata =
                ByteBuffer.allocate(2 * FRAMING + SOURCE.length + name.length + HEADER.length + header.size());
        put(metadata, SOURCE, name.length).put(name);
        header.copyTo(0, header.size(), put(metadata, HEADER, header.size()));
        return Frame.wrap(metadata.array());
    }

    /** Metadata that says where in its channel an element stands. */
    static Frame ofOffset(long offset) {
        byte[] digits = Long.toString(offset).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer metadata = ByteBuffer.allocate(FRAMING + OFFSET.length + digits.length);
        put(metadata, OFFSET, digits.length).put(digits);
        return Frame.wrap(metadata.array());
    }

    private static ByteBuffer put(ByteBuffer to, byte[] mime, int length) {
        to.put((byte) (mime.length - 1)).put(mime);
        return to.put((byte) (length >> 16)).putShort((short) length);
    }

    /** A copy in a buffer of the connection's, which releases it. */
    static ByteBuf buffer(ByteBufAllocator alloc, Frame frame) {
        return alloc.buffer(Math.max(1, frame.size())).writeBytes(frame.asByteBuffer());
    }
}
