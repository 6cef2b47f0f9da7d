package dev.sluice.rsocket.plain;

import dev.sluice.AccessDeniedException;
import dev.sluice.Frame;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.Service;
import dev.sluice.rsocket.security.Access;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.transport.NettyConnection;
import dev.sluice.rsocket.wire.Code;
import io.rsocket.Payload;
import io.rsocket.util.DefaultPayload;
import io.rsocket.util.EmptyPayload;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What one connection asks for besides a session. Called on its event loop; each method releases the payload it is given, and none throws.
 *
 * <p>Requests that are open are counted against {@link dev.sluice.rsocket.PlainOptions#mostStreams}. Errors are RSocket's, their text begins with the name of one of
 * Sluice's codes.
 */
public final class PlainClient {

    private static final String CREDENTIALS =
            "credentials are needed: show a bearer token, or a name and a password, with SETUP";

    private final PlainRoutes routes;
    private final NettyConnection connection;
    private final Supplier<@Nullable Access> access;
    private final Limits limits;
    private final Caller caller;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicBoolean listing = new AtomicBoolean();

    /** Sends that were to be forgotten, and wait for room. */
    private final Disposable.Composite forgotten = Disposables.composite();

    PlainClient(PlainRoutes routes, NettyConnection connection, Supplier<@Nullable Access> access, Limits limits) {
        this.routes = routes;
        this.connection = connection;
        this.access = access;
        this.limits = limits;
        this.caller = new Caller(connection);
    }

    /** Sends to a channel, if there is room and right. Never fails: what cannot be sent is dropped and counted. */
    public Mono<Void> fireAndForget(Payload payload) {
        Mono<Void> sent;
        try {
            Route route = accepted(payload);
            Frame frame = Limits.taken(payload);
            sent = onChannel(route).sent(frame);
        } catch (Throwable refused) {
            release(payload);
            Exceptions.throwIfJvmFatal(refused);
            sent = Mono.error(refused);
        }
        Mono<Void> sending = sent;
        Disposable[] begun = new Disposable[1];
        begun[0] = sending.doFinally(end -> {
                    Disposable done = begun[0];
                    if (done != null) {
                        forgotten.remove(done);
                    }
                })
                .subscribe(nothing -> {}, dropped -> routes.dropped(connection, dropped));
        if (!begun[0].isDisposed()) {
            forgotten.add(begun[0]);
            if (begun[0].isDisposed()) {
                forgotten.remove(begun[0]);
            }
        }
        return Mono.empty();
    }

    /** Sends to a channel, lists channels, or brings the first frame of a service's answer. */
    public Mono<Payload> requestResponse(Payload payload) {
        try {
            Route route = accepted(payload);
            return switch (route.kind()) {
                case CHANNELS -> listedAlone(route, payload);
                case SERVICE -> first(called(route, Limits.taken(payload)));
                case CHANNEL ->
                    counted(onChannel(route).sent(Limits.taken(payload)).flux())
                            .onErrorMap(Refusal::of)
                            .then(Mono.fromSupplier(() -> EmptyPayload.INSTANCE));
            };
        } catch (Throwable refused) {
            return Mono.error(refused(payload, refused));
        }
    }

    /** Receives from a channel, listens to it, or brings the frames of a service's answer. */
    public Flux<Payload> requestStream(Payload payload) {
        try {
            Route route = accepted(payload);
            return switch (route.kind()) {
                case CHANNELS -> throw Query.bad("\"channels\" is answered with one list: ask with request-response");
                case SERVICE -> counted(called(route, Limits.taken(payload)));
                case CHANNEL -> {
                    Publisher<Outgoing> received = onChannel(route).outgoing();
                    payload.release();
                    yield counted(outflow(received));
                }
            };
        } catch (Throwable refused) {
            return Flux.error(refused(payload, refused));
        }
    }

    /**
     * Sends all payloads to a channel, and answers with running totals.
     *
     * @param first the first payload, which has the route, to look at
     * @param all all of them, the first too
     */
    public Flux<Payload> requestChannel(Payload first, Flux<Payload> all) {
        try {
            Route route = accepted(first);
            if (route.kind() != Route.Kind.CHANNEL) {
                throw Query.bad(
                        "only channel.NAME takes a request-channel: ask with request-response or request-stream");
            }
            return counted(onChannel(route).sentAll(all).map(total -> DefaultPayload.create(total.asByteBuffer())))
                    .onErrorMap(Refusal::of);
        } catch (Throwable refused) {
            Exceptions.throwIfJvmFatal(refused);
            return new RefusedChannel(all, Refusal.of(refused), limits.gate());
        }
    }

    /** The connection has ended: what was to be forgotten and waits is withdrawn. */
    public void dispose() {
        forgotten.dispose();
    }

    private Route accepted(Payload payload) {
        routes.checkOpen();
        Route route = Route.of(payload);
        int most = limits.options().mostStreams();
        if (open.get() >= most) {
            throw Refusal.limit(
                    most == 0
                            ? "this server has no plain routes: use a session, or set mostStreams"
                            : open.get() + " requests are open on this connection, at most " + most
                                    + " may be: finish or cancel some");
        }
        return route;
    }

    /** Open until the payload is sent: to take the first one ends the stream before that, and with it might go the connection of a server that closes. */
    private Mono<Payload> first(Flux<Payload> answer) {
        return counted(answer.next().flux()).singleOrEmpty();
    }

    private <T> Flux<T> counted(Flux<T> stream) {
        return Flux.defer(() -> {
            open.incrementAndGet();
            routes.opened();
            return stream.doFinally(end -> {
                open.decrementAndGet();
                routes.ended();
            });
        });
    }

    private Access rights() {
        Access known = access.get();
        if (known == null) {
            throw new AccessDeniedException(CREDENTIALS);
        }
        return known;
    }

    private ChannelRoute onChannel(Route route) {
        if (route.kind() != Route.Kind.CHANNEL) {
            throw Query.bad("only channel.NAME takes what is sent: ask with request-response or request-stream");
        }
        return new ChannelRoute(channels(), route, rights(), limits);
    }

    private Channels channels() {
        Channels offered = routes.channels();
        if (offered == null) {
            throw Failures.of(Code.NOT_FOUND, "this server offers no channels");
        }
        return offered;
    }

    /** One after the other: each holds its whole list, and looks at every channel. */
    private Mono<Payload> listedAlone(Route route, Payload payload) {
        Publisher<Outgoing> list = listed(route, payload);
        return Mono.defer(() -> listing.compareAndSet(false, true)
                ? first(outflow(list)).doFinally(end -> listing.set(false))
                : Mono.error(Refusal.of(Refusal.limit(
                        "channels are being listed on this connection already: ask again when that is answered"))));
    }

    private Publisher<Outgoing> listed(Route route, Payload payload) {
        Access rights = rights();
        Query query = new Query(route, List.of(Query.PREFIX, Query.LIMIT, Query.AFTER));
        payload.release();
        return ChannelList.of(channels(), query, rights).map(json -> new Outgoing(null, json, null));
    }

    private Flux<Payload> outflow(Publisher<Outgoing> producer) {
        return new Outflow(producer, limits.options(), limits.gate());
    }

    /** The answer of a service. The body is counted until the end of it, as the stream refers to it so long. */
    private Flux<Payload> called(Route route, Frame body) {
        if (body.size() > limits.longest()) {
            throw Refusal.tooLarge("a body", body.size(), limits.longest());
        }
        Access rights = rights();
        Service service = routes.service(rights, route.name());
        if (service == null) {
            throw Failures.of(Code.NO_SERVICE, "no service \"" + route.name() + "\" here: check its name");
        }
        PlainRequest request = new PlainRequest(route.name(), body, route.query(), caller, rights);
        return limits.waiting()
                .holding(body.size(), outflow(routes.sources().flattened(Flux.defer(() -> service.answer(request)))));
    }

    private static Throwable refused(Payload payload, Throwable failure) {
        Exceptions.throwIfJvmFatal(failure);
        release(payload);
        return Refusal.of(failure);
    }

    /** Released already when it was refused after it had been taken. */
    private static void release(Payload payload) {
        if (payload.refCnt() > 0) {
            payload.release();
        }
    }
}
