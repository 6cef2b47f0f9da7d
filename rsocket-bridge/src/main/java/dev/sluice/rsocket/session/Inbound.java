package dev.sluice.rsocket.session;

import dev.sluice.Frame;
import dev.sluice.ProtocolViolationException;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.rsocket.wire.Hello;
import dev.sluice.rsocket.wire.RecordHandler;
import dev.sluice.rsocket.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What comes in: finds the stream of each record, and holds the other side to the session's rules. All on the event loop.
 *
 * <p>{@code credit} is what the other side may still send of the session's window. Bytes are charged when a frame, header or body begins, and
 * released when they no longer take up memory here; what is released is granted again at half a window.
 */
final class Inbound implements RecordHandler {

    private final Session session;
    private final int window;
    private long credit;
    private long released;
    private boolean greeted;
    private @Nullable ServedCall unfinished;
    private long second = Long.MIN_VALUE;
    private int callsThisSecond;

    Inbound(Session session) {
        this.session = session;
        this.window = session.options().sessionWindow();
        this.credit = window;
    }

    void charge(int bytes) {
        if (credit <= 0) {
            throw new ProtocolViolationException("bytes beyond the session's window of " + window);
        }
        credit -= bytes;
    }

    void release(int bytes) {
        released += bytes;
        if (released >= window >> 1) {
            credit += released;
            session.outbound().grant(0, 0, released);
            released = 0;
        }
    }

    /** Whether the other side has said what it is. */
    boolean isGreeted() {
        return greeted;
    }

    /** What the other side may still send. */
    long credit() {
        return credit;
    }

    /** What the other side may send and what will be granted again; the whole window when nothing is held here. */
    long free() {
        return credit + released;
    }

    /** The body is whole, or no more of it will come. */
    void bodyIsOver(ServedCall call) {
        if (unfinished == call) {
            unfinished = null;
        }
    }

    @Override
    public void hello(Hello hello) {
        if (greeted) {
            throw new ProtocolViolationException("a second HELLO");
        }
        greeted = true;
        session.greeted(hello);
    }

    @Override
    public void call(
            long id,
            boolean uplink,
            String service,
            long firstItems,
            Map<String, String> tags,
            int total,
            byte[] body) {
        requireHello();
        session.takeId(id);
        if (unfinished != null) {
            throw new ProtocolViolationException("CALL " + id + " within the body of another");
        }
        if (total > session.options().largestFrame()) {
            throw new ProtocolViolationException("a body of " + total + " bytes in call " + id + ", at most "
                    + session.options().largestFrame() + " are taken here");
        }
        charge(total + Wire.OVERHEAD);
        countCall();
        ServedCall call = new ServedCall(session, id, service, tags, uplink, firstItems, total);
        unfinished = call;
        session.add(call);
        call.begin(body);
    }

    /** Whether the other side calls too often. Calls it gives up before they are whole count too. */
    boolean isTooMany() {
        return callsThisSecond > session.options().callsPerSecond();
    }

    private void countCall() {
        long now = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        if (now != second) {
            second = now;
            callsThisSecond = 0;
        }
        callsThisSecond++;
    }

    @Override
    public void open(long id, long parent, boolean nest, Frame header) {
        requireHello();
        session.takeId(id);
        Stream nestOf = session.find(parent);
        if (nestOf == null) {
            // Its nest was cancelled while it was on its way.
            charge(header.size() + Wire.OVERHEAD);
            release(header.size() + Wire.OVERHEAD);
            session.outbound().cancel(id);
            return;
        }
        nestOf.onOpen(id, nest, header);
    }

    @Override
    public void grant(long id, long items, long bytes) {
        if (id == 0) {
            requireHello();
            session.outbound().granted(bytes);
            return;
        }
        Stream stream = stream(id);
        if (stream != null) {
            stream.onGrant(items, bytes);
        }
    }

    @Override
    public void data(long id, ByteBuf buffer, int length) {
        Stream stream = stream(id);
        if (stream == null) {
            charge(length);
            release(length);
            return;
        }
        stream.onData(buffer, length);
    }

    @Override
    public void first(long id, int total, ByteBuf buffer, int length) {
        Stream stream = stream(id);
        if (stream == null) {
            charge(total);
            release(total);
            return;
        }
        stream.onFirst(total, buffer, length);
    }

    @Override
    public void more(long id, ByteBuf buffer, int length) {
        Stream stream = stream(id);
        if (stream != null) {
            stream.onMore(buffer, length);
        }
    }

    @Override
    public void ack(long id, long first, long count) {
        Stream stream = stream(id);
        if (stream != null) {
            stream.onAck(first, count, true);
        }
    }

    @Override
    public void nack(long id, long first, long count) {
        Stream stream = stream(id);
        if (stream != null) {
            stream.onAck(first, count, false);
        }
    }

    @Override
    public void end(long id) {
        Stream stream = stream(id);
        if (stream != null) {
            stream.onEnd();
        }
    }

    @Override
    public void fail(long id, Code code, String text) {
        if (id == 0) {
            session.failedByPeer(code, text);
            return;
        }
        Stream stream = stream(id);
        if (stream != null) {
            stream.onFail(code, text);
        }
    }

    @Override
    public void cancel(long id) {
        Stream stream = stream(id);
        if (stream != null) {
            stream.onCancel();
        }
    }

    @Override
    public void goAway(Code code, String text) {
        requireHello();
        session.goneAway(code, text);
    }

    private @Nullable Stream stream(long id) {
        requireHello();
        return session.find(id);
    }

    private void requireHello() {
        if (!greeted) {
            throw new ProtocolViolationException("a record before HELLO");
        }
    }
}
