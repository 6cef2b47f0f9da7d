package dev.sluice.rsocket.wire;

import dev.sluice.Frame;
import io.netty.buffer.ByteBuf;
import java.util.Map;

/**
 * Is told of the records of a batch, one after the other, by a {@link RecordReader}. Each is well formed when it is told of;
 * whether it is allowed at this point is the handler's to say, by throwing {@link
 * dev.sluice.ProtocolViolationException}.
 */
public interface RecordHandler {

    /** HELLO. */
    void hello(Hello hello);

    /**
     * CALL.
     *
     * @param uplink whether the caller sends streams of its own
     * @param firstItems items every leaf directly beneath the answer may send unasked
     * @param total bytes of the whole body
     * @param body its beginning; the rest follows as {@link #more}
     */
    void call(
            long id, boolean uplink, String service, long firstItems, Map<String, String> tags, int total, byte[] body);

    /** OPEN. */
    void open(long id, long parent, boolean nest, Frame header);

    /** GRANT. */
    void grant(long id, long items, long bytes);

    /**
     * DATA: a whole frame.
     *
     * @param buffer has at least {@code length} readable bytes; the handler need not read them, and must not read further
     */
    void data(long id, ByteBuf buffer, int length);

    /** FIRST: the first chunk of a frame; the buffer as in {@link #data}. */
    void first(long id, int total, ByteBuf buffer, int length);

    /** MORE: the next chunk of a frame or of a call's body; the buffer as in {@link #data}. */
    void more(long id, ByteBuf buffer, int length);

    /** ACK. */
    void ack(long id, long first, long count);

    /** NACK. */
    void nack(long id, long first, long count);

    /** END. */
    void end(long id);

    /** FAIL. */
    void fail(long id, Code code, String text);

    /** CANCEL. */
    void cancel(long id);

    /** GOAWAY. */
    void goAway(Code code, String text);
}
