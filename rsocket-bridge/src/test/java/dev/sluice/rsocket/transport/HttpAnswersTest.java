package dev.sluice.rsocket.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.rsocket.DuplexConnection;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServerRoutes;

/** Plain HTTP on the port of a WebSocket. */
@ExtendWith(NoLeaks.class)
class HttpAnswersTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration BRIEF = Duration.ofMillis(500);

    private final Sinks.Empty<Void> held = Sinks.empty();
    private final AtomicInteger asked = new AtomicInteger();
    private @Nullable BoundServer server;

    private void routes(HttpServerRoutes routes) {
        routes.get("/live", (request, response) -> response.sendString(Mono.just("alive")));
        routes.get("/many", (request, response) -> response.sendString(Flux.just("one ", "two ", "three")));
        routes.get("/held", (request, response) -> {
            asked.incrementAndGet();
            return response.sendString(held.asMono().thenReturn("at last"));
        });
        routes.get("/broken", (request, response) -> Mono.error(new IllegalStateException("secret")));
        routes.get("/thrown", (request, response) -> {
            throw new IllegalStateException("secret");
        });
        routes.get(
                "/half",
                (request, response) -> response.sendString(
                        Flux.just("half").concatWith(Mono.error(new IllegalStateException("secret")))));
        routes.post(
                "/length",
                (request, response) -> response.sendString(
                        request.receive().aggregate().asByteArray().map(body -> "" + body.length)));
    }

    private BoundServer bind(TransportOptions.Builder options) {
        server = Objects.requireNonNull(Transports.bind(
                        options.path("/rsocket").http(this::routes).build(), connection -> {
                            connection.receive().subscribe(frame -> {}, failure -> {});
                            return Mono.never();
                        })
                .block(SOON));
        return server;
    }

    private BoundServer bind() {
        return bind(TransportOptions.webSocket("127.0.0.1", 0));
    }

    @AfterEach
    void close() {
        if (server != null) {
            await().until(() -> server.connections() == 0);
            server.closeGracefully(SOON).block(SOON);
        }
    }

    private Socket socket() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
        socket.setSoTimeout((int) SOON.toMillis());
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What comes until the server closes. */
    private static String rest(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    private String ask(String request) throws IOException {
        try (Socket socket = socket()) {
            write(socket, request);
            return rest(socket);
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: here\r\n\r\n";
    }

    @Test
    void route_answers_andClosesItsConnection() throws IOException {
        bind();
        assertThat(ask(get("/live")))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .containsIgnoringCase("connection: close\r\n")
                .endsWith("\r\n\r\nalive");
        assertThat(ask(get("/many"))).contains("one ", "two ", "three");
    }

    @Test
    void requestsInOneGo_onlyTheFirstIsAnswered() throws IOException {
        bind();
        assertThat(ask(get("/live") + get("/live")).split("alive", -1)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/rsocket", "/live/and/more"})
    void pathWithoutRoute_isNotFound_withAText(String path) throws IOException {
        bind();
        assertThat(ask(get(path)))
                .startsWith("HTTP/1.1 404 ")
                .endsWith("\r\n\r\nnothing at this path; RSocket over WebSocket is at /rsocket\n");
    }

    @Test
    void head_ofAPathWithoutRoute_hasNoText() throws IOException {
        bind();
        assertThat(ask("HEAD / HTTP/1.1\r\nHost: here\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ")
                .endsWith("\r\n\r\n");
    }

    @Test
    void webSocket_onTheSamePort_connects() {
        bind();
        DuplexConnection connection = Objects.requireNonNull(Transports.client(
                        TransportOptions.webSocket("127.0.0.1", server.address().getPort())
                                .path("/rsocket")
                                .build())
                .connect()
                .block(SOON));
        await().until(() -> server.connections() == 1);
        assertThat(connection.isDisposed()).isFalse();
        connection.dispose();
    }

    @Test
    void tls_answersToo() {
        bind(TransportOptions.webSocket("127.0.0.1", 0)
                .tls(Certificates.SERVER.serving().build()));
        HttpClient client = HttpClient.newConnection()
                .secure(ssl ->
                        ssl.sslContext(Certificates.SERVER.trusting().build().forClient()));
        String origin = "https://127.0.0.1:" + server.address().getPort();
        assertThat(client.get()
                        .uri(origin + "/live")
                        .responseContent()
                        .aggregate()
                        .asString()
                        .block(SOON))
                .isEqualTo("alive");
    }

    @Test
    void body_ofTheGreatestLength_isTaken_andALongerOneRefused() throws IOException {
        bind();
        String post = "POST /length HTTP/1.1\r\nHost: here\r\nContent-Length: ";
        int most = HttpAnswers.MOST_BODY;
        assertThat(ask(post + most + "\r\n\r\n" + "x".repeat(most))).endsWith("\r\n\r\n" + most);
        assertThat(ask(post + (most + 1) + "\r\n\r\n" + "x".repeat(most + 1)))
                .startsWith("HTTP/1.1 413 ")
                .contains("65536", "65537");
        assertThat(ask("POST /length HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 411 ")
                .contains("Content-Length");
    }

    @Test
    void refusal_isReadToTheEnd_thoughTheBodyGoesOn() throws IOException {
        bind();
        int length = 4 << 20;
        try (Socket socket = socket()) {
            write(socket, "POST /nowhere HTTP/1.1\r\nHost: here\r\nContent-Length: " + length + "\r\n\r\n");
            write(socket, "x".repeat(length));
            assertThat(rest(socket)).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void headers_thatAreTooLong_areRefused() throws IOException {
        bind();
        assertThat(ask("GET /live HTTP/1.1\r\nHost: here\r\nX: " + "x".repeat(9_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(ask(get("/" + "x".repeat(5_000)))).startsWith("HTTP/1.1 414 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/broken", "/thrown"})
    void routeThatFails_isAnsweredWithoutItsSecrets(String path) throws IOException {
        bind();
        assertThat(ask(get(path)))
                .startsWith("HTTP/1.1 500 ")
                .contains("the log")
                .doesNotContain("secret");
    }

    @Test
    void routeThatFailsHalfway_doesNotEndItsAnswer() throws IOException {
        bind();
        assertThat(ask(get("/half"))).contains("half").doesNotEndWith("0\r\n\r\n");
    }

    @Test
    void routeThatDoesNotAnswer_isGivenUp() throws IOException {
        // Long enough for a request that is late because others are busy.
        bind(TransportOptions.webSocket("127.0.0.1", 0).handshakeTimeout(Duration.ofSeconds(2)));
        assertThat(ask(get("/held"))).startsWith("HTTP/1.1 503 ").contains("no answer within PT2S");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /live HTTP/1.1\r\nHo",
                "POST /length HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nslow",
                "POST /nowhere HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nslow"
            })
    void clientThatDoesNotGoOn_isDropped(String beginning) throws IOException {
        bind(TransportOptions.webSocket("127.0.0.1", 0).handshakeTimeout(BRIEF));
        try (Socket socket = socket()) {
            write(socket, beginning);
            rest(socket);
        }
    }

    @Test
    void request_thatComesLate_hasTimeOfItsOwn() throws IOException {
        bind(TransportOptions.webSocket("127.0.0.1", 0).handshakeTimeout(Duration.ofSeconds(4)));
        long begun = System.nanoTime();
        try (Socket socket = socket()) {
            await().until(() -> System.nanoTime() - begun > 2_000_000_000L);
            write(socket, get("/held"));
            await().until(() -> System.nanoTime() - begun > 4_200_000_000L);
            held.tryEmitEmpty();
            assertThat(rest(socket)).endsWith("at last");
        }
    }

    @Test
    void connections_ofRequests_areCountedAndBounded() throws IOException {
        bind(TransportOptions.webSocket("127.0.0.1", 0).mostConnections(1));
        try (Socket first = socket()) {
            write(first, get("/held"));
            await().until(() -> asked.get() == 1);
            try (Socket second = socket()) {
                assertThat(rest(second)).isEmpty();
            }
            assertThat(server.refused()).isOne();
            held.tryEmitEmpty();
            assertThat(rest(first)).endsWith("at last");
        }
        await().until(() -> server.connections() == 0);
        assertThat(ask(get("/live"))).endsWith("alive");
    }

    @Test
    void closeGracefully_letsARequestFinish_andEndsIdleConnections() throws Exception {
        bind();
        try (Socket idle = socket();
                Socket busy = socket()) {
            write(busy, get("/held"));
            await().until(() -> asked.get() == 1 && server.connections() == 2);

            CompletableFuture<Void> closed = server.closeGracefully(SOON).toFuture();
            CompletableFuture<Void> answered = server.whenAnswered().toFuture();

            assertThat(rest(idle)).isEmpty();
            assertThat(closed).isNotDone();
            assertThat(answered).isNotDone();
            held.tryEmitEmpty();
            assertThat(rest(busy)).endsWith("at last");
            Mono.fromFuture(closed).block(SOON);
            Mono.fromFuture(answered).block(SOON);
        }
    }

    @Test
    void dispose_endsARequest() throws IOException {
        bind();
        try (Socket busy = socket()) {
            write(busy, get("/held"));
            await().until(() -> asked.get() == 1);
            server.dispose();
            assertThat(rest(busy)).isEmpty();
        }
    }

    @Test
    void http_overTcp_isRefused() {
        assertThatThrownBy(() ->
                        TransportOptions.tcp("127.0.0.1", 0).http(routes -> {}).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http needs a WebSocket");
    }
}
