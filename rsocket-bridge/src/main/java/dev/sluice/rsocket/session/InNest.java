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

    /** Null for a call, which is made by its subscriber, and for a nest that had a subscriber as soon as it was announced. */
    private Acceptance.@Nullable Ticket ticket;

    /** Of all sources in it. */
    private @Nullable Origin origin;

    InNest(Session session, long id, int depth, String service, long firstItems, Runnable whenGone) {
        super(session, id, depth, 0);
        this.service = service;
        this.firstItems = firstItems;
        this.whenGone = whenGone;
    }

    /** Gives the nest up when nobody subscribes to it in time. On the event loop. */
    private void awaitSubscriber() {
        if (!isTaken() && !isEnded()) {
            ticket = session.acceptance().await(this::discard);
        }
    }

    private Origin origin() {
        Origin known = origin;
        if (known == null) {
            // No source is announced before HELLO, which names the node.
            known = new Origin(session.remoteAddress(), service, session.node());
            origin = known;
        }
        return known;
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
        if (nest) {
            InNest stream = nested(child);
            session.add(stream);
            pass(new ReceivedSource(header, origin(), null, stream));
            stream.awaitSubscriber();
        } else {
            InLeaf stream = new InLeaf(session, child, depth, firstItems);
            session.add(stream);
            pass(new ReceivedSource(header, origin(), stream, null));
            stream.awaitSubscriber();
        }
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
