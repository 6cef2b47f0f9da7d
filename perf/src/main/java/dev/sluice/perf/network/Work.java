package dev.sluice.perf.network;

import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a client asks a server for. Peers with one stream for each source ask once for each, with the same bytes.
 *
 * @param sources how many sources
 * @param frames how many frames each of them has
 * @param size bytes of a frame, 1 or more
 */
record Work(int sources, int frames, int size) {

    /** Bytes of a request. */
    private static final int BYTES = 3 * Integer.BYTES;

    /** The first and the last byte of every frame. */
    static final byte EDGE = 0x5a;

    static Work decode(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Work(buffer.getInt(), buffer.getInt(), buffer.getInt());
    }

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .putInt(sources)
                .putInt(frames)
                .putInt(size)
                .array();
    }

    /** Frames of all sources. */
    long allFrames() {
        return (long) sources * frames;
    }

    /** Bytes of all frames. */
    long allBytes() {
        return allFrames() * size;
    }

    /** What a frame holds: bytes that no compression makes shorter. */
    byte[] content() {
        byte[] content = new byte[size];
        ThreadLocalRandom.current().nextBytes(content);
        content[0] = EDGE;
        content[size - 1] = EDGE;
        return content;
    }
}
