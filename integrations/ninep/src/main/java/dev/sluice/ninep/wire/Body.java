package dev.sluice.ninep.wire;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The body of a request, read from front to back. Whoever reads past its end, or text that is none, is refused: the bytes are a stranger's. Reads what
 * it is given in place, and is valid as long as that.
 */
public final class Body {

    /** The most bytes of a text: a path has fewer. */
    private static final int LONGEST_TEXT = 4096;

    private final ByteBuf bytes;

    /** The body of a message whose header has been read. */
    public Body(ByteBuf bytes) {
        this.bytes = bytes;
    }

    private void need(long count) {
        if (bytes.readableBytes() < count) {
            throw new Refusal(
                    Errno.EINVAL,
                    "the message ends " + (count - bytes.readableBytes()) + " bytes before its last field");
        }
    }

    /** An unsigned byte. */
    public int u8() {
        need(1);
        return bytes.readUnsignedByte();
    }

    /** Two bytes, unsigned. */
    public int u16() {
        need(2);
        return bytes.readUnsignedShortLE();
    }

    /** Four bytes. */
    public int i32() {
        need(4);
        return bytes.readIntLE();
    }

    /** Four bytes, unsigned. */
    public long u32() {
        return i32() & 0xFFFF_FFFFL;
    }

    /** Eight bytes. */
    public long i64() {
        need(8);
        return bytes.readLongLE();
    }

    /** A text: strictly UTF-8, without NUL. */
    public String text() {
        int length = u16();
        need(length);
        if (length > LONGEST_TEXT) {
            throw new Refusal(
                    Errno.ENAMETOOLONG, "a text has " + length + " bytes: the longest name has " + LONGEST_TEXT);
        }
        ByteBuffer text = bytes.nioBuffer(bytes.readerIndex(), length);
        bytes.skipBytes(length);
        try {
            String decoded = StandardCharsets.UTF_8.newDecoder().decode(text).toString();
            if (decoded.indexOf('\0') >= 0) {
                throw new Refusal(Errno.EINVAL, "a text has a NUL in it");
            }
            return decoded;
        } catch (CharacterCodingException bad) {
            throw new Refusal(Errno.EINVAL, "a text is not UTF-8");
        }
    }

    /** Bytes whose number is told by four bytes before them: the rest of the message, no more and no less. */
    public byte[] data() {
        long count = u32();
        if (count != bytes.readableBytes()) {
            throw new Refusal(
                    Errno.EINVAL, "the message tells of " + count + " bytes of data and has " + bytes.readableBytes());
        }
        byte[] data = new byte[(int) count];
        bytes.readBytes(data);
        return data;
    }

    /** Leaves bytes out. */
    public void skip(int count) {
        need(count);
        bytes.skipBytes(count);
    }

    /** Whether everything has been read. */
    public boolean isAtEnd() {
        return !bytes.isReadable();
    }

    /** Refuses a message that has more than its fields. */
    public void end() {
        if (bytes.isReadable()) {
            throw new Refusal(
                    Errno.EINVAL, "the message has " + bytes.readableBytes() + " bytes behind its last field");
        }
    }
}
