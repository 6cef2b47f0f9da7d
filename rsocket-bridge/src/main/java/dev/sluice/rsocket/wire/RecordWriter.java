package dev.sluice.rsocket.wire;

import dev.sluice.CodecException;
import dev.sluice.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes records. The buffer has the room: whoever writes has made sure of that, see {@link #SMALL}. A number below 0 is
 * refused with an {@link IllegalArgumentException}, after part of its record was written.
 *
 * <p>Has no state: one serves any number of sessions and threads.
 */
public final class RecordWriter {

    /** A record of a type, an id and up to three numbers is never longer than this. */
    public static final int SMALL = 1 + 4 * 9;

    private static final byte[] ELLIPSIS = "…".getBytes(StandardCharsets.UTF_8);

    private RecordWriter() {}

    /** Bytes of a number. */
    public static int sizeOf(long value) {
        return value == 0 ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
    }

    /** HELLO. */
    public static void hello(ByteBuf out, Hello hello) {
        byte[] node = hello.node().getBytes(StandardCharsets.UTF_8);
        out.writeByte(Wire.HELLO);
        int body = sizeOf(hello.version())
                + sizeOf(hello.features())
                + sizeOf(hello.largestFrame())
                + sizeOf(hello.sessionWindow())
                + sizeOf(hello.streamWindow())
                + sizeOf(hello.mostStreams())
                + sizeOf(hello.depth())
                + sizeOf(hello.publisher().size())
                + hello.publisher().size()
                + sizeOf(node.length)
                + node.length;
        varint(out, body);
        varint(out, hello.version());
        varint(out, hello.features());
        varint(out, hello.largestFrame());
        varint(out, hello.sessionWindow());
        varint(out, hello.streamWindow());
        varint(out, hello.mostStreams());
        varint(out, hello.depth());
        frame(out, hello.publisher());
        bytes(out, node);
    }

    /**
     * CALL, with as much of its body as there is room for.
     *
     * @param head service and tags, from {@link #callHead}
     * @param written how many bytes of the body go along; the rest goes as {@link #more}
     */
    public static void call(ByteBuf out, long id, boolean uplink, byte[] head, Frame body, int written) {
        out.writeByte(Wire.CALL);
        varint(out, id);
        out.writeByte(uplink ? 1 : 0);
        out.writeBytes(head);
        varint(out, body.size());
        varint(out, written);
        slice(out, body, 0, written);
    }

    /**
     * The middle of a CALL: service, first items and tags.
     *
     * @throws IllegalArgumentException when one of them is longer than the protocol allows, or a text has half of a
     *     surrogate pair
     */
    public static byte[] callHead(String service, long firstItems, Map<String, String> tags) {
        byte[] name = text(service, Wire.SERVICE_BYTES, "the name of a service");
        ByteBuf out = Unpooled.buffer(64);
        bytes(out, name);
        varint(out, firstItems);
        if (tags.size() > Wire.TAGS) {
            throw new IllegalArgumentException("a call may have " + Wire.TAGS + " tags, this one has " + tags.size());
        }
        varint(out, tags.size());
        int begin = out.writerIndex();
        tags.forEach((key, value) -> {
            bytes(out, text(key, Wire.TEXT_BYTES, "the key of a tag"));
            bytes(out, text(value, Wire.TEXT_BYTES, "the value of tag " + key));
        });
        int length = out.writerIndex() - begin;
        if (length > Wire.TAGS_BYTES) {
            throw new IllegalArgumentException("the tags of a call may have " + Wire.TAGS_BYTES
                    + " bytes together, these have " + length + ": send what is long in the body");
        }
        byte[] head = new byte[out.readableBytes()];
        out.readBytes(head);
        return head;
    }

    /** OPEN. */
    public static void open(ByteBuf out, long id, long parent, boolean nest, Frame header) {
        out.writeByte(Wire.OPEN);
        varint(out, id);
        varint(out, parent);
        out.writeByte(nest ? 1 : 0);
        frame(out, header);
    }

    /** GRANT. */
    public static void grant(ByteBuf out, long id, long items, long bytes) {
        numbers(out, Wire.GRANT, id, items, bytes);
    }

    /** DATA: a whole frame, at most {@link Wire#CHUNK_BYTES}. */
    public static void data(ByteBuf out, long id, Frame frame) {
        out.writeByte(Wire.DATA);
        varint(out, id);
        frame(out, frame);
    }

    /** FIRST: the beginning of a frame. */
    public static void first(ByteBuf out, long id, Frame frame, int length) {
        out.writeByte(Wire.FIRST);
        varint(out, id);
        varint(out, frame.size());
        varint(out, length);
        slice(out, frame, 0, length);
    }

    /** MORE: a further piece of a frame or a body. */
    public static void more(ByteBuf out, long id, Frame frame, int offset, int length) {
        out.writeByte(Wire.MORE);
        varint(out, id);
        varint(out, length);
        slice(out, frame, offset, length);
    }

    /** ACK. */
    public static void ack(ByteBuf out, long id, long first, long count) {
        numbers(out, Wire.ACK, id, first, count);
    }

    /** NACK. */
    public static void nack(ByteBuf out, long id, long first, long count) {
        numbers(out, Wire.NACK, id, first, count);
    }

    /** END. */
    public static void end(ByteBuf out, long id) {
        out.writeByte(Wire.END);
        varint(out, id);
    }

    /** FAIL; a text that is too long is cut, half of a surrogate pair becomes a question mark. */
    public static void fail(ByteBuf out, long id, Code code, String text) {
        out.writeByte(Wire.FAIL);
        varint(out, id);
        varint(out, code.number());
        bytes(out, shortened(text));
    }

    /** CANCEL. */
    public static void cancel(ByteBuf out, long id) {
        out.writeByte(Wire.CANCEL);
        varint(out, id);
    }

    /** GOAWAY; the text as in {@link #fail}. */
    public static void goAway(ByteBuf out, Code code, String text) {
        out.writeByte(Wire.GOAWAY);
        varint(out, code.number());
        bytes(out, shortened(text));
    }

    private static void numbers(ByteBuf out, int type, long id, long one, long two) {
        out.writeByte(type);
        varint(out, id);
        varint(out, one);
        varint(out, two);
    }

    static void varint(ByteBuf out, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a number below 0: " + value);
        }
        long rest = value;
        while (rest >= 0x80) {
            out.writeByte((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    private static void frame(ByteBuf out, Frame frame) {
        varint(out, frame.size());
        slice(out, frame, 0, frame.size());
    }

    private static void slice(ByteBuf out, Frame frame, int offset, int length) {
        if (length > 0) {
            out.ensureWritable(length);
            int index = out.writerIndex();
            frame.copyTo(offset, length, out.internalNioBuffer(index, length));
            out.writerIndex(index + length);
        }
    }

    private static void bytes(ByteBuf out, byte[] bytes) {
        varint(out, bytes.length);
        out.writeBytes(bytes);
    }

    /** Names are refused rather than changed: with a replacement in it, a name would be another name. */
    private static byte[] text(String text, int most, String what) {
        byte[] bytes;
        try {
            bytes = Frame.text(text).toByteArray();
        } catch (CodecException halfOfAPair) {
            throw new IllegalArgumentException(what + " has half of a surrogate pair", halfOfAPair);
        }
        if (bytes.length > most) {
            throw new IllegalArgumentException(what + " may have " + most + " bytes, this one has " + bytes.length);
        }
        return bytes;
    }

    /** Texts for people are made to fit: a failure must not fail because of its message. */
    private static byte[] shortened(String text) {
        // A character is a byte at least, so what is behind the first that are too many is cut anyway.
        byte[] bytes =
                text.substring(0, Math.min(text.length(), Wire.TEXT_BYTES + 1)).getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= Wire.TEXT_BYTES) {
            return bytes;
        }
        int end = Wire.TEXT_BYTES - ELLIPSIS.length;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        byte[] cut = Arrays.copyOf(bytes, end + ELLIPSIS.length);
        System.arraycopy(ELLIPSIS, 0, cut, end, ELLIPSIS.length);
        return cut;
    }
}
