package dev.sluice.rsocket.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.rsocket.DuplexConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Pings and pongs of WebSockets: answered, and no burden. */
@ExtendWith(NoLeaks.class)
class PingTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int PING = 0x89;
    private static final int PONG = 0x8A;

    /** Of the server, and exact: what is held is what was not released. */
    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true, true);

    private final Queue<NettyConnection> accepted = new ConcurrentLinkedQueue<>();
    private BoundServer server;

    @BeforeEach
    void bind() {
        server = Transports.bind(
                        TransportOptions.webSocket("127.0.0.1", 0)
                                .allocator(memory)
                                .build(),
                        connection -> {
                            accepted.add(connection);
                            connection
                                    .receive()
                                    .subscribe(
                                            frame -> connection.sendFrame(
                                                    1, Unpooled.directBuffer().writeBytes(frame)),
                                            failure -> {});
                            return Mono.never();
                        })
                .block(SOON);
    }

    @AfterEach
    void close() {
        server.dispose();
        server.onClose().block(SOON);
        await().until(() -> accepted.stream().allMatch(connection -> connection.pending() == 0));
    }

    private long held() {
        return memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory();
    }

    /** A client that has shaken hands and will never read. */
    private Socket deaf() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        socket.connect(server.address());
        socket.getOutputStream().write(RawWebSocket.handshake());
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        return socket;
    }

    /** Ten thousand frames of 125 bytes, masked with 0. */
    private static byte[] frames(int kind) {
        ByteBuffer frames = ByteBuffer.allocate(10_000 * 131);
        for (int i = 0; i < 10_000; i++) {
            frames.put((byte) kind).put((byte) (0x80 | 125)).putInt(0).put(new byte[125]);
        }
        return frames.array();
    }

    @ParameterizedTest
    @ValueSource(ints = {PING, PONG})
    void flood_ofAPeerThatReadsNothing_isReadAndTakesNoMemory(int kind) throws IOException {
        byte[] frames = frames(kind);
        try (Socket deaf = deaf()) {
            for (int i = 0; i < 25; i++) {
                deaf.getOutputStream().write(frames);
            }
            assertThat(held()).isLessThan(4_000_000);
            assertEcho();
        }
        await().until(() -> server.connections() == 0);
    }

    /** Somebody else is served. */
    private void assertEcho() {
        DuplexConnection client = Transports.client(
                        TransportOptions.webSocket("127.0.0.1", server.address().getPort())
                                .build())
                .connect()
                .block(SOON);
        CompletableFuture<Integer> echo = new CompletableFuture<>();
        client.receive().subscribe(frame -> echo.complete(frame.readableBytes()), failure -> {});
        client.sendFrame(1, Unpooled.directBuffer().writeZero(77));
        assertThat(echo.orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join())
                .isEqualTo(77);
        client.dispose();
        client.onClose().block(SOON);
    }

    /** What an honest client has heard. */
    private static final class Heard implements WebSocket.Listener {
        final List<String> pongs = new CopyOnWriteArrayList<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer payload) {
            pongs.add(StandardCharsets.UTF_8.decode(payload).toString());
            return WebSocket.Listener.super.onPong(socket, payload);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(status);
            return WebSocket.Listener.super.onClose(socket, status, reason);
        }
    }

    private WebSocket honest(Heard heard) {
        URI there = URI.create("ws://127.0.0.1:" + server.address().getPort() + "/");
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(there, heard)
                .join();
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void pings_ofAClientThatReads_areAllAnsweredWithTheirPayload() {
        Heard heard = new Heard();
        WebSocket client = honest(heard);
        for (int i = 0; i < 100; i++) {
            client.sendPing(text("ping " + i)).join();
            String pong = "ping " + i;
            await().until(() -> heard.pongs.contains(pong));
        }
        assertThat(heard.pongs).hasSize(100);
        client.abort();
        await().until(() -> server.connections() == 0);
    }

    @Test
    void pongs_nobodyAskedFor_doNotStopTheConnection() {
        Heard heard = new Heard();
        WebSocket client = honest(heard);
        for (int i = 0; i < 100; i++) {
            client.sendPong(text("alive")).join();
        }
        client.sendPing(text("and now?")).join();
        await().untilAsserted(() -> assertThat(heard.pongs).containsExactly("and now?"));
        client.abort();
        await().until(() -> server.connections() == 0);
    }

    @Test
    void close_isAnswered() {
        Heard heard = new Heard();
        WebSocket client = honest(heard);
        client.sendPing(text("one")).join();
        client.sendClose(WebSocket.NORMAL_CLOSURE, "done").join();
        assertThat(heard.closed
                        .orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
                        .join())
                .isEqualTo(WebSocket.NORMAL_CLOSURE);
        await().until(() -> server.connections() == 0);
    }

    @Test
    void pings_ofAServer_areAnsweredByTheClient() {
        CompletableFuture<String> pong = new CompletableFuture<>();
        DisposableServer pinging = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.ws("/", (in, out) -> {
                    in.receiveFrames()
                            .ofType(PongWebSocketFrame.class)
                            .subscribe(frame -> pong.complete(frame.content().toString(StandardCharsets.UTF_8)));
                    ByteBuf payload = Unpooled.copiedBuffer("are you there?", StandardCharsets.UTF_8);
                    return out.sendObject(Flux.just(new PingWebSocketFrame(payload)))
                            .neverComplete();
                }))
                .bindNow(SOON);
        InetSocketAddress address = (InetSocketAddress) pinging.address();
        DuplexConnection client = Transports.client(TransportOptions.webSocket("127.0.0.1", address.getPort())
                        .build())
                .connect()
                .block(SOON);
        client.receive().subscribe(frame -> {}, failure -> {});
        assertThat(pong.orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join())
                .isEqualTo("are you there?");
        client.dispose();
        pinging.disposeNow(SOON);
    }
}
