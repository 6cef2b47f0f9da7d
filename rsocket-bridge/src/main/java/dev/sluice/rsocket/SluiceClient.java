package dev.sluice.rsocket;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.rsocket.session.LogLine;
import dev.sluice.rsocket.session.Session;
import dev.sluice.rsocket.transport.NettyConnection;
import dev.sluice.rsocket.transport.Transports;
import dev.sluice.rsocket.watch.Side;
import dev.sluice.rsocket.wire.Wire;
import io.rsocket.DuplexConnection;
import io.rsocket.RSocket;
import io.rsocket.core.RSocketConnector;
import io.rsocket.frame.decoder.PayloadDecoder;
import io.rsocket.transport.ClientTransport;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Calls services of a {@link SluiceServer}, and offers services to it.
 *
 * <p>One connection and one session at a time, made when it is first needed, shared by all callers, and made again when it was lost. Thread safe.
 */
public final class SluiceClient {

    private static final Logger LOG = LoggerFactory.getLogger(SluiceClient.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ClientOptions options;
    private final Map<String, Service> services = new ConcurrentHashMap<>();
    private final Frame publisher;
    private final Mono<Session> session;
    private final AtomicReference<@Nullable Session> current = new AtomicReference<>();
    private final AtomicBoolean connecting = new AtomicBoolean();
    private volatile boolean closed;

    private SluiceClient(ClientOptions options) {
        this.options = options;
        byte[] id = new byte[Wire.PUBLISHER_BYTES];
        RANDOM.nextBytes(id);
        this.publisher = Frame.wrap(id);
        this.session = Mono.defer(this::connectOnce)
                .retryWhen(Retry.backoff(options.connectionAttempts() - 1, options.reconnectMin())
                        .maxBackoff(options.reconnectMax())
                        .filter(failure -> !closed && failure instanceof ConnectionLostException)
                        .doBeforeRetry(retry -> LOG.info(
                                "Trying again to connect to {}: {}", options.transport(), LogLine.of(retry.failure())))
                        .onRetryExhaustedThrow((spec, signal) -> signal.failure()))
                .timeout(
                        options.connectionTimeout(),
                        Mono.error(() -> new ConnectionLostException(
                                "no connection to " + options.transport() + " within " + options.connectionTimeout()
                                        + ": check that the server runs and can be reached, or raise connectionTimeout",
                                null)))
                // Asked at each subscription: who connects again when a session ends may hear of that before the cache
                // does.
                .cacheInvalidateIf(SluiceClient::hasEnded);
    }

    private static boolean hasEnded(Session session) {
        return Scannable.from(session.onClose()).scanOrDefault(Scannable.Attr.TERMINATED, false);
    }

    /** What it was created with. */
    public ClientOptions options() {
        return options;
    }

    /** A client that connects when it is first used. */
    public static SluiceClient create(ClientOptions options) {
        return new SluiceClient(Objects.requireNonNull(options, "options"));
    }

    /**
     * Offers a service to the server.
     *
     * @param name under which it is called, at most 255 bytes
     * @param service called for each call
     * @return this client
     * @throws IllegalArgumentException when the name is taken or too long
     */
    public SluiceClient service(String name, Service service) {
        Bounds.checkText("the name of a service", name, Wire.SERVICE_BYTES);
        Objects.requireNonNull(service, "service");
        if (services.putIfAbsent(name, service) != null) {
            throw new IllegalArgumentException("there is a service \"" + name + "\" already");
        }
        options.watcher().offered(name);
        return this;
    }

    /**
     * The session there is, or a new one: connects, and goes on trying until the {@linkplain ClientOptions#connectionTimeout() timeout}. A
     * server that refuses this client's credentials fails it with {@link dev.sluice.AccessDeniedException} at once; the next subscriber tries
     * again.
     */
    public Mono<Peer> connect() {
        return session.cast(Peer.class);
    }

    /** Calls a service, see {@link Peer#call(Call)}; connects first when there is no connection. */
    public Flux<RemoteSource> call(Call call) {
        return session.flatMapMany(peer -> peer.call(call));
    }

    /** Calls a service, see {@link Peer#call(Call)}; connects first when there is no connection. */
    public Flux<RemoteSource> post(String service, Frame body) {
        return call(Call.to(service).body(body));
    }

    /** Calls a service, see {@link Peer#call(Call)}; connects first when there is no connection. */
    public Flux<RemoteSource> post(String service, Frame body, Map<String, String> tags) {
        return call(Call.to(service).body(body).tags(tags));
    }

    /**
     * Closes the client, lazily: no new calls, those that run may finish within the {@linkplain SessionOptions#closeTimeout() close timeout}.
     *
     * @return completes when the connection is closed
     */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            Session open = current.get();
            return open == null ? Mono.empty() : open.close("the client closes");
        });
    }

    private Mono<Session> connectOnce() {
        if (closed) {
            return Mono.error(closed());
        }
        if (connecting.getAndSet(true)) {
            options.watcher().reconnecting();
        }
        AtomicReference<@Nullable NettyConnection> made = new AtomicReference<>();
        ClientTransport transport = Transports.client(options.transport());
        return RSocketConnector.create()
                .payloadDecoder(PayloadDecoder.ZERO_COPY)
                .metadataMimeType(Routes.COMPOSITE)
                .dataMimeType("application/octet-stream")
                .keepAlive(options.keepAliveInterval(), options.keepAliveTimeout())
                .setupPayload(options.credentials().map(Authentication::setup))
                .connect(new Watched(transport, made))
                .flatMap(socket -> carry(socket, Objects.requireNonNull(made.get())));
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("the client is closed");
    }

    private Mono<Session> carry(RSocket socket, NettyConnection connection) {
        ChannelLink link = new ChannelLink(
                connection,
                Routes.ofSession(),
                socket::dispose,
                options.watcher().session(Side.CLIENT));
        Session opened = new Session(link, true, options.session(), services::get, publisher);
        current.set(opened);
        Opening opening =
                new Opening(opened, link.inbound(opened), options.transport().toString(), connection.eventLoop());
        connection
                .eventLoop()
                .execute(() -> socket.requestChannel(link.outbound()).subscribe(opening));
        return opening.opened().flatMap(made -> {
            if (closed) {
                return made.close("the client closes").then(Mono.error(closed()));
            }
            LOG.info("Session with {} begins", connection.remoteAddress());
            return Mono.just(made);
        });
    }

    /** Keeps the connection that a transport made, which RSocket does not show. */
    private record Watched(ClientTransport transport, AtomicReference<@Nullable NettyConnection> made)
            implements ClientTransport {

        @Override
        public int maxFrameLength() {
            return transport.maxFrameLength();
        }

        @Override
        public Mono<DuplexConnection> connect() {
            return transport.connect().doOnNext(connection -> made.set((NettyConnection) connection));
        }
    }
}
