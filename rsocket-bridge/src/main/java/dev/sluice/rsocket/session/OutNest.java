package dev.sluice.rsocket.session;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.Nest;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.rsocket.wire.Wire;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** A stream of sources this side sends: the answer to a call, its uplink, or a nest within. */
final class OutNest extends OutStream<Source> {

    private final Supplier<? extends Publisher<? extends Source>> sources;
    private final Runnable whenGone;

    /** Granted in advance to every leaf in it. */
    private final long firstItems;

    /** Waits for a subscriber on the other side; calls have none, they are made by one. */
    private final Acceptance.@Nullable Ticket ticket;

    OutNest(
            Session session,
            long id,
            int depth,
            Supplier<? extends Publisher<? extends Source>> sources,
            long firstItems,
            Runnable whenGone) {
        super(session, id, depth, 0);
        this.sources = sources;
        this.firstItems = firstItems;
        this.whenGone = whenGone;
        this.ticket = depth > 1 ? session.acceptance().await(this::notAccepted) : null;
    }

    private void notAccepted() {
        fail(
                Code.ACCEPT_TIMEOUT,
                "nobody subscribed to a nest within " + session.options().acceptTimeout()
                        + ": subscribe to it or discard() it, or raise acceptTimeout");
    }

    /** Subscribes before anything is granted: a service begins its work when it is called. */
    void start() {
        begin();
    }

    @Override
    void subscribeTo() {
        Flux.<Source>from(sources.get()).subscribe(this);
    }

    @Override
    void neverSubscribed() {}

    @Override
    void granted() {
        if (ticket != null) {
            ticket.accepted();
        }
    }

    @Override
    void grantBytes(long bytes) {}

    @Override
    boolean mayWrite(Source source) {
        return items() > 0 && mayOpen() && !session.outbound().isHeld();
    }

    @Override
    boolean windowIsOpen() {
        return items() > 0 && mayOpen();
    }

    private boolean mayOpen() {
        if (session.mayOpen()) {
            return true;
        }
        session.outbound().waitToOpen(this);
        return false;
    }

    @Override
    void write(Source source) {
        boolean nest = source instanceof Nest;
        Frame header;
        try {
            header = Objects.requireNonNull(source.header(), "a source's header");
        } catch (RuntimeException thrown) {
            discard(source);
            fail(Failures.code(thrown), Failures.text(thrown));
            return;
        }
        if (header.size() > Wire.HEADER_BYTES) {
            discard(source);
            fail(
                    Code.TOO_LARGE,
                    "a source's header of " + header.size() + " bytes, at most " + Wire.HEADER_BYTES
                            + " are allowed: send what is long as a frame");
            return;
        }
        if (depth + (nest ? 1 : 0) > session.peerLimits().depth()) {
            discard(source);
            fail(
                    Code.LIMIT,
                    "a nest at depth " + (depth + 1) + ", the other side takes at most "
                            + session.peerLimits().depth());
            return;
        }
        long child = session.nextId();
        Stream stream = nest ? nested(child, (Nest) source) : new OutLeaf(session, child, depth, source, firstItems);
        session.add(stream);
        session.outbound().open(child, id, nest, header);
        if (firstItems > 0 && stream instanceof OutLeaf leaf) {
            session.outbound().serve(leaf);
        }
    }

    private OutNest nested(long child, Nest nest) {
        OutNest[] self = new OutNest[1];
        self[0] = new OutNest(session, child, depth + 1, nest::sources, 0, () -> session.remove(self[0]));
        return self[0];
    }

    @Override
    boolean resumeItem() {
        return true;
    }

    @Override
    boolean itemInProgress() {
        return false;
    }

    @Override
    long window() {
        return Long.MAX_VALUE;
    }

    @Override
    int usualSize() {
        return Wire.OVERHEAD;
    }

    @Override
    void discardItem() {}

    @Override
    void discard(Source source) {
        session.callOut(source::discard);
    }

    @Override
    void gone() {
        if (ticket != null) {
            ticket.accepted();
        }
        whenGone.run();
    }
}
