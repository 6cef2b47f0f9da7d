package dev.sluice.rsocket.session;

import dev.sluice.Frame;
import dev.sluice.ProtocolViolationException;
import dev.sluice.rsocket.wire.Code;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Something with an id in a session: told of the records that name it, on the event loop. A record that makes no sense for it breaks the
 * protocol.
 *
 * <p>Other threads change a stream by setting its own atomic fields and {@link Session#touch touching} it; {@link #run} then acts on them on
 * the event loop. {@code touched} keeps a stream from being queued twice.
 */
abstract class Stream {

    private static final AtomicIntegerFieldUpdater<Stream> TOUCHED =
            AtomicIntegerFieldUpdater.newUpdater(Stream.class, "touched");

    final Session session;
    /** 0 until the stream has been named on the wire; set on the event loop. */
    long id;

    /** How many nests it is in: an answer is 1. */
    final int depth;

    private volatile int touched;

    Stream(Session session, long id, int depth) {
        this.session = session;
        this.id = id;
        this.depth = depth;
    }

    /** Whether the caller is to queue this stream. */
    final boolean markTouched() {
        return touched == 0 && TOUCHED.compareAndSet(this, 0, 1);
    }

    /** Before {@link #run}: what is set from now on touches again. */
    final void clearTouched() {
        touched = 0;
    }

    /** Acts on what other threads have asked for. */
    abstract void run();

    /** The session has ended: releases everything and tells whoever waits. */
    abstract void disconnected(Throwable cause);

    void onGrant(long items, long bytes) {
        throw misplaced("GRANT");
    }

    void onOpen(long child, boolean nest, Frame header) {
        throw misplaced("OPEN");
    }

    void onData(ByteBuf buffer, int length) {
        throw misplaced("DATA");
    }

    void onFirst(int total, ByteBuf buffer, int length) {
        throw misplaced("FIRST");
    }

    void onMore(ByteBuf buffer, int length) {
        throw misplaced("MORE");
    }

    void onAck(long first, long count, boolean taken) {
        throw misplaced(taken ? "ACK" : "NACK");
    }

    void onEnd() {
        throw misplaced("END");
    }

    void onFail(Code code, String text) {
        throw misplaced("FAIL");
    }

    void onCancel() {
        throw misplaced("CANCEL");
    }

    private ProtocolViolationException misplaced(String record) {
        return new ProtocolViolationException(record + " for stream " + id + ", which it makes no sense for");
    }
}
