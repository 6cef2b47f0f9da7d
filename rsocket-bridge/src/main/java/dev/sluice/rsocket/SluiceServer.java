package dev.sluice.rsocket;

import dev.sluice.AccessDeniedException;
import dev.sluice.Frame;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.channel.ChannelServices;
import dev.sluice.rsocket.outlet.Outlets;
import dev.sluice.rsocket.plain.Fragments;
import dev.sluice.rsocket.plain.PlainClient;
import dev.sluice.rsocket.plain.PlainRoutes;
import dev.sluice.rsocket.security.Access;
import dev.sluice.rsocket.security.Credentials;
import dev.sluice.rsocket.security.SelfGuarded;
import dev.sluice.rsocket.security.Verb;
import dev.sluice.rsocket.session.Session;
import dev.sluice.rsocket.transport.BoundServer;
import dev.sluice.rsocket.transport.NettyConnection;
import dev.sluice.rsocket.transport.TransportOptions;
import dev.sluice.rsocket.transport.Transports;
import dev.sluice.rsocket.watch.Refusal;
import dev.sluice.rsocket.watch.SessionWatcher;
import dev.sluice.rsocket.watch.Side;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.rsocket.wire.Wire;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.core.RSocketServer;
import io.rsocket.exceptions.ConnectionCloseException;
import io.rsocket.exceptions.RejectedException;
import io.rsocket.frame.decoder.PayloadDecoder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Offers services over RSocket: each connection can carry a session, in which its client calls services of this server, and this server services
 * of the client.
 *
 * <p>Thread safe. Services may be offered and withdrawn while it runs.
 */
public final class SluiceServer {

    private static final Logger LOG = LoggerFactory.getLogger(SluiceServer.class);
    private static final Duration LONGEST_CLOSE = Duration.ofDays(365);

    private final ServerOptions options;
    private final Map<String, Service> services = new ConcurrentHashMap<>();
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final PlainRoutes plainRoutes;
    private volatile List<BoundServer> bound = List.of();

    /** For good. */
    private volatile boolean closing;

    private SluiceServer(ServerOptions options) {
        this.options = options;
        this.plainRoutes = new PlainRoutes(options.plain(), options.session(), this::forPlain);
    }

    /**
     * Those that ask for rights of their own are not for plain clients, to whom they are names like any other that nobody offers: refused before it shows that they are there.
     */
    private @Nullable Service forPlain(Access access, String name) {
        access.check(Verb.CALL, name);
        return services.get(name) instanceof SelfGuarded ? null : new Guarded(services, access).apply(name);
    }

    /** A server that does not listen yet. */
    public static SluiceServer create(ServerOptions options) {
        return new SluiceServer(Objects.requireNonNull(options, "options"));
    }

    /**
     * Offers a service.
     *
     * @param name under which it is called, at most 255 bytes
     * @param service called for each call
     * @return this server
     * @throws IllegalArgumentException when the name is taken or too long
     */
    public SluiceServer service(String name, Service service) {
        Bounds.checkText("the name of a service", name, Wire.SERVICE_BYTES);
        Objects.requireNonNull(service, "service");
        if (services.putIfAbsent(name, service) != null) {
            throw new IllegalArgumentException("there is a service \"" + name + "\" already: withdraw() it first");
        }
        options.watcher().offered(name);
        return this;
    }

    /**
     * Offers the channels of a registry: clients use them with {@link dev.sluice.rsocket.channel.RemoteChannels}, and plain RSocket clients
     * with the route {@code channel.NAME}.
     *
     * @param channels stays the caller's to close
     * @return this server
     */
    public SluiceServer channels(Channels channels) {
        ChannelServices.of(channels, options.publisherMemory(), options.waitingBytes(), options.listenerBuffer())
                .forEach(this::service);
        plainRoutes.offer(channels);
        return this;
    }

    /**
     * Offers outlets: clients use them with {@link dev.sluice.rsocket.outlet.RemoteOutlets}.
     *
     * @return this server
     */
    public SluiceServer outlets(Outlets outlets) {
        outlets.services().forEach(this::service);
        return this;
    }

    /**
     * Offers a service no longer; calls that run go on.
     *
     * @return false when there was none
     */
    public boolean withdraw(String name) {
        boolean was = services.remove(name) != null;
        if (was) {
            options.watcher().withdrawn(name);
        }
        return was;
    }

    /** Whether a service of this name is offered to whoever may call it; those that are {@link SelfGuarded} serve the server's own ends. */
    public boolean offers(String name) {
        Service service = services.get(name);
        return service != null && !(service instanceof SelfGuarded);
    }

    /**
     * Listens on all endpoints, for each subscriber. When one cannot be bound, those that were are closed again. A server that was closed does not
     * start again: that fails with {@link IllegalStateException}.
     *
     * @return this server, once it listens
     */
    public Mono<SluiceServer> start() {
        return Flux.fromIterable(options.endpoints())
                .concatMap(this::bind)
                .collectList()
                .doOnNext(all -> bound = List.copyOf(all))
                .thenReturn(this);
    }

    private Mono<BoundServer> bind(TransportOptions endpoint) {
        if (closing) {
            return Mono.error(wasClosed());
        }
        return Transports.bind(endpoint, this::accept, () -> options.watcher().refused(Refusal.CONNECTIONS))
                .doOnNext(server -> LOG.info("Listening on {}", server.address()))
                .doOnNext(server -> {
                    synchronized (this) {
                        bound = java.util.stream.Stream.concat(bound.stream(), java.util.stream.Stream.of(server))
                                .toList();
                    }
                    if (closing) {
                        // It was not there yet for whoever closed the others.
                        throw wasClosed();
                    }
                })
                .doOnError(failure -> bound.forEach(BoundServer::dispose));
    }

    private static IllegalStateException wasClosed() {
        return new IllegalStateException("the server was closed: create another one");
    }

    /** Where it listens, in the order of the endpoints; empty before it does. */
    public List<InetSocketAddress> addresses() {
        return bound.stream().map(BoundServer::address).toList();
    }

    /** The port of the first endpoint. */
    public int port() {
        if (bound.isEmpty()) {
            throw new IllegalStateException("the server does not listen yet: subscribe to start()");
        }
        return bound.get(0).address().getPort();
    }

    /** The sessions it has now. */
    public List<Peer> peers() {
        return sessions.stream()
                .filter(session -> !Scannable.from(session.onClose()).scanOrDefault(Scannable.Attr.TERMINATED, false))
                .<Peer>map(session -> session)
                .toList();
    }

    /** Fire-and-forget sends of plain clients that were dropped, for want of room or right, or because their route leads nowhere. */
    public long dropped() {
        return plainRoutes.dropped();
    }

    /** Closes the server as {@link #close(Duration, Publisher)} does, within the {@linkplain SessionOptions#closeTimeout() close timeout}. */
    public Mono<Void> close() {
        return close(options.session().closeTimeout(), Mono.never());
    }

    /**
     * Closes the server for good, lazily, in phases. It stops listening, says so to its clients, and takes no new sessions, calls and requests; those
     * that run may finish. When none does any more, it closes the connections. After the timeout, or as soon as somebody says that it is enough, it
     * ends what still runs: calls of its clients fail with {@link dev.sluice.ConnectionLostException}, requests of plain clients with RSocket's
     * CONNECTION_CLOSE, and whoever does not read is cut off a quarter of a second later.
     *
     * <p>A client waits for its {@link SessionOptions#leaveTimeout()} at most. A close while another one runs can only hasten it:
     * {@code close(Duration.ZERO, Mono.empty())} ends everything at once. To cancel ends the wait; no new calls are taken nevertheless, and sessions end
     * after the timeout.
     *
     * @param timeout how long what runs may go on; not negative
     * @param enough what still runs is ended when this emits, completes or fails; asked for at each subscription
     * @return completes when all is closed: there are no {@link #peers()}, and the ports are free
     */
    public Mono<Void> close(Duration timeout, Publisher<?> enough) {
        Objects.requireNonNull(enough, "enough");
        Bounds.check("timeout in ms", timeout.toMillis(), 0, LONGEST_CLOSE.toMillis());
        return Mono.defer(() -> {
            closing = true;
            return new Closing(bound, sessions, plainRoutes.close()).run(timeout, enough);
        });
    }

    private Mono<Void> accept(NettyConnection connection) {
        if (closing) {
            connection.sendErrorAndClose(new ConnectionCloseException(Closing.REFUSAL));
            return Mono.empty();
        }
        // Sessions and streams stop at the high-water mark by themselves; this is for answers that nobody has asked
        // demand for.
        connection.readWhilePendingAtMost(2L * options.session().highWaterMark() + (4 << 20));
        return RSocketServer.create((setup, peer) -> new Admission(options, connection)
                        .setup(setup)
                        .map(admission -> new Responder(connection, admission)))
                .maxTimeToFirstFrame(options.session().helloTimeout())
                .payloadDecoder(PayloadDecoder.ZERO_COPY)
                .asConnectionAcceptor(TransportOptions.LONGEST_FRAME)
                .apply(new Fragments(connection, 2L * options.session().largestFrame()));
    }

    /** What one connection may ask of the server. */
    private final class Responder implements RSocket {
        private final NettyConnection connection;
        private final Admission admission;
        private final PlainClient plain;

        /** The session this connection has or had. On the event loop. */
        private @Nullable Session carried;

        /** A session is asked for, and nobody knows yet whether it may be. Stays when it may not be: the connection ends then. On the event loop. */
        private boolean admitting;

        Responder(NettyConnection connection, Admission admission) {
            this.connection = connection;
            this.admission = admission;
            this.plain = plainRoutes.connect(connection, admission::granted);
        }

        @Override
        public Mono<Void> fireAndForget(Payload payload) {
            return plain.fireAndForget(payload);
        }

        @Override
        public Mono<Payload> requestResponse(Payload payload) {
            return plain.requestResponse(payload);
        }

        @Override
        public Flux<Payload> requestStream(Payload payload) {
            return plain.requestStream(payload);
        }

        @Override
        public void dispose() {
            plain.dispose();
        }

        @Override
        public Flux<Payload> requestChannel(Publisher<Payload> payloads) {
            return Flux.from(payloads).switchOnFirst((first, all) -> {
                Payload payload = first.get();
                if (payload == null) {
                    return all;
                }
                if (!Routes.isSession(payload)) {
                    return plain.requestChannel(payload, all);
                }
                if (closing) {
                    return refused(all, Code.UNAVAILABLE + ": " + Closing.REFUSAL);
                }
                if (admitting || (carried != null && sessions.contains(carried))) {
                    // Each session has windows of its own: a second one would have the connection hold twice as much.
                    return refused(
                            all,
                            "this connection has a session already, or is about to: use it, or another connection");
                }
                return admit(payload, all);
            });
        }

        private static Flux<Payload> refused(Flux<Payload> all, String why) {
            return all.doOnNext(Payload::release).take(1).thenMany(Flux.error(new RejectedException(why)));
        }

        private Flux<Payload> admit(Payload first, Flux<Payload> all) {
            Credentials shown;
            try {
                shown = Authentication.of(first);
            } catch (AccessDeniedException unreadable) {
                admission.end(unreadable);
                return ended(all);
            }
            admitting = true;
            return admission
                    .session(shown)
                    .doOnCancel(() -> admitting = false)
                    .map(access -> carry(all, access))
                    .onErrorResume(failure -> Mono.just(ended(all)))
                    .flatMapMany(answer -> answer);
        }

        /** The connection says why, and ends; an error of this stream besides would be dropped and logged. */
        private Flux<Payload> ended(Flux<Payload> all) {
            return all.doOnNext(Payload::release).onErrorComplete().thenMany(Flux.never());
        }

        private Flux<Payload> carry(Flux<Payload> payloads, Access access) {
            Session[] created = new Session[1];
            SessionWatcher watcher = options.watcher().session(Side.SERVER);
            ChannelLink link = new ChannelLink(connection, null, () -> sessions.remove(created[0]), watcher);
            Session session = new Session(link, false, options.session(), new Guarded(services, access), Frame.EMPTY);
            created[0] = session;
            carried = session;
            admitting = false;
            sessions.add(session);
            if (closing) {
                // Whoever closes the others may not have seen it.
                session.close(Closing.WHY).subscribe();
            }
            return link.outbound().doOnSubscribe(subscription -> payloads.subscribe(link.inbound(session)));
        }
    }
}
