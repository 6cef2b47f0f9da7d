package dev.sluice.rsocket.transport;

import dev.sluice.ConnectionLostException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.ssl.SslContext;
import io.rsocket.DuplexConnection;
import io.rsocket.transport.ClientTransport;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;
import reactor.netty.transport.ClientTransportConfig;
import reactor.netty.transport.ServerTransport;

/** Clients and servers that carry RSocket over {@link NettyConnection}s. Native transports of Netty are used where present. */
public final class Transports {

    /** Four batches of a session in one read, so that most of them are slices of it. */
    private static final int LARGEST_READ = 256 << 10;

    /** Bytes of the first line of an HTTP request, and of its headers. */
    private static final int LONGEST_LINE = 4 << 10;

    private static final int LONGEST_HEADERS = 8 << 10;

    private Transports() {}

    /**
     * A client, which connects for each subscriber of {@link ClientTransport#connect()} and emits a {@link NettyConnection}; to cancel
     * before that ends the attempt.
     *
     * <p>What can go wrong while connecting fails with {@link ConnectionLostException}, whose message says what was tried and what to
     * check. A server that refuses the client's certificate under TLS 1.3 says so only after that: see {@link NettyConnection#onClose()}.
     *
     * @throws IllegalArgumentException when a certificate cannot be used
     */
    public static ClientTransport client(TransportOptions options) {
        Mono<? extends Connection> connect = options.isWebSocket() ? webSocketClient(options) : tcpClient(options);
        return new Client(options, connect);
    }

    /**
     * Binds a server, for each subscriber. The acceptor is called on the event loop for each connection that has done its handshakes;
     * a Mono that fails closes the connection, one that completes does not, and it is cancelled when the connection has closed.
     * Typically it is {@code RSocketServer.create(acceptor).asConnectionAcceptor()}.
     *
     * <p>A port that cannot be bound fails with {@link reactor.netty.ChannelBindException}.
     *
     * @throws IllegalArgumentException when a certificate cannot be used
     */
    public static Mono<BoundServer> bind(TransportOptions options, Function<NettyConnection, Mono<Void>> acceptor) {
        return bind(options, acceptor, () -> {});
    }

    /**
     * Binds a server as {@link #bind(TransportOptions, Function)} does, and tells of each connection beyond {@link
     * TransportOptions#mostConnections()}.
     *
     * @param whenRefused runs on an event loop; must neither block nor throw
     */
    public static Mono<BoundServer> bind(
            TransportOptions options, Function<NettyConnection, Mono<Void>> acceptor, Runnable whenRefused) {
        Objects.requireNonNull(acceptor, "acceptor");
        Objects.requireNonNull(whenRefused, "whenRefused");
        TlsOptions tls = options.tls();
        SslContext context = tls == null ? null : tls.forServer();
        return Mono.defer(() -> {
            ServerConnections connections = new ServerConnections(options, acceptor, whenRefused);
            return (options.isWebSocket()
                            ? webSocketServer(options, context, connections)
                            : tcpServer(options, context, connections))
                    .map(server -> new BoundServer(server, connections));
        });
    }

    private static AdaptiveRecvByteBufAllocator reads() {
        return new AdaptiveRecvByteBufAllocator(512, 16 << 10, LARGEST_READ);
    }

    private static Mono<? extends Connection> tcpClient(TransportOptions options) {
        TcpClient client =
                sockets(TcpClient.newConnection().host(options.host()).port(options.port()), options);
        SslContext context = clientContext(options);
        TcpClient secured = context == null
                ? client
                : client.secure(ssl -> ssl.sslContext(context).handshakeTimeout(options.handshakeTimeout()));
        return secured.connect();
    }

    private static Mono<? extends Connection> webSocketClient(TransportOptions options) {
        HttpClient client = sockets(
                HttpClient.newConnection()
                        .host(options.host())
                        .port(options.port())
                        .disableRetry(true),
                options);
        SslContext context = clientContext(options);
        HttpClient secured = context == null
                ? client
                : client.secure(ssl -> ssl.sslContext(context).handshakeTimeout(options.handshakeTimeout()));
        WebsocketClientSpec spec = WebsocketClientSpec.builder()
                .maxFramePayloadLength(options.longestFrame())
                .handlePing(true) // By NettyConnection: Reactor Netty would answer without end.
                .build();
        return secured.websocket(spec).uri(options.path()).connect();
    }

    private static <T extends reactor.netty.transport.ClientTransport<T, C>, C extends ClientTransportConfig<C>>
            T sockets(T client, TransportOptions options) {
        T configured = client.option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(options.connectTimeout().toMillis()))
                .option(ChannelOption.TCP_NODELAY, true)
                .doOnChannelInit((observer, channel, remote) -> channel.config().setRecvByteBufAllocator(reads()));
        ByteBufAllocator allocator = options.allocator();
        return allocator == null ? configured : configured.option(ChannelOption.ALLOCATOR, allocator);
    }

    private static @Nullable SslContext clientContext(TransportOptions options) {
        TlsOptions tls = options.tls();
        return tls == null ? null : tls.forClient();
    }

    private static Mono<? extends reactor.netty.DisposableServer> tcpServer(
            TransportOptions options, @Nullable SslContext context, ServerConnections connections) {
        TcpServer server = sockets(TcpServer.create(), options, connections).doOnConnection(connections::ready);
        return (context == null
                        ? server
                        : server.secure(ssl -> ssl.sslContext(context).handshakeTimeout(options.handshakeTimeout())))
                .bind();
    }

    private static Mono<? extends reactor.netty.DisposableServer> webSocketServer(
            TransportOptions options, @Nullable SslContext context, ServerConnections connections) {
        WebsocketServerSpec spec = WebsocketServerSpec.builder()
                .maxFramePayloadLength(options.longestFrame())
                .handlePing(true) // By NettyConnection: Reactor Netty would answer without end.
                .build();
        HttpAnswers http = new HttpAnswers(options, connections);
        HttpServer server = sockets(HttpServer.create(), options, connections)
                // A connection is for a WebSocket or for one request: kept alive, it would be cut in the middle of a
                // later one.
                .maxKeepAliveRequests(1)
                .httpRequestDecoder(
                        decoder -> decoder.maxInitialLineLength(LONGEST_LINE).maxHeaderSize(LONGEST_HEADERS))
                .route(routes -> routes.get(
                                options.path(),
                                (request, response) -> isUpgrade(request)
                                        ? response.sendWebsocket((in, out) -> carried(in, out, connections), spec)
                                        : http.apply(request, response))
                        .route(any -> true, http));
        return (context == null
                        ? server
                        : server.secure(ssl -> ssl.sslContext(context).handshakeTimeout(options.handshakeTimeout())))
                .bind();
    }

    private static boolean isUpgrade(HttpServerRequest request) {
        return request.requestHeaders().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
    }

    /** Reactor Netty closes a WebSocket whose handler completes; ours is closed by its owner. */
    private static Publisher<Void> carried(WebsocketInbound in, WebsocketOutbound out, ServerConnections connections) {
        in.withConnection(connections::ready);
        return out.neverComplete();
    }

    private static <T extends ServerTransport<T, ?>> T sockets(
            T server, TransportOptions options, ServerConnections connections) {
        T configured = server.host(options.host())
                .port(options.port())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .doOnChannelInit((observer, channel, remote) -> {
                    channel.config().setRecvByteBufAllocator(reads());
                    connections.accepted(channel);
                });
        ByteBufAllocator allocator = options.allocator();
        return allocator == null ? configured : configured.childOption(ChannelOption.ALLOCATOR, allocator);
    }

    private record Client(TransportOptions options, Mono<? extends Connection> connections) implements ClientTransport {

        @Override
        public int maxFrameLength() {
            return options.longestFrame();
        }

        @Override
        public Mono<DuplexConnection> connect() {
            // Emitted on the event loop, before anything was read.
            return connections
                    .<DuplexConnection>map(
                            made -> NettyConnection.over(made, options.isWebSocket(), options.longestFrame()))
                    .doOnDiscard(NettyConnection.class, NettyConnection::dispose)
                    .onErrorMap(failure -> Failures.connecting(options, failure));
        }
    }
}
