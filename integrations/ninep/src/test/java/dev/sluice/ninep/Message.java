package dev.sluice.ninep;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A message of a client, put together field by field, whether or not it makes sense. */
final class Message {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final int type;

    private Message(int type) {
        this.type = type;
    }

    static Message of(int type) {
        return new Message(type);
    }

    int type() {
        return type;
    }

    private Message little(long value, int count) {
        for (int i = 0; i < count; i++) {
            bytes.write((int) (value >>> (8 * i)));
        }
        return this;
    }

    Message u8(int value) {
        return little(value, 1);
    }

    Message u16(int value) {
        return little(value, 2);
    }

    Message u32(long value) {
        return little(value, 4);
    }

    Message u64(long value) {
        return little(value, 8);
    }

    Message text(String value) {
        return text(value.getBytes(StandardCharsets.UTF_8));
    }

    Message text(byte[] value) {
        u16(value.length);
        bytes.writeBytes(value);
        return this;
    }

    Message raw(byte... value) {
        bytes.writeBytes(value);
        return this;
    }

    /** The message with its header. */
    byte[] encode(int tag) {
        Message whole = new Message(type);
        whole.u32(bytes.size() + 7L).u8(type).u16(tag).raw(bytes.toByteArray());
        return whole.bytes.toByteArray();
    }
}
