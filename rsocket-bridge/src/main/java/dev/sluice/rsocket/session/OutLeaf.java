package dev.sluice.rsocket.session;

import dev.sluice.Frame;
import dev.sluice.ProtocolViolationException;
import dev.sluice.Source;
import dev.sluice.rsocket.watch.Stall;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.rsocket.wire.Wire;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Operators;

/** A stream of frames this side sends. All on the event loop, but for the signals of its producer. */
final class OutLeaf extends OutStream<Frame> {

    private final Source source;
    private final Acceptance.@Nullable Ticket ticket;

    /** Bytes the other side may still be sent in this stream. */
    private long credit;

    /** Frames that were begun, for what is acknowledged. */
    private long sentFrames;

    /** About the size of a frame, lately; 0 when none was sent yet. */
    private int usualSize;

    /** A frame longer than a chunk that was begun. */
    private @Nullable Frame current;

    /** Nobody has subscribed on the other side yet, as far as is known here. */
    private boolean inAdvance;

    private int offset;

    /** When this window began to hold the producer back; 0 while it does not. */
    private long stalledSince;

    OutLeaf(Session session, long id, int depth, Source source, long items) {
        super(session, id, depth, items);
        this.source = source;
        this.credit = session.peerLimits().streamWindow();
        this.inAdvance = items > 0;
        this.ticket = items > 0 ? null : session.acceptance().await(this::notAccepted);
    }

    private void notAccepted() {
        fail(
                Code.ACCEPT_TIMEOUT,
                "nobody subscribed to source " + source.header() + " within "
                        + session.options().acceptTimeout()
                        + ": subscribe to it or discard() it, or raise acceptTimeout");
    }

    @Override
    void subscribeTo() {
        source.frames().subscribe(this);
    }

    @Override
    void neverSubscribed() {
        session.callOut(source::discard);
    }

    @Override
    void granted() {
        inAdvance = false;
        if (ticket != null) {
            ticket.accepted();
        }
    }

    /** The other side's HELLO gives streams more bytes than the least. */
    void widen(long bytes) {
        grantBytes(bytes);
        session.outbound().ready(this);
    }

    @Override
    void grantBytes(long bytes) {
        credit = Operators.addCap(Math.max(0, credit), bytes) + Math.min(0, credit);
        if (credit > 0) {
            stalledSince = session.traffic().wentOn(Stall.STREAM, stalledSince);
        }
    }

    @Override
    void onAck(long first, long count, boolean taken) {
        if (first > sentFrames || count > sentFrames - first) {
            throw new ProtocolViolationException("an acknowledgement of " + count + " frames from " + first
                    + " on, of stream " + id + ", which has sent " + sentFrames);
        }
        if (source instanceof AcknowledgedSource acknowledged) {
            session.callOut(() -> acknowledged.acknowledged(first, count, taken));
        }
    }

    @Override
    boolean mayWrite(Frame frame) {
        return current == null && windowIsOpen() && !session.outbound().isHeld();
    }

    @Override
    boolean windowIsOpen() {
        if (credit <= 0 && items() > 0) {
            stalledSince = session.traffic().stalled(stalledSince);
        }
        return items() > 0 && credit > 0 && (!inAdvance || mayStartInAdvance());
    }

    private boolean mayStartInAdvance() {
        if (session.outbound().mayStartInAdvance()) {
            return true;
        }
        session.outbound().waitForAdvance(this);
        return false;
    }

    @Override
    void write(Frame frame) {
        int size = frame.size();
        if (size > session.peerLimits().largestFrame()) {
            fail(
                    Code.TOO_LARGE,
                    "a frame of " + size + " bytes, the other side takes at most "
                            + session.peerLimits().largestFrame() + ": send it in pieces, or raise largestFrame there");
            return;
        }
        usualSize = usualSize == 0 ? Math.max(1, size) : Math.max(1, (usualSize * 3 + size) >>> 2);
        credit -= size;
        sentFrames++;
        session.traffic().frameOut();
        if (size <= Wire.CHUNK_BYTES) {
            session.outbound().data(id, frame);
        } else {
            offset = session.outbound().first(id, frame);
            current = frame;
            resumeItem();
        }
    }

    @Override
    boolean resumeItem() {
        Frame frame = current;
        if (frame == null) {
            return true;
        }
        while (offset < frame.size()) {
            if (session.outbound().turnIsOver()) {
                return false;
            }
            offset += session.outbound().more(id, frame, offset);
        }
        current = null;
        return true;
    }

    @Override
    boolean itemInProgress() {
        return current != null;
    }

    @Override
    long window() {
        return credit;
    }

    @Override
    int usualSize() {
        return usualSize;
    }

    @Override
    void discardItem() {
        current = null;
    }

    @Override
    void discard(Frame frame) {
        Operators.onDiscard(frame, currentContext());
    }

    @Override
    void gone() {
        if (ticket != null) {
            ticket.accepted();
        }
        stalledSince = session.traffic().wentOn(Stall.STREAM, stalledSince);
        session.remove(this);
        if (source instanceof AcknowledgedSource acknowledged) {
            session.callOut(acknowledged::left);
        }
    }
}
