package dev.sluice.rsocket.wire;

import dev.sluice.Frame;
import dev.sluice.ProtocolViolationException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the records of a batch. Whatever the bytes are, it either tells the handler of well-formed records or throws {@link
 * ProtocolViolationException}; it never reads beyond the batch, and allocates nothing that is longer than the batch. Records
 * of frames (DATA, FIRST, MORE) and of single numbers are read without allocating.
 *
 * <p>Has no state: one serves any number of sessions and threads.
 */
public final class RecordReader {

    private RecordReader() {}

    /**
     * Reads all records of a batch, whose first byte has been taken off.
     *
     * @param batch read to its end; not released
     * @param handler told of each record
     * @throws ProtocolViolationException when the bytes are no records, or the handler refuses one
     */
    public static void read(ByteBuf batch, RecordHandler handler) {
        while (batch.isReadable()) {
            int type = batch.readByte();
            switch (type) {
                case Wire.DATA -> {
                    long id = varint(batch);
                    int length = length(batch, Wire.CHUNK_BYTES, "a frame");
                    int end = batch.readerIndex() + length;
                    handler.data(id, batch, length);
                    batch.readerIndex(end);
                }
                case Wire.FIRST -> {
                    long id = varint(batch);
                    int total = size(batch, "a frame");
                    int length = chunk(batch);
                    if (total <= length) {
                        throw new ProtocolViolationException(
                                "a first chunk of " + length + " bytes of a frame of " + total + " bytes");
                    }
                    int end = batch.readerIndex() + length;
                    handler.first(id, total, batch, length);
                    batch.readerIndex(end);
                }
                case Wire.MORE -> {
                    long id = varint(batch);
                    int length = chunk(batch);
                    int end = batch.readerIndex() + length;
                    handler.more(id, batch, length);
                    batch.readerIndex(end);
                }
                case Wire.GRANT -> handler.grant(varint(batch), varint(batch), varint(batch));
                case Wire.OPEN -> readOpen(batch, handler);
                case Wire.END -> handler.end(varint(batch));
                case Wire.CANCEL -> handler.cancel(varint(batch));
                case Wire.ACK -> {
                    long id = varint(batch);
                    long first = varint(batch);
                    handler.ack(id, first, countFrom(first, batch));
                }
                case Wire.NACK -> {
                    long id = varint(batch);
                    long first = varint(batch);
                    handler.nack(id, first, countFrom(first, batch));
                }
                case Wire.CALL -> readCall(batch, handler);
                case Wire.FAIL -> handler.fail(varint(batch), Code.of(varint(batch)), text(batch, Wire.TEXT_BYTES));
                case Wire.HELLO -> readHello(batch, handler);
                case Wire.GOAWAY -> handler.goAway(Code.of(varint(batch)), text(batch, Wire.TEXT_BYTES));
                default -> throw new ProtocolViolationException("unknown record type " + (type & 0xFF));
            }
        }
    }

    private static void readOpen(ByteBuf batch, RecordHandler handler) {
        long id = varint(batch);
        long parent = varint(batch);
        int kind = octet(batch);
        if (kind > 1) {
            throw new ProtocolViolationException("unknown kind of stream " + kind);
        }
        handler.open(id, parent, kind == 1, Frame.wrap(bytes(batch, Wire.HEADER_BYTES, "a header")));
    }

    private static void readCall(ByteBuf batch, RecordHandler handler) {
        long id = varint(batch);
        int flags = octet(batch);
        if (flags > 1) {
            throw new ProtocolViolationException("unknown flags of a call: " + flags);
        }
        String service = text(batch, Wire.SERVICE_BYTES);
        long firstItems = varint(batch);
        Map<String, String> tags = tags(batch);
        int total = size(batch, "a body");
        byte[] body = bytes(batch, Wire.BATCH_BYTES, "a body");
        if (body.length > total) {
            throw new ProtocolViolationException("a body of " + total + " bytes that begins with " + body.length);
        }
        handler.call(id, flags == 1, service, firstItems, tags, total, body);
    }

    private static Map<String, String> tags(ByteBuf batch) {
        long count = varint(batch);
        if (count > Wire.TAGS) {
            throw new ProtocolViolationException(
                    "a call with " + count + " tags, at most " + Wire.TAGS + " are allowed");
        }
        Map<String, String> tags = count == 0 ? Map.of() : new LinkedHashMap<>();
        int begin = batch.readerIndex();
        for (long i = 0; i < count; i++) {
            String key = text(batch, Wire.TEXT_BYTES);
            if (tags.put(key, text(batch, Wire.TEXT_BYTES)) != null) {
                throw new ProtocolViolationException("a call with two tags of one key");
            }
            if (batch.readerIndex() - begin > Wire.TAGS_BYTES) {
                throw new ProtocolViolationException("a call with tags of more than " + Wire.TAGS_BYTES + " bytes");
            }
        }
        return tags;
    }

    private static void readHello(ByteBuf batch, RecordHandler handler) {
        int length = length(batch, Wire.BATCH_BYTES, "a hello");
        // What a later version appends is left unread in the slice.
        handler.hello(hello(batch.readSlice(length)));
    }

    private static Hello hello(ByteBuf body) {
        try {
            return new Hello(
                    varint(body),
                    varint(body),
                    varint(body),
                    varint(body),
                    varint(body),
                    varint(body),
                    varint(body),
                    Frame.wrap(bytes(body, Wire.PUBLISHER_BYTES, "a publisher")),
                    text(body, Wire.SERVICE_BYTES));
        } catch (IllegalArgumentException broken) {
            throw new ProtocolViolationException("a hello that is refused: " + broken.getMessage());
        }
    }

    static long varint(ByteBuf batch) {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int read = octet(batch);
            value |= (long) (read & 0x7F) << shift;
            if (read < 0x80) {
                if (read == 0 && shift > 0) {
                    throw new ProtocolViolationException("a number that is longer than it need be");
                }
                return value;
            }
        }
        throw new ProtocolViolationException("a number of more than 9 bytes");
    }

    /** A count of items, the last of which still has a number: nobody who adds them up overflows. */
    private static long countFrom(long first, ByteBuf batch) {
        long count = varint(batch);
        if (count > Long.MAX_VALUE - first) {
            throw new ProtocolViolationException("items from " + first + " on, " + count + " of them");
        }
        return count;
    }

    private static int octet(ByteBuf batch) {
        if (!batch.isReadable()) {
            throw new ProtocolViolationException("a record that is cut off");
        }
        return batch.readByte() & 0xFF;
    }

    /** A length that is announced, not yet there. */
    private static int size(ByteBuf batch, String what) {
        long size = varint(batch);
        if (size > Integer.MAX_VALUE - 8) {
            throw new ProtocolViolationException(what + " of " + size + " bytes, longer than any can be");
        }
        return (int) size;
    }

    private static int chunk(ByteBuf batch) {
        int length = length(batch, Wire.CHUNK_BYTES, "a chunk");
        if (length == 0) {
            throw new ProtocolViolationException("an empty chunk");
        }
        return length;
    }

    private static int length(ByteBuf batch, int most, String what) {
        long length = varint(batch);
        if (length > most) {
            throw new ProtocolViolationException(what + " of " + length + " bytes, at most " + most + " are allowed");
        }
        if (length > batch.readableBytes()) {
            throw new ProtocolViolationException("a record that is cut off");
        }
        return (int) length;
    }

    private static byte[] bytes(ByteBuf batch, int most, String what) {
        byte[] bytes = new byte[length(batch, most, what)];
        batch.readBytes(bytes);
        return bytes;
    }

    private static String text(ByteBuf batch, int most) {
        byte[] bytes = bytes(batch, most, "a text");
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException broken) {
            throw new ProtocolViolationException("a text that is not UTF-8");
        }
    }
}
