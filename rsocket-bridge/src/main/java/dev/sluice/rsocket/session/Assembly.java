package dev.sluice.rsocket.session;

import dev.sluice.Frame;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * A frame or body that comes in chunks. What it sets aside grows with what has come: a peer that announces much, sends little, and thinks
 * better of it, over and over, has few bytes made for many.
 */
final class Assembly {

    /** Room that is made at once. */
    private static final int FIRST_ROOM = 64 << 10;

    /** By how much room grows: seldom, as what is there is copied each time. */
    private static final int GROWTH = 16;

    private final int total;
    private byte[] bytes;
    private int filled;

    /** Nothing of {@code total} bytes. */
    Assembly(int total) {
        this.total = total;
        this.bytes = new byte[Math.min(total, FIRST_ROOM)];
    }

    /** Bytes it will have. */
    int total() {
        return total;
    }

    /** Bytes that are still to come. */
    int missing() {
        return total - filled;
    }

    /** Takes the next chunk, no longer than what is missing. */
    void add(ByteBuf chunk, int length) {
        makeRoom(length);
        chunk.readBytes(bytes, filled, length);
        filled += length;
    }

    /** Takes the next chunk, no longer than what is missing. */
    void add(byte[] chunk) {
        makeRoom(chunk.length);
        System.arraycopy(chunk, 0, bytes, filled, chunk.length);
        filled += chunk.length;
    }

    private void makeRoom(int length) {
        if (filled + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int)
                    Math.min(total, Math.max(filled + length, (long) bytes.length * GROWTH)));
        }
    }

    /** The whole of it, once nothing is missing; to be asked once. */
    Frame whole() {
        return Frame.wrap(bytes);
    }
}
