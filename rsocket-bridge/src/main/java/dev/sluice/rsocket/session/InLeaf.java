package dev.sluice.rsocket.session;

import dev.sluice.Frame;
import dev.sluice.ProtocolViolationException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stream of frames the other side sends.
 *
 * <p>Bytes: a frame is taken off both windows when it starts and held against them until the subscriber has it. A frame that is dropped, and
 * what is left of one that was broken off, goes back to the session's window at once. {@linkplain #hold Held}, they stay taken off the stream's
 * window until the subscriber releases them.
 */
final class InLeaf extends InStream<Frame> {

    /** Bytes the other side may still send. */
    private long credit;

    /** Bytes taken and not yet granted again. */
    private long takenBytes;

    /** The frame that is being put together. */
    private @Nullable Assembly partial;

    /** Ranges to be acknowledged, each of three numbers: first, count, and 1 for taken; null before the first. Guarded by this. */
    private @Nullable ArrayDeque<long[]> acks;

    private volatile boolean hasAcks;

    /** Whether the subscriber says when bytes are granted again, and those it has released since. Released: guarded by this. */
    private volatile boolean held;

    private long released;

    /** Null for a source that had a subscriber as soon as it was announced. */
    private Acceptance.@Nullable Ticket ticket;

    InLeaf(Session session, long id, int depth, long granted) {
        super(session, id, depth, granted);
        this.credit = session.options().streamWindow();
    }

    /** Gives the source up when nobody subscribes to it in time. On the event loop. */
    void awaitSubscriber() {
        if (!isTaken() && !isEnded()) {
            ticket = session.acceptance().await(this::discard);
        }
    }

    @Override
    void onData(ByteBuf buffer, int length) {
        start(length);
        byte[] bytes = new byte[length];
        buffer.readBytes(bytes);
        pass(Frame.wrap(bytes));
    }

    @Override
    void onFirst(int total, ByteBuf buffer, int length) {
        start(total);
        Assembly begun = new Assembly(total);
        begun.add(buffer, length);
        partial = begun;
    }

    @Override
    void onMore(ByteBuf buffer, int length) {
        Assembly frame = partial;
        if (frame == null) {
            throw new ProtocolViolationException("MORE of a frame of stream " + id + " that was not begun");
        }
        if (length > frame.missing()) {
            throw new ProtocolViolationException(
                    "MORE of a frame of stream " + id + " than its " + frame.total() + " bytes");
        }
        frame.add(buffer, length);
        if (frame.missing() == 0) {
            partial = null;
            pass(frame.whole());
        }
    }

    private void start(int size) {
        if (partial != null) {
            throw new ProtocolViolationException("a frame of stream " + id + " within another");
        }
        if (size > session.options().largestFrame()) {
            throw new ProtocolViolationException("a frame of " + size + " bytes in stream " + id + ", at most "
                    + session.options().largestFrame() + " are taken here");
        }
        if (!takeGranted()) {
            throw new ProtocolViolationException("a frame of stream " + id + " that was not asked for");
        }
        if (credit <= 0) {
            throw new ProtocolViolationException("a frame of stream " + id + " beyond its window of bytes");
        }
        credit -= size;
        session.traffic().frameIn();
        session.inbound().charge(size);
    }

    @Override
    void onEnd() {
        if (partial != null) {
            throw new ProtocolViolationException("END of stream " + id + " within a frame");
        }
        super.onEnd();
    }

    @Override
    long bytesToGrant() {
        if (takenBytes < session.options().streamWindow() >> 1) {
            return 0;
        }
        long bytes = takenBytes;
        takenBytes = 0;
        credit += bytes;
        return bytes;
    }

    @Override
    void taken(Frame frame) {
        if (!held) {
            takenBytes += frame.size();
        }
        session.inbound().release(frame.size());
    }

    /** The stream's window has room for bytes again only when they are {@linkplain #release released}. Before anybody subscribes. */
    void hold() {
        held = true;
    }

    /** Bytes of frames need no room any more. From any thread. */
    void release(long bytes) {
        synchronized (this) {
            released += bytes;
        }
        session.touch(this);
    }

    @Override
    void drop(Frame frame) {
        session.inbound().release(frame.size());
    }

    /**
     * Takes responsibility for items, or gives them back. From any thread; without effect once the stream has ended or was cancelled.
     *
     * @param first the first item's number, 0 for the first of the stream
     * @param count how many
     * @param taken false gives them back
     */
    void acknowledge(long first, long count, boolean taken) {
        synchronized (this) {
            ArrayDeque<long[]> ranges = acks;
            if (ranges == null) {
                ranges = new ArrayDeque<>(2);
                acks = ranges;
            }
            long[] last = ranges.peekLast();
            if (last != null && (last[2] == 1) == taken && last[0] + last[1] == first) {
                last[1] += count;
                return;
            }
            ranges.add(new long[] {first, count, taken ? 1 : 0});
            hasAcks = true;
        }
        session.touch(this);
    }

    @Override
    void prepare() {
        if (hasAcks) {
            acknowledge();
        }
        if (held) {
            // After the acknowledgement: the other side must not hold more than the window, and what it has not heard
            // of.
            synchronized (this) {
                takenBytes += released;
                released = 0;
            }
        }
    }

    private synchronized void acknowledge() {
        hasAcks = false;
        ArrayDeque<long[]> ranges = Objects.requireNonNull(acks);
        for (long[] range = ranges.poll(); range != null; range = ranges.poll()) {
            if (!isEnded()) {
                session.outbound().ack(id, range[0], range[1], range[2] == 1);
            }
        }
    }

    @Override
    void accepted() {
        if (ticket != null) {
            ticket.accepted();
        }
    }

    @Override
    void gone() {
        Assembly broken = partial;
        partial = null;
        if (broken != null) {
            session.inbound().release(broken.total());
        }
        session.remove(this);
    }
}
