package dev.sluice.rsocket.session;

import dev.sluice.rsocket.wire.BatchCodec;
import dev.sluice.rsocket.wire.RecordWriter;
import dev.sluice.rsocket.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** The batch that is being filled. A full one goes to the connection at once, the last one with {@link #flush}. On the event loop. */
final class Batches {

    /** The smallest batch there is room for at first. */
    private static final int SMALL_BATCH = 512;

    /** Shorter pieces are not cut to fill a batch. */
    private static final int LEAST_PIECE = 4 << 10;

    private final Link link;
    private final Traffic traffic;
    private @Nullable ByteBuf batch;
    private int usualSize = SMALL_BATCH;
    private long handedOver;
    private boolean compressed;
    private boolean unflushed;
    private boolean closed;

    Batches(Link link, Traffic traffic) {
        this.link = link;
        this.traffic = traffic;
    }

    /** Batches are compressed from now on, where it makes them shorter: both sides want it. */
    void compress() {
        compressed = true;
    }

    /** The batch, with room for a record; a new one when the record does not fit. */
    ByteBuf room(int bytes) {
        if (closed) {
            return Unpooled.buffer(bytes); // What is said of a session that is over is written to nobody.
        }
        ByteBuf current = batch;
        if (current != null && current.writerIndex() + bytes > Wire.BATCH_BYTES) {
            send(current);
            current = null;
        }
        if (current == null) {
            current = link.alloc().directBuffer(usualSize, Wire.BATCH_BYTES);
            current.writeByte(Wire.PLAIN);
            batch = current;
        }
        return current;
    }

    /** How long the next piece of a long frame is at most: what is left of this batch, unless that is not worth a record. */
    int piece() {
        ByteBuf current = batch;
        int left = current == null ? 0 : Wire.BATCH_BYTES - current.writerIndex() - RecordWriter.SMALL;
        return left < LEAST_PIECE ? Wire.CHUNK_BYTES : Math.min(left, Wire.CHUNK_BYTES);
    }

    private void send(ByteBuf full) {
        batch = null;
        // A batch of one record needs no room for a thousand; a full one is followed by full ones.
        usualSize = full.readableBytes() > Wire.BATCH_BYTES >> 2 ? Wire.BATCH_BYTES : SMALL_BATCH;
        unflushed = true;
        ByteBuf leaving = compressed ? BatchCodec.encode(full, link.alloc()) : full;
        handedOver += leaving.readableBytes();
        traffic.sent(leaving.readableBytes());
        link.write(leaving);
    }

    /** Bytes that wait here and in the connection. */
    long pending() {
        ByteBuf current = batch;
        return link.pending() + (current == null ? 0 : current.readableBytes());
    }

    /** Bytes that were handed to the connection so far. */
    long handedOver() {
        return handedOver;
    }

    void flush() {
        ByteBuf last = batch;
        if (last != null) {
            send(last);
        }
        if (unflushed) {
            unflushed = false;
            link.flush();
        }
    }

    /** Forgets what has not left. */
    void close() {
        closed = true;
        ByteBuf last = batch;
        batch = null;
        if (last != null) {
            last.release();
        }
    }
}
