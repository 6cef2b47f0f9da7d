package dev.sluice.rsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.transport.NoLeaks;
import dev.sluice.rsocket.transport.RawWebSocket;
import dev.sluice.rsocket.wire.Hello;
import dev.sluice.rsocket.wire.RecordWriter;
import dev.sluice.rsocket.wire.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.core.RSocketConnector;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.util.DefaultPayload;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** A client of RSocket's own that breaks the rules, beside one that keeps them, over real sockets. */
@ExtendWith(NoLeaks.class)
class HostileConnectionTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private AtomicInteger cancelled = new AtomicInteger();
    private final AtomicLong frames = new AtomicLong();
    private final CountDownLatch read = new CountDownLatch(1);
    private SluiceServer server;
    private SluiceClient good;
    private RSocket evil;

    @BeforeEach
    void connect() {
        connect(LONG);
    }

    /** For who says nothing. */
    private void connectAgainToAServerWithoutPatience() {
        close();
        connect(Duration.ofSeconds(1));
    }

    private void connect(Duration helloTimeout) {
        cancelled = new AtomicInteger();
        server = SluiceServer.create(ServerOptions.builder()
                .tcp("127.0.0.1", 0)
                .webSocket("127.0.0.1", 0)
                .session(SessionOptions.builder()
                        .helloTimeout(helloTimeout)
                        // What runs here never ends, so nothing is gained by waiting for it.
                        .closeTimeout(Duration.ofMillis(1))
                        .build())
                .build());
        server.service(
                "s",
                request -> Flux.just(Source.of(
                                "endless", Flux.range(0, Integer.MAX_VALUE).map(i -> Frame.text("" + i))))
                        .concatWith(Flux.<Source>never())
                        .doOnCancel(cancelled::incrementAndGet));
        server.start().block(LONG);
        good = SluiceClient.create(ClientOptions.tcp("127.0.0.1", server.port()).build());
        evil = Objects.requireNonNull(RSocketConnector.create()
                .metadataMimeType(Routes.COMPOSITE)
                .connect(TcpClientTransport.create("127.0.0.1", server.port()))
                .block(LONG));
        good.post("s", Frame.EMPTY)
                .flatMap(RemoteSource::frames)
                .limitRate(64)
                .onErrorResume(over -> Flux.empty())
                .subscribe(frame -> {
                    if (frames.incrementAndGet() == 10_000) {
                        read.countDown();
                    }
                });
        await().until(() -> server.peers().size() == 1);
    }

    @AfterEach
    void close() {
        evil.dispose();
        good.close().subscribe();
        server.close().block(LONG);
    }

    private static Payload first(ByteBuf records) {
        return DefaultPayload.create(records, Routes.ofSession());
    }

    private void assertTheOtherGoesOn() throws InterruptedException {
        assertTheOtherGoesOn(1);
    }

    private void assertTheOtherGoesOn(int sessions) throws InterruptedException {
        assertThat(read.await(20, TimeUnit.SECONDS)).isTrue();
        long before = frames.get();
        await().untilAsserted(() -> assertThat(frames.get()).isGreaterThan(before + 1_000));
        assertThat(cancelled).hasValue(0);
        await().untilAsserted(() -> assertThat(server.peers()).hasSize(sessions));
    }

    @Test
    void garbage_endsItsSessionAndNoOther() throws InterruptedException {
        Payload garbage = first(Unpooled.buffer().writeBytes(new byte[] {Wire.PLAIN, 99, 1, 2, 3}));

        StepVerifier.create(evil.requestChannel(Flux.just(garbage).concatWith(Flux.never()))
                        .map(Payload::getDataUtf8)
                        .filter(text -> text.contains("unknown record type 99")))
                .expectNextCount(1)
                .expectComplete()
                .verify(LONG);

        assertTheOtherGoesOn();
    }

    @Test
    void silence_endsItsSessionAndNoOther() throws InterruptedException {
        connectAgainToAServerWithoutPatience();
        StepVerifier.create(evil.requestChannel(
                                Flux.just(first(Unpooled.buffer().writeByte(Wire.PLAIN)))
                                        .concatWith(Flux.never()))
                        .map(Payload::getDataUtf8)
                        .filter(text -> text.contains("no HELLO")))
                .expectNextCount(1)
                .expectComplete()
                .verify(LONG);

        assertTheOtherGoesOn();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connection_withoutSetup_isEndedAndNoOther(boolean webSocket) throws IOException, InterruptedException {
        connectAgainToAServerWithoutPatience();
        try (Socket silent = new Socket()) {
            silent.connect(server.addresses().get(webSocket ? 1 : 0));
            silent.setSoTimeout(20_000);
            if (webSocket) {
                silent.getOutputStream().write(RawWebSocket.handshake());
            }
            byte[] answer = silent.getInputStream().readAllBytes();
            assertThat(new String(answer, StandardCharsets.US_ASCII)).startsWith(webSocket ? "HTTP/1.1 101" : "");
        }

        assertTheOtherGoesOn();
    }

    private static final class Deaf extends BaseSubscriber<Payload> {
        private final AtomicLong bytes = new AtomicLong();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        protected void hookOnNext(Payload payload) {
            bytes.addAndGet(payload.data().readableBytes());
            payload.release();
        }
    }

    @Test
    void peer_thatAsksForNoLastWords_isNotWaitedFor() throws InterruptedException {
        connectAgainToAServerWithoutPatience();
        Deaf deaf = new Deaf();
        evil.requestChannel(Flux.just(first(Unpooled.buffer().writeByte(Wire.PLAIN)))
                        .concatWith(Flux.never()))
                .subscribe(deaf);

        assertTheOtherGoesOn();
        deaf.cancel();
    }

    @Test
    void peer_thatAsksLater_isServedThen() throws InterruptedException {
        AtomicInteger produced = new AtomicInteger();
        server.service(
                "big",
                request -> Mono.just(Source.of("big", Flux.range(0, 3_000).map(i -> {
                    produced.incrementAndGet();
                    return Frame.of(new byte[1_000]);
                }))));
        Sinks.Many<Payload> payloads = Sinks.many().unicast().onBackpressureBuffer();
        payloads.tryEmitNext(first(batch(out -> {
            RecordWriter.hello(out, new Hello(1, 0, 1 << 20, 1 << 30, 1 << 30, 100, 1, Frame.EMPTY, ""));
            RecordWriter.call(out, 1, false, RecordWriter.callHead("big", 3_000, Map.of()), Frame.EMPTY, 0);
            RecordWriter.grant(out, 1, 1, 0);
        })));
        Deaf deaf = new Deaf();
        evil.requestChannel(payloads.asFlux()).subscribe(deaf);

        await().until(() -> produced.get() > 400);
        assertTheOtherGoesOn(2);
        assertThat(produced.get()).isLessThan(700);
        deaf.request(Long.MAX_VALUE);

        await().untilAsserted(() -> assertThat(deaf.bytes.get()).isGreaterThan(3_000_000));
        deaf.cancel();
        assertTheOtherGoesOn();
    }

    private static ByteBuf batch(Consumer<ByteBuf> records) {
        ByteBuf batch = Unpooled.buffer().writeByte(Wire.PLAIN);
        records.accept(batch);
        return batch;
    }

    @Test
    void connection_thatIsCut_leavesNothing() throws InterruptedException {
        evil.requestChannel(Flux.just(first(Unpooled.buffer().writeByte(Wire.PLAIN)))
                        .concatWith(Flux.never()))
                .onErrorResume(error -> Mono.empty())
                .subscribe();
        await().untilAsserted(() -> assertThat(server.peers()).hasSizeGreaterThan(1));

        evil.dispose();

        assertTheOtherGoesOn();
    }

    @Test
    void peer_thatEndsItsHalfOfTheChannel_isAnsweredWithTheOther() {
        Flux<Payload> hello = Flux.just(first(batch(
                out -> RecordWriter.hello(out, new Hello(1, 0, 1 << 20, 1 << 20, 1 << 20, 100, 1, Frame.EMPTY, "")))));

        StepVerifier.create(evil.requestChannel(hello).doOnNext(Payload::release))
                .thenConsumeWhile(payload -> true)
                .expectComplete()
                .verify(LONG);
    }
}
