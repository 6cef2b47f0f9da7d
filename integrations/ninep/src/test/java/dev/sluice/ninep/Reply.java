package dev.sluice.ninep;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** An answer of the server, read field by field. */
final class Reply {

    final int type;
    final int tag;
    private final ByteBuffer body;

    Reply(int type, int tag, byte[] body) {
        this.type = type;
        this.tag = tag;
        this.body = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
    }

    int u8() {
        return body.get() & 0xFF;
    }

    int u16() {
        return body.getShort() & 0xFFFF;
    }

    int i32() {
        return body.getInt();
    }

    long i64() {
        return body.getLong();
    }

    String text() {
        return new String(bytes(u16()), StandardCharsets.UTF_8);
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        body.get(bytes);
        return bytes;
    }

    /** The data of an Rread, as text. */
    String data() {
        return new String(bytes(i32()), StandardCharsets.UTF_8);
    }

    /** A qid: whether it is a directory, then its path. */
    Qid qid() {
        int kind = u8();
        int version = i32();
        return new Qid(kind, version, i64());
    }

    int left() {
        return body.remaining();
    }

    boolean isError() {
        return type == 7 || type == 107;
    }

    /** The number of an error of 9P2000.L or .u. */
    int errno() {
        if (type == 7) {
            return i32();
        }
        text();
        return i32();
    }

    record Qid(int kind, int version, long path) {
        boolean isDirectory() {
            return kind == 0x80;
        }
    }

    @Override
    public String toString() {
        return "Reply[type=" + type + ", tag=" + tag + ", " + body + "]";
    }
}
