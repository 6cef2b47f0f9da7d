package dev.sluice.rsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.transport.NoLeaks;
import dev.sluice.rsocket.wire.Code;
import io.netty.buffer.Unpooled;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.core.RSocketConnector;
import io.rsocket.exceptions.InvalidException;
import io.rsocket.exceptions.RejectedException;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.util.ByteBufPayload;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The phases in which a server closes, over real sockets. */
@ExtendWith(NoLeaks.class)
class ServerClosingTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    /** Less than the 5 s a connection may take for its last words. */
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    private final Sinks.Many<Frame> frames = Sinks.many().multicast().directBestEffort();
    private final Sinks.Empty<Void> enough = Sinks.empty();
    private final Sinks.Empty<Void> page = Sinks.empty();
    private final SluiceServer server = SluiceServer.create(ServerOptions.builder()
                    .tcp("127.0.0.1", 0)
                    .webSocket(
                            "127.0.0.1",
                            0,
                            "/rsocket",
                            routes -> routes.get(
                                    "/page",
                                    (request, response) ->
                                            response.sendString(page.asMono().thenReturn("read"))))
                    .build())
            .service("tea", request -> Mono.just(Source.of("cup", frames.asFlux())));

    private SluiceClient client =
            SluiceClient.create(ClientOptions.tcp("127.0.0.1", 1).build());

    private void start(boolean webSocket) {
        server.start().block(LONG);
        client = client(webSocket, LONG);
    }

    private SluiceClient client(boolean webSocket, Duration connectionTimeout) {
        int port = server.addresses().get(webSocket ? 1 : 0).getPort();
        return SluiceClient.create((webSocket
                        ? ClientOptions.webSocket("127.0.0.1", port, "/rsocket")
                        : ClientOptions.tcp("127.0.0.1", port))
                .session(SessionOptions.builder()
                        .closeTimeout(Duration.ofMillis(1))
                        .build())
                .connectionTimeout(connectionTimeout)
                .build());
    }

    @AfterEach
    void stop() {
        client.close().block(LONG);
        server.close(Duration.ZERO, Mono.never()).block(LONG);
    }

    private CompletableFuture<@Nullable Frame> drinking() {
        CompletableFuture<@Nullable Frame> cup = client.post("tea", Frame.EMPTY)
                .flatMap(RemoteSource::frames)
                .last()
                .toFuture();
        await().until(() -> frames.currentSubscriberCount() == 1);
        return cup;
    }

    private static Throwable failure(Publisher<?> asked) {
        return Objects.requireNonNull(Flux.from(asked)
                .then(Mono.<Throwable>fromSupplier(() -> new AssertionError("nothing failed")))
                .onErrorResume(Mono::just)
                .block(LONG));
    }

    /**
     * Waits until the client has heard that no more is taken. A call that overtakes the close is taken, and would run until its source has waited for
     * long enough: nobody wants that source.
     */
    private void awaitRefusal() {
        await().untilAsserted(() -> assertThat(
                        failure(client.post("tea", Frame.EMPTY).doOnNext(RemoteSource::discard)))
                .hasMessageContainingAll("going away", "the server shuts down")
                .satisfies(refused -> assertThat(Failures.code(refused)).isEqualTo(Code.UNAVAILABLE)));
    }

    private void assertClosed() {
        assertThat(server.peers()).isEmpty();
        server.addresses().forEach(address -> {
            try (ServerSocket free = new ServerSocket(address.getPort(), 1, InetAddress.getLoopbackAddress())) {
                assertThat(free.isBound()).isTrue();
            } catch (IOException taken) {
                throw new AssertionError(taken);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void close_whileACallRuns_letsItFinish_andTakesNoOther(boolean webSocket) {
        start(webSocket);
        CompletableFuture<@Nullable Frame> cup = drinking();

        CompletableFuture<Void> closed = server.close(LONG, enough.asMono()).toFuture();

        // The client's own close timeout has long passed when it has heard of this one.
        awaitRefusal();
        SluiceClient stranger = client(webSocket, Duration.ofMillis(300));
        assertThat(failure(stranger.connect()))
                .isInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("check that the server runs");
        stranger.close().block(LONG);
        assertThat(closed).isNotDone();
        frames.tryEmitNext(Frame.text("last drop"));
        frames.tryEmitComplete();
        assertThat(Mono.fromFuture(cup).block(LONG)).isEqualTo(Frame.text("last drop"));
        Mono.fromFuture(closed).block(AT_ONCE);
        assertClosed();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void close_untilItIsEnough_endsWhatStillRuns(boolean webSocket) {
        start(webSocket);
        CompletableFuture<@Nullable Frame> cup = drinking();
        CompletableFuture<Void> closed = server.close(LONG, enough.asMono()).toFuture();
        awaitRefusal();

        enough.tryEmitEmpty();

        Mono.fromFuture(closed).block(AT_ONCE);
        assertThat(failure(Mono.fromFuture(cup)))
                .isInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("ended by the other side: the server shuts down");
        assertThat(frames.currentSubscriberCount()).isZero();
        assertClosed();
    }

    @Test
    void close_whoseTimeIsOver_endsWhatStillRuns() {
        start(false);
        CompletableFuture<@Nullable Frame> cup = drinking();
        server.close(Duration.ofMillis(50), Mono.never()).block(AT_ONCE);
        assertThat(failure(Mono.fromFuture(cup))).hasMessageContaining("the server shuts down");
        assertClosed();
    }

    @Test
    void close_whichIsEnoughAtOnce_stillSaysWhy() {
        start(false);
        CompletableFuture<@Nullable Frame> cup = drinking();
        server.close(LONG, Mono.empty()).block(AT_ONCE);
        assertThat(failure(Mono.fromFuture(cup)))
                .isInstanceOf(ConnectionLostException.class)
                .hasMessageContaining("the server shuts down");
        assertClosed();
    }

    @Test
    void close_whileTheConnectionIsNotServed_stillSaysWhy() {
        AtomicBoolean busy = new AtomicBoolean();
        AtomicBoolean free = new AtomicBoolean();
        server.service("busy", request -> {
            busy.set(true);
            while (!free.get()) {
                // An event loop that has much to do.
            }
            return Mono.never();
        });
        start(false);
        CompletableFuture<@Nullable Frame> cup = drinking();
        client.post("busy", Frame.EMPTY).subscribe(source -> {}, failure -> {});
        await().untilTrue(busy);

        long begun = System.nanoTime();
        CompletableFuture<Void> closed = server.close(LONG, Mono.empty()).toFuture();
        // Longer than those who do not read may keep it.
        await().until(() -> System.nanoTime() - begun > 500_000_000L);
        free.set(true);

        Mono.fromFuture(closed).block(AT_ONCE);
        assertThat(failure(Mono.fromFuture(cup))).hasMessageContaining("the server shuts down");
        assertClosed();
    }

    @Test
    void close_ofWhichNobodyCanSayWhenItIsEnough_ends() {
        start(false);
        CompletableFuture<@Nullable Frame> cup = drinking();
        server.close(LONG, Mono.error(new IllegalStateException("lost count"))).block(AT_ONCE);
        assertThat(failure(Mono.fromFuture(cup))).isInstanceOf(ConnectionLostException.class);
    }

    @Test
    void close_whileAnotherRuns_hastensIt() {
        start(false);
        CompletableFuture<@Nullable Frame> cup = drinking();
        CompletableFuture<Void> patient = server.close(LONG, Mono.never()).toFuture();
        server.close(Duration.ZERO, Mono.empty()).block(AT_ONCE);
        Mono.fromFuture(patient).block(AT_ONCE);
        assertThat(failure(Mono.fromFuture(cup))).isInstanceOf(ConnectionLostException.class);
    }

    @Test
    void session_onAConnectionThatWasThereBefore_isRefusedWithAReason() {
        start(false);
        CompletableFuture<@Nullable Frame> cup = drinking();
        RSocket early = Objects.requireNonNull(RSocketConnector.create()
                .metadataMimeType(Routes.COMPOSITE)
                .connect(TcpClientTransport.create("127.0.0.1", server.port()))
                .block(LONG));
        // It is there when the server has answered; to connect ends before the server knows of it.
        assertThat(failure(early.requestResponse(ByteBufPayload.create("no route"))))
                .isInstanceOf(InvalidException.class);
        CompletableFuture<Void> closed = server.close(LONG, enough.asMono()).toFuture();
        awaitRefusal();

        Payload first = ByteBufPayload.create(Unpooled.EMPTY_BUFFER, Routes.ofSession());
        assertThat(failure(early.requestChannel(Flux.just(first).concatWith(Flux.never()))))
                .isInstanceOf(RejectedException.class)
                .hasMessage("UNAVAILABLE: the server shuts down: ask another one, or this one later");
        assertThat(server.peers()).hasSize(1);

        frames.tryEmitComplete();
        Mono.fromFuture(closed).block(LONG);
        assertThat(failure(Mono.fromFuture(cup))).isNotNull();
        early.dispose();
    }

    @Test
    void close_whileAPageIsRead_letsItFinish() throws IOException {
        start(false);
        try (Socket reader = new Socket(
                InetAddress.getLoopbackAddress(), server.addresses().get(1).getPort())) {
            reader.getOutputStream().write("GET /page HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            await().until(() -> page.currentSubscriberCount() == 1);
            CompletableFuture<Void> closed = server.close(LONG, Mono.never()).toFuture();
            page.tryEmitEmpty();
            InputStream in = reader.getInputStream();
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).endsWith("read");
            Mono.fromFuture(closed).block(AT_ONCE);
        }
        assertClosed();
    }

    @Test
    void start_afterClose_saysWhatToDo() {
        start(false);
        server.close().block(LONG);
        assertThat(failure(server.start()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("create another one");
    }

    @Test
    void close_withANegativeTimeout_isRefused() {
        assertThatThrownBy(() -> server.close(Duration.ofMillis(-1), Mono.never()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("timeout in ms must be 0 to");
    }
}
