package dev.sluice.rsocket.plain;

import dev.sluice.channel.Channels;
import dev.sluice.rsocket.PlainOptions;
import dev.sluice.rsocket.Service;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.security.Access;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.transport.NettyConnection;
import dev.sluice.rsocket.wire.Code;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The routes of a server for RSocket clients that speak no session: {@code channel.NAME}, {@code channels} and {@code service.NAME}, as {@code docs/protocol.md} has
 * them. Thread safe.
 */
public final class PlainRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(PlainRoutes.class);

    private final PlainOptions options;
    private final SessionOptions session;
    private final BiFunction<Access, String, @Nullable Service> services;
    private final Sources sources;
    private final LongAdder dropped = new LongAdder();
    private final AtomicInteger open = new AtomicInteger();
    private final Sinks.Empty<Void> idle = Sinks.empty();
    private volatile @Nullable Channels channels;
    private volatile boolean closing;

    /**
     * Routes.
     *
     * @param options windows and limits of plain streams
     * @param session of which the largest frame and the high-water mark hold for plain streams too
     * @param services finds a service as a caller with these rights may call it
     */
    public PlainRoutes(
            PlainOptions options, SessionOptions session, BiFunction<Access, String, @Nullable Service> services) {
        this.options = options;
        this.session = session;
        this.services = services;
        this.sources = new Sources(options.mostSources(), session.depth());
    }

    /** Offers channels; before that there are none. */
    public void offer(Channels offered) {
        channels = offered;
    }

    /**
     * A connection.
     *
     * @param access its rights; null while nobody knows who it is
     */
    public PlainClient connect(NettyConnection connection, Supplier<@Nullable Access> access) {
        Gate gate = new Gate(connection, session.highWaterMark());
        Limits limits = new Limits(options, session.largestFrame(), gate, new Waiting(options.waitingBytes()));
        return new PlainClient(this, connection, access, limits);
    }

    /**
     * Refuses new requests, for each subscriber and for good; those that are open go on.
     *
     * @return completes when none is open on any connection, on the thread that ended the last one; to cancel stops the wait only
     */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            closing = true;
            endWhenIdle();
            return idle.asMono();
        });
    }

    /** Fails when the server takes no more requests. */
    void checkOpen() {
        if (closing) {
            throw Failures.of(Code.UNAVAILABLE, "the server shuts down: ask another one, or this one later");
        }
    }

    void opened() {
        open.incrementAndGet();
    }

    void ended() {
        if (open.decrementAndGet() == 0) {
            endWhenIdle();
        }
    }

    /** Who loses a race to tell it has been told by the other. */
    private void endWhenIdle() {
        if (closing && open.get() == 0) {
            Sinks.EmitResult ignored = idle.tryEmitEmpty();
        }
    }

    /** Sends that were to be forgotten, and were dropped: no room within the limits, no right, or no such route. */
    public long dropped() {
        return dropped.sum();
    }

    @Nullable Channels channels() {
        return channels;
    }

    @Nullable Service service(Access access, String name) {
        return services.apply(access, name);
    }

    Sources sources() {
        return sources;
    }

    void dropped(NettyConnection connection, Throwable why) {
        dropped.increment();
        LOG.debug("Dropped what {} sent to be forgotten: {}", connection.remoteAddress(), why.getMessage());
    }
}
