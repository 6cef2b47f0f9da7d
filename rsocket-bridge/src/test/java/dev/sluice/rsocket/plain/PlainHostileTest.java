package dev.sluice.rsocket.plain;

import static dev.sluice.rsocket.plain.Rider.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.PlainOptions;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.transport.NettyConnection;
import dev.sluice.rsocket.transport.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.rsocket.exceptions.RejectedException;
import io.rsocket.frame.CancelFrameCodec;
import io.rsocket.frame.PayloadFrameCodec;
import io.rsocket.frame.RequestResponseFrameCodec;
import io.rsocket.util.DefaultPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Clients that ask for more than is good for the server. */
@ExtendWith(NoLeaks.class)
class PlainHostileTest {

    private static final int WAITING = 64 << 10;

    private final Channels channels =
            Channels.inMemory(ChannelOptions.builder().capacity(1).build());
    private final SluiceServer server = SluiceServer.create(ServerOptions.builder()
                    .tcp("127.0.0.1", 0)
                    .session(SessionOptions.builder().largestFrame(64 << 10).build())
                    .plain(PlainOptions.builder()
                            .mostStreams(3)
                            .waitingBytes(WAITING)
                            .build())
                    .build())
            .channels(channels);
    private final Channel<Frame> full = channels.channel("full");
    private final List<NettyConnection> connection = new CopyOnWriteArrayList<>();
    private final List<Rider> riders = new ArrayList<>();
    private Rider evil;

    @BeforeEach
    void start() {
        server.start().block(LONG);
        evil = Rider.stoppable(server, connection);
        riders.add(evil);
        full.send(Frame.EMPTY).block(LONG);
    }

    @AfterEach
    void stop() {
        riders.forEach(Rider::close);
        server.close().block(LONG);
    }

    private long waitingSends() {
        return Objects.requireNonNull(full.stats().block(LONG)).waitingSends();
    }

    private static Throwable failure(Mono<?> asked) {
        return Objects.requireNonNull(
                asked.then(Mono.<Throwable>empty()).onErrorResume(Mono::just).block(LONG));
    }

    private void assertRejected(Mono<?> asked, String... says) {
        assertThat(failure(asked)).isInstanceOf(RejectedException.class).hasMessageContainingAll(says);
    }

    private void assertFailed(Mono<?> asked, String... says) {
        assertThat(failure(asked)).hasMessageContainingAll(says);
    }

    /** Another connection finds all as it was. */
    private void assertOthersAreServed() {
        Rider good = Rider.of(server, false);
        riders.add(good);
        channels.channel("free").receive().subscribe();
        assertThat(good.ask("channel.free", "x").block(LONG)).isEmpty();
    }

    @Test
    void requests_beyondTheLimit_areRejectedUntilOneEnds() {
        List<Disposable> open = Flux.range(0, 3)
                .map(i -> evil.stream("channel.quiet").onErrorComplete().subscribe())
                .collectList()
                .block(LONG);
        await().until(() ->
                Objects.requireNonNull(channels.channel("quiet").stats().block(LONG))
                                .receivers()
                        == 3);

        assertRejected(evil.ask("channel.free", "x"), "LIMIT: ", "at most 3", "cancel");
        assertRejected(evil.texts("channel.quiet").next(), "LIMIT: ");
        assertRejected(evil.sendAll("channel.free", Flux.just("x")).next(), "LIMIT: ");
        assertOthersAreServed();
        Objects.requireNonNull(open).get(0).dispose();

        await().untilAsserted(
                        () -> assertThat(evil.ask("channels", "").block(LONG)).contains("quiet"));
    }

    @Test
    void forgottenSends_beyondTheLimit_areDroppedAndCounted() {
        int sends = 5_000;
        Flux.range(0, sends)
                .concatMap(i -> evil.tell("channel.full", "12345678"))
                .then()
                .block(LONG);

        int waiting = (WAITING + 71) / 72;
        await().until(() -> server.dropped() == sends - waiting);
        assertThat(waitingSends()).isEqualTo(waiting);
        assertOthersAreServed();
        evil.close();

        await().until(() -> waitingSends() == 0);
    }

    @Test
    void forgottenSends_thatLeadNowhere_areDroppedAndCounted() {
        evil.tell("channel.a?b=c", "").block(LONG);
        evil.tell("service.a", "").block(LONG);
        evil.tell("sesame", "").block(LONG);
        evil.rsocket
                .fireAndForget(DefaultPayload.create(new byte[0], new byte[] {99, 1, 2}))
                .block(LONG);

        await().until(() -> server.dropped() == 4);
    }

    @Test
    void sends_whenTooManyWait_areRejected() {
        Flux.range(0, 1_000)
                .concatMap(i -> evil.tell("channel.full", "12345678"))
                .then()
                .block(LONG);
        await().until(() -> server.dropped() > 0);

        assertRejected(evil.ask("channel.free", "x"), "LIMIT: ", "at most " + WAITING, "waitingBytes");
        assertRejected(evil.sendAll("channel.free", Flux.just("x")).last(), "LIMIT: ");
        full.receive().subscribe();

        await().untilAsserted(() ->
                assertThat(evil.ask("channel.free", "x").block(LONG)).isEmpty());
    }

    @Test
    void lists_askedForAllAtOnce_areMadeOneAfterTheOther() {
        Flux.range(0, 2_000).doOnNext(i -> channels.channel("many." + i)).blockLast(LONG);
        List<String> answers = Flux.range(0, 50)
                .flatMap(
                        i -> evil.ask("channels?limit=10000", "")
                                .map(list -> "a list")
                                .onErrorResume(refused -> Mono.just(String.valueOf(refused.getMessage()))),
                        50)
                .collectList()
                .block(LONG);

        assertThat(answers).hasSize(50).contains("a list");
        assertThat(answers).anySatisfy(answer -> assertThat(answer).startsWith("LIMIT: channels are being listed"));
        assertThat(evil.ask("channels", "").block(LONG)).contains("many");
    }

    @Test
    void frames_longerThanTheLargest_areRejected() {
        String tooLong = "x".repeat((64 << 10) + 1);

        assertRejected(evil.ask("channel.free", tooLong), "TOO_LARGE: ", "at most 65536");
        assertRejected(evil.ask("service.free", tooLong), "TOO_LARGE: ");
        assertRejected(evil.sendAll("channel.free", Flux.just(tooLong)).last(), "TOO_LARGE: ");
        assertThat(Objects.requireNonNull(channels.channel("free").stats().block(LONG))
                        .accepted())
                .isZero();
    }

    @Test
    void bodies_ofOpenCalls_areCountedUntilTheirEnd() {
        server.service("endless", request -> Flux.never());
        String body = "x".repeat(60_000);
        Disposable first = evil.ask("service.endless", body).subscribe();
        Disposable second = evil.ask("service.endless", body).subscribe();

        assertRejected(evil.ask("service.endless", body), "LIMIT: ", "bodies of open calls", "waitingBytes");
        assertOthersAreServed();
        first.dispose();
        second.dispose();

        channels.channel("free").receive().subscribe();
        assertThat(evil.ask("channel.free", "x").block(LONG)).isEmpty();
    }

    @Test
    void requests_thatAreRefused_createNoChannel() {
        assertFailed(evil.ask("channel.a?typo=1", "x"), "BAD_REQUEST: ");
        assertFailed(evil.sendAll("channel.b?typo=1", Flux.just("x")).then(), "BAD_REQUEST: ");
        assertFailed(evil.texts("channel.c?typo=1").then(), "BAD_REQUEST: ");
        assertFailed(evil.texts("channel.d?listen=never").then(), "BAD_REQUEST: ");
        assertFailed(evil.ask("channel.e", "x".repeat((64 << 10) + 1)), "TOO_LARGE: ");

        assertThat(channels.list("").collectList().block(LONG)).containsExactly("full");
    }

    @Test
    void buffer_ofAListener_isNoLargerThanAWindow() {
        assertFailed(
                evil.texts("channel.news?listen=latest&overflow=drop_oldest&buffer=257")
                        .then(),
                "BAD_REQUEST: ",
                "1 to 256");
    }

    @Test
    void service_thatFailsWithAnErrorOfRSocket_fails() {
        server.service("imitator", request -> Flux.error(new RejectedException("LIMIT: not of the server")));

        assertFailed(evil.ask("service.imitator", ""), "FAILED: LIMIT: not of");
    }

    private static ByteBuf fragment(int stream, int bytes) {
        return RequestResponseFrameCodec.encode(
                ByteBufAllocator.DEFAULT, stream, true, Unpooled.EMPTY_BUFFER, Unpooled.wrappedBuffer(new byte[bytes]));
    }

    @Test
    void fragments_ofMorePayloadsThanFit_endTheirConnectionAndNoOther() {
        for (int i = 0; i < 100; i++) {
            connection.get(0).sendFrame(1, fragment(101 + 2 * i, 10_000));
        }

        evil.rsocket.onClose().onErrorComplete().block(LONG);
        assertOthersAreServed();
    }

    private static ByteBuf piece(int stream, int bytes) {
        return PayloadFrameCodec.encode(
                ByteBufAllocator.DEFAULT,
                stream,
                true,
                false,
                true,
                Unpooled.EMPTY_BUFFER,
                Unpooled.wrappedBuffer(new byte[bytes]));
    }

    /** Frames that may look like the end of a stream, and after which RSocket keeps its fragments. */
    private enum Distraction {
        COMPLETE {
            @Override
            ByteBuf on(int stream) {
                return PayloadFrameCodec.encodeComplete(ByteBufAllocator.DEFAULT, stream);
            }
        },
        REQUEST {
            @Override
            ByteBuf on(int stream) {
                return RequestResponseFrameCodec.encode(
                        ByteBufAllocator.DEFAULT, stream, false, null, Unpooled.EMPTY_BUFFER);
            }
        };

        abstract ByteBuf on(int stream);
    }

    @ParameterizedTest
    @EnumSource(Distraction.class)
    void fragments_betweenOtherFramesOfTheirStream_areCountedStill(Distraction distraction) {
        connection.get(0).sendFrame(1, fragment(101, 10_000));
        for (int i = 0; i < 20; i++) {
            connection.get(0).sendFrame(1, distraction.on(101));
            connection.get(0).sendFrame(1, piece(101, 10_000));
        }

        evil.rsocket.onClose().onErrorComplete().block(LONG);
        assertOthersAreServed();
    }

    @Test
    void fragments_soManyThatABufferWouldCopyThem_areCountedStill() {
        connection.get(0).sendFrame(1, fragment(101, 1_000));
        for (int i = 0; i < 200; i++) {
            connection.get(0).sendFrame(1, piece(101, 1_000));
        }

        evil.rsocket.onClose().onErrorComplete().block(LONG);
        assertOthersAreServed();
    }

    @Test
    void fragments_thatAreCancelled_areCountedNoLonger() {
        for (int i = 0; i < 50; i++) {
            connection.get(0).sendFrame(1, fragment(101, 60_000));
            connection.get(0).sendFrame(1, CancelFrameCodec.encode(ByteBufAllocator.DEFAULT, 101));
        }
        channels.channel("free").receive().subscribe();

        assertThat(evil.ask("channel.free", "x").block(LONG)).isEmpty();
    }

    @Test
    void fragments_ofPayloadsThatEnd_areCountedNoLonger() {
        Rider patient = Rider.fragmenting(server, 1_000);
        riders.add(patient);
        channels.channel("free").receive().subscribe();

        assertThat(Flux.range(0, 50)
                        .concatMap(i -> patient.ask("channel.free", "y".repeat(60_000)))
                        .count()
                        .block(LONG))
                .isEqualTo(50);
    }

    @Test
    void connection_lostAmidRequests_leavesNothing() {
        evil.ask("channel.full", "x").onErrorComplete().subscribe();
        evil.tell("channel.full", "x").subscribe();
        evil.sendAll("channel.full", Flux.just("1", "2").concatWith(Flux.never()))
                .onErrorComplete()
                .subscribe();
        await().until(() -> waitingSends() == 3);

        connection.get(0).dispose();

        await().until(() -> waitingSends() == 0);
    }
}
