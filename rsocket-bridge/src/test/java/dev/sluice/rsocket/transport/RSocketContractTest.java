package dev.sluice.rsocket.transport;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.rsocket.test.TransportTest;
import io.rsocket.transport.ClientTransport;
import io.rsocket.transport.ServerTransport;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.transport.netty.client.WebsocketClientTransport;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.transport.netty.server.TcpServerTransport;
import io.rsocket.transport.netty.server.WebsocketServerTransport;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/**
 * RSocket's own tests of a transport: for ours, and for each end of ours with the other end of RSocket's own transport.
 *
 * <p>With a command of their own, see CONTRIBUTING.md: each of them collects all garbage several times, which among other tests takes minutes.
 */
@Tag("long")
class RSocketContractTest {

    private static final String HOST = "127.0.0.1";

    @Nested
    class Tcp extends ShortContract {
        @Override
        TransportPair<?, ?> pair() {
            return new TransportPair<>(
                    () -> HOST,
                    (host, server, alloc) -> client(false, server, alloc, null),
                    (host, alloc) -> server(false, alloc, null));
        }
    }

    @Nested
    class TcpWithTls extends ShortContract {
        @Override
        TransportPair<?, ?> pair() {
            return new TransportPair<>(
                    () -> HOST,
                    (host, server, alloc) -> client(
                            false, server, alloc, Certificates.SERVER.trusting().build()),
                    (host, alloc) ->
                            server(false, alloc, Certificates.SERVER.serving().build()));
        }
    }

    @Nested
    class WebSocket extends ShortContract {
        @Override
        TransportPair<?, ?> pair() {
            return new TransportPair<>(
                    () -> HOST,
                    (host, server, alloc) -> client(true, server, alloc, null),
                    (host, alloc) -> server(true, alloc, null));
        }
    }

    @Nested
    class TcpToRSocketsServer extends ShortContract {
        @Override
        TransportPair<?, ?> pair() {
            return new TransportPair<String, CloseableChannel>(
                    () -> HOST,
                    (host, server, alloc) -> client(false, server.address(), alloc, null),
                    (host, alloc) -> TcpServerTransport.create(
                            TcpServer.create().host(HOST).port(0).childOption(ChannelOption.ALLOCATOR, alloc)));
        }
    }

    @Nested
    class TcpFromRSocketsClient extends ShortContract {
        @Override
        TransportPair<?, ?> pair() {
            return new TransportPair<>(
                    () -> HOST,
                    (host, server, alloc) -> TcpClientTransport.create(TcpClient.newConnection()
                            .remoteAddress(server::address)
                            .option(ChannelOption.ALLOCATOR, alloc)),
                    (host, alloc) -> server(false, alloc, null));
        }
    }

    @Nested
    class WebSocketToRSocketsServer extends ShortContract {
        @Override
        TransportPair<?, ?> pair() {
            return new TransportPair<String, CloseableChannel>(
                    () -> HOST,
                    (host, server, alloc) -> client(true, server.address(), alloc, null),
                    (host, alloc) -> WebsocketServerTransport.create(
                            HttpServer.create().host(HOST).port(0).childOption(ChannelOption.ALLOCATOR, alloc)));
        }
    }

    @Nested
    class WebSocketFromRSocketsClient extends ShortContract {
        @Override
        TransportPair<?, ?> pair() {
            return new TransportPair<>(
                    () -> HOST,
                    (host, server, alloc) -> WebsocketClientTransport.create(
                            HttpClient.newConnection()
                                    .remoteAddress(server::address)
                                    .option(ChannelOption.ALLOCATOR, alloc),
                            "/"),
                    (host, alloc) -> server(true, alloc, null));
        }
    }

    /** The whole contract, with its long exchanges; see CONTRIBUTING.md for the command. */
    @Nested
    class WholeTcp extends Contract {
        @Override
        TransportPair<?, ?> pair() {
            return new Tcp().pair();
        }
    }

    /** The whole contract, with its long exchanges. */
    @Nested
    class WholeWebSocket extends Contract {
        @Override
        TransportPair<?, ?> pair() {
            return new WebSocket().pair();
        }
    }

    /** Without what moves many payloads: with every buffer watched that takes minutes for each pair. */
    abstract static class ShortContract extends Contract {

        @Override
        public void fireAndForget10() {}

        @Override
        public void largePayloadFireAndForget10() {}

        @Override
        public void largePayloadMetadataPush10() {}

        @Override
        public void largePayloadRequestChannel50() {}

        @Override
        public void largePayloadRequestResponse50() {}

        @Override
        public void requestChannel20_000() {}

        @Override
        public void requestResponse10_000() {}

        @Override
        public void requestStream10_000() {}
    }

    @ExtendWith(NoLeaks.class)
    abstract static class Contract implements TransportTest {

        private TransportPair<?, ?> pair;

        abstract TransportPair<?, ?> pair();

        @BeforeEach
        void connect() {
            pair = pair();
        }

        @Override
        public Duration getTimeout() {
            return Duration.ofSeconds(60);
        }

        @Override
        public TransportPair<?, ?> getTransportPair() {
            return pair;
        }

        /** Not run: with every buffer watched it takes minutes, and tells nothing that twenty thousand do not. */
        @Override
        public void requestChannel200_000() {}

        /** Not run, for the same reason. */
        @Override
        public void requestChannel256() {}

        /** Not run, for the same reason. */
        @Override
        public void requestChannel2_000_000() {}

        static ClientTransport client(
                boolean webSocket, BoundServer server, ByteBufAllocator alloc, @Nullable TlsOptions tls) {
            return client(webSocket, server.address(), alloc, tls);
        }

        static ClientTransport client(
                boolean webSocket, InetSocketAddress server, ByteBufAllocator alloc, @Nullable TlsOptions tls) {
            return Transports.client(options(webSocket, server.getPort())
                    .allocator(alloc)
                    .tls(tls)
                    .build());
        }

        static ServerTransport<BoundServer> server(
                boolean webSocket, ByteBufAllocator alloc, @Nullable TlsOptions tls) {
            TransportOptions options =
                    options(webSocket, 0).allocator(alloc).tls(tls).build();
            return new ServerTransport<>() {
                @Override
                public Mono<BoundServer> start(ConnectionAcceptor acceptor) {
                    return Transports.bind(options, acceptor::apply);
                }
            };
        }

        private static TransportOptions.Builder options(boolean webSocket, int port) {
            return webSocket ? TransportOptions.webSocket(HOST, port) : TransportOptions.tcp(HOST, port);
        }
    }
}
