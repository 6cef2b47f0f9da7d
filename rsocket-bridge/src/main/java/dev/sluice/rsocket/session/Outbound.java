package dev.sluice.rsocket.session;

import dev.sluice.Frame;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.rsocket.wire.Hello;
import dev.sluice.rsocket.wire.RecordWriter;
import dev.sluice.rsocket.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import reactor.core.publisher.Operators;

/**
 * What leaves: the batch that is being filled, and the streams that wait for their turn. All on the event loop.
 *
 * <p>Records of control are written as they arise. Frames are written in turns of {@value Wire#CHUNK_BYTES} bytes, round robin over {@code ready}, so
 * that no source holds up another. A drain ends when nothing is ready, or when the {@link Pace} says so, which has it go on later. A full batch goes to the connection at once, the last one at the end of the drain: nothing waits
 * for a timer.
 *
 * <p>{@code credit} is what the other side takes in of the session. While it is used up, frames that were begun are finished, and the others are
 * {@code starved} until it grants more.
 */
final class Outbound {

    /** What may wait for the connection beyond the high-water mark: records that answer those of the other side. */
    private static final int CONTROL_BYTES = 4 << 20;

    /** How many streams and calls that are over may wait at least. */
    private static final int FORGET_AT = 64;

    private final Session session;
    private final Link link;
    private final Batches batches;
    private final Pace pace;
    private final int highWaterMark;
    private final Queue<OutStream<?>> ready = new ArrayDeque<>();
    private final Queue<OutStream<?>> starved = new ArrayDeque<>();

    /** Leaves that may not yet send what nobody has subscribed to. */
    private final Queue<OutStream<?>> ahead = new ArrayDeque<>();

    /** Nests that wait until the other side's limit of streams lets them open another. */
    private final Queue<OutStream<?>> unopened = new ArrayDeque<>();

    private final Queue<OutgoingCall> calls = new ArrayDeque<>();

    /** Streams that ended while they waited, and calls that were given up, about: since they were last forgotten. */
    private int over;

    private int givenUp;
    private long credit = Hello.FLOOR.sessionWindow();
    private long reserved;
    private int turn;

    /** HELLO has been written: nothing goes before it. */
    private boolean greeted;

    private boolean closed;

    Outbound(Session session, Link link) {
        this.session = session;
        this.link = link;
        this.batches = new Batches(link, session.traffic());
        this.pace = new Pace(session, link, batches);
        this.highWaterMark = session.options().highWaterMark();
    }

    // Whose turn it is.

    /** A stream may have something to send. */
    void ready(OutStream<?> stream) {
        if (!stream.waiting && !closed) {
            stream.waiting = true;
            ready.add(stream);
        }
    }

    /** A nest may open a stream as soon as another has ended. */
    void waitToOpen(OutStream<?> nest) {
        park(nest, unopened);
    }

    /** A leaf may send frames in advance as soon as the session's window is more than half free. */
    void waitForAdvance(OutStream<?> leaf) {
        park(leaf, ahead);
    }

    private void park(OutStream<?> stream, Queue<OutStream<?>> where) {
        if (!stream.parked && !closed) {
            stream.parked = true;
            where.add(stream);
        }
    }

    private void unpark(OutStream<?> stream) {
        stream.parked = false;
        ready(stream);
    }

    /**
     * A stream has ended. Where it waited it is forgotten now and then: whoever calls and cancels without end, and never reads or grants, must not
     * pile up what is over.
     */
    void left(OutStream<?> stream) {
        if ((stream.waiting || stream.parked) && ++over > FORGET_AT + (queued() >> 1)) {
            over = 0;
            for (Queue<OutStream<?>> queue : List.of(ready, starved, ahead, unopened)) {
                queue.removeIf(OutStream::isFinished);
            }
        }
    }

    /** How many streams wait for something. */
    int queued() {
        return ready.size() + starved.size() + ahead.size() + unopened.size();
    }

    void call(OutgoingCall call) {
        calls.add(call);
    }

    /** Fails the calls that were not begun. */
    void refuseCalls(Throwable refusal) {
        List<OutgoingCall> refused =
                calls.stream().filter(call -> !call.isBegun()).toList();
        calls.removeIf(call -> !call.isBegun());
        refused.forEach(call -> call.disconnected(refusal));
    }

    /** How many calls wait to be written. */
    int queuedCalls() {
        return calls.size();
    }

    /** Nobody waits for a call that was not made: it is forgotten now and then, so that it costs little to look for it. */
    void callGivenUp() {
        if (++givenUp > FORGET_AT + (calls.size() >> 1)) {
            givenUp = 0;
            calls.removeIf(call -> !call.isBegun() && call.isGivenUp());
        }
    }

    void granted(long bytes) {
        credit = Math.min(
                Long.MAX_VALUE - Integer.MAX_VALUE, Operators.addCap(Math.max(0, credit), bytes) + Math.min(0, credit));
        if (credit > 0) {
            ready.addAll(starved);
            starved.clear();
        }
        for (int i = ahead.size(); i > 0 && mayStartInAdvance(); i--) {
            unpark(Objects.requireNonNull(ahead.poll()));
        }
    }

    /**
     * Whether frames may be sent that were only asked for in advance. They may lie unread on the other side, and take at most half of the
     * session's window, so that sources that are read go on beside them.
     */
    boolean mayStartInAdvance() {
        return credit > session.peerLimits().sessionWindow() >> 1;
    }

    // What may leave.

    /** Whether this turn has used up its bytes, or the connection has enough. */
    boolean turnIsOver() {
        return turn <= 0 || pace.isSaturated();
    }

    /** Whether frames cannot be started for reasons that have nothing to do with the stream. */
    boolean isHeld() {
        return credit <= 0 || turnIsOver();
    }

    /** Tells what holds back what could be sent. */
    void publish(Traffic traffic) {
        traffic.window.set(credit <= 0 && !(starved.isEmpty() && calls.isEmpty()));
        traffic.connection.set(pace.waitsForSocket());
    }

    /** What is left of this turn, at least a byte. */
    int turnBytes() {
        return Math.max(1, turn);
    }

    /** How many more bytes producers may be asked for ahead of what can leave, all together; each may always be asked for an item. */
    long unreserved() {
        return highWaterMark - reserved;
    }

    void reserve(long bytes) {
        reserved += bytes;
    }

    /** What is handed to the connection at most before the session ends. */
    long hardLimit() {
        return (long) highWaterMark + CONTROL_BYTES;
    }

    /** Whether the other side makes this one answer, and does not read the answers. */
    boolean isOverfull() {
        return !closed && link.pending() > hardLimit();
    }

    /** What the other side takes in of the session. */
    long credit() {
        return credit;
    }

    long reserved() {
        return reserved;
    }

    /** Lets everything leave that may, and flushes. */
    void drain() {
        while (!closed && !(ready.isEmpty() && calls.isEmpty() && unopened.isEmpty()) && pace.allows()) {
            boolean called = makeCall();
            if (!unopened.isEmpty() && session.mayOpen()) {
                // One at a time: each opens a stream, or has none to open and leaves the place to the next.
                unpark(unopened.remove());
            }
            OutStream<?> stream = ready.poll();
            if (stream == null) {
                if (called) {
                    continue;
                }
                break;
            }
            stream.waiting = false;
            giveTurn(stream);
        }
        batches.flush();
    }

    private void giveTurn(OutStream<?> stream) {
        turn = Wire.CHUNK_BYTES + stream.overdrawn;
        boolean more = stream.turn();
        stream.overdrawn = Math.min(0, turn);
        if (more && !stream.waiting) {
            stream.waiting = true;
            if (credit <= 0 && !stream.itemInProgress()) {
                starved.add(stream);
            } else {
                ready.add(stream);
            }
        }
    }

    /** Gives a stream a turn now; if it waits for one among others, it keeps its place. */
    void serve(OutStream<?> stream) {
        if (!closed) {
            int left = turn;
            giveTurn(stream);
            turn = left;
        }
    }

    /** Makes the oldest call, or goes on with it; false when there is none that can be made now. */
    private boolean makeCall() {
        OutgoingCall call = calls.peek();
        if (call == null) {
            return false;
        }
        if (!call.isBegun()) {
            if (call.isGivenUp()) {
                calls.poll();
                return true;
            }
            if (!greeted || credit <= 0 || !session.mayOpen()) {
                return false;
            }
            long largest = session.peerLimits().largestFrame();
            if (call.bodySize() > largest) {
                if (!session.inbound().isGreeted()) {
                    return false; // The other side may take more than the least.
                }
                calls.poll();
                call.refuse(largest);
                return true;
            }
            credit -= call.bodySize() + Wire.OVERHEAD;
            call.begin();
        } else if (!call.isWritten()) {
            call.goOn();
        }
        if (call.isWritten()) {
            calls.poll();
        }
        return true;
    }

    // Records.

    void hello(Hello hello) {
        greeted = true;
        RecordWriter.hello(batches.room(1_024), hello);
    }

    /** Writes a call with as much of its body as fits. */
    int call(OutgoingCall call, byte[] head, Frame body) {
        int fixed = RecordWriter.SMALL + head.length;
        ByteBuf out = batches.room(fixed + Math.min(body.size(), Wire.CHUNK_BYTES));
        int written = Math.min(body.size(), Wire.CHUNK_BYTES);
        RecordWriter.call(out, call.id, call.hasUplink(), head, body, written);
        return written;
    }

    void open(long id, long parent, boolean nest, Frame header) {
        RecordWriter.open(batches.room(RecordWriter.SMALL + header.size()), id, parent, nest, header);
        int cost = header.size() + Wire.OVERHEAD;
        credit -= cost;
        turn -= cost;
    }

    void grant(long id, long items, long bytes) {
        RecordWriter.grant(batches.room(RecordWriter.SMALL), id, items, bytes);
    }

    void data(long id, Frame frame) {
        int size = frame.size();
        RecordWriter.data(batches.room(RecordWriter.SMALL + size), id, frame);
        credit -= size;
        turn -= size + 4;
    }

    /** Writes the beginning of a frame, whose whole length is taken off the window; says how much of it. */
    int first(long id, Frame frame) {
        int length = Math.min(frame.size(), batches.piece());
        RecordWriter.first(batches.room(RecordWriter.SMALL + length), id, frame, length);
        credit -= frame.size();
        turn -= length;
        return length;
    }

    /** Writes the next piece of a frame or of a call's body; says how long it is. */
    int more(long id, Frame frame, int offset) {
        int length = Math.min(frame.size() - offset, batches.piece());
        RecordWriter.more(batches.room(RecordWriter.SMALL + length), id, frame, offset, length);
        turn -= length;
        return length;
    }

    void ack(long id, long first, long count, boolean taken) {
        ByteBuf out = batches.room(RecordWriter.SMALL);
        if (taken) {
            RecordWriter.ack(out, id, first, count);
        } else {
            RecordWriter.nack(out, id, first, count);
        }
    }

    void end(long id) {
        RecordWriter.end(batches.room(RecordWriter.SMALL), id);
    }

    void fail(long id, Code code, String text) {
        RecordWriter.fail(batches.room(RecordWriter.SMALL + Wire.TEXT_BYTES), id, code, text);
    }

    void cancel(long id) {
        RecordWriter.cancel(batches.room(RecordWriter.SMALL), id);
    }

    void goAway(Code code, String text) {
        RecordWriter.goAway(batches.room(RecordWriter.SMALL + Wire.TEXT_BYTES), code, text);
    }

    Batches batches() {
        return batches;
    }

    /** Forgets everything that has not left. */
    void close(Throwable cause) {
        closed = true;
        batches.close();
        ready.clear();
        starved.clear();
        ahead.clear();
        unopened.clear();
        for (OutgoingCall call = calls.poll(); call != null; call = calls.poll()) {
            call.disconnected(cause);
        }
    }
}
