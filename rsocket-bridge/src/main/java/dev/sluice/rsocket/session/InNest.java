package dev.sluice.rsocket.session;

import dev.sluice.Frame;
import dev.sluice.ProtocolViolationException;
import dev.sluice.rsocket.Origin;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.wire.Wire;
import org.jspecify.annotations.Nullable;

/** A stream of sources the other side sends: the answer to a call, its uplink, or a source that is a nest. */
final class InNest extends InStream<RemoteSource> {

    private final Runnable whenGone;
    private final String service;

    /** Granted in advance to every leaf in it. */
    private final long firstItems;

    /** Waits for a subscriber; calls have none, they are made by one. */
    private final Acceptance.@Nullable Ticket ticket;

    InNest(Session session, long id, int depth, String service, long firstItems, Runnable whenGone) {
        super(session, id, depth, 0);
        this.service = service;
        this.firstItems = firstItems;
        this.whenGone = whenGone;
        this.ticket = depth > 1 ? session.acceptance().await(this::discard) : null;
    }

    @Override
    void onOpen(long child, boolean nest, Frame header) {
        if (depth + (nest ? 1 : 0) > session.options().depth()) {
            throw new ProtocolViolationException("a nest at depth " + (depth + 1) + ", at most "
                    + session.options().depth() + " are taken here");
        }
        if (!takeGranted()) {
            throw new ProtocolViolationException("stream " + child + " in nest " + id + ", which was not asked for");
        }
        session.inbound().charge(header.size() + Wire.OVERHEAD);
        Origin origin = new Origin(session.remoteAddress(), service, session.node());
        RemoteSource source;
        if (nest) {
            InNest stream = nested(child);
            session.add(stream);
            source = new ReceivedSource(header, origin, null, stream);
        } else {
            InLeaf stream = new InLeaf(session, child, depth, firstItems);
            session.add(stream);
            source = new ReceivedSource(header, origin, stream, null);
        }
        pass(source);
    }

    private InNest nested(long child) {
        InNest[] self = new InNest[1];
        self[0] = new InNest(session, child, depth + 1, service, 0, () -> session.remove(self[0]));
        return self[0];
    }

    @Override
    long bytesToGrant() {
        return 0;
    }

    @Override
    void taken(RemoteSource source) {
        session.inbound().release(source.header().size() + Wire.OVERHEAD);
    }

    @Override
    void drop(RemoteSource source) {
        session.inbound().release(source.header().size() + Wire.OVERHEAD);
        source.discard();
    }

    @Override
    void prepare() {}

    @Override
    void accepted() {
        if (ticket != null) {
            ticket.accepted();
        }
    }

    @Override
    void gone() {
        whenGone.run();
    }
}
