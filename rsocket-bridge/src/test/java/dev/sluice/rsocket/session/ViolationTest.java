package dev.sluice.rsocket.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Nest;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.transport.NoLeaks;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.rsocket.wire.Hello;
import dev.sluice.rsocket.wire.RecordWriter;
import dev.sluice.rsocket.wire.Wire;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

/** Records that break a rule end the session, with a reason, and nothing of it is left. */
@ExtendWith(NoLeaks.class)
class ViolationTest {

    private static final Frame CHUNK = Frame.of(new byte[Wire.CHUNK_BYTES]);
    private static final Frame LONG = Frame.of(new byte[40_000]);

    private final AtomicInteger cancelled = new AtomicInteger();

    private static Arguments rule(String reason, Consumer<ByteBuf> records) {
        return Arguments.of(reason, records);
    }

    private static <T> TestSubscriber<T> asking(long items) {
        return TestSubscriber.builder().initialRequest(items).build();
    }

    private static void open(ByteBuf out, long id, boolean nest) {
        RecordWriter.open(out, id, 1, nest, Frame.text("h"));
    }

    private static void callOf(ByteBuf out, long id, Frame body) {
        RecordWriter.call(out, id, false, RecordWriter.callHead("s", 0, Map.of()), body, CHUNK.size());
    }

    /** After HELLO and call 1, whose service asks for 10 sources of its uplink and 5 frames of each, and answers with one that never ends: 2; its first source is 3. */
    static Stream<Arguments> rules() {
        return Stream.of(
                rule("unknown record type", out -> out.writeByte(99)),
                rule("cut off", out -> out.writeByte(5).writeByte(3).writeByte(50)),
                rule(
                        "longer than it need be",
                        out -> out.writeByte(10).writeByte(0x81).writeByte(0)),
                rule("a second HELLO", out -> RecordWriter.hello(out, Hello.FLOOR)),
                rule("used before", out -> HostilePeer.call(out, 1, "s")),
                rule("used before", out -> {
                    HostilePeer.call(out, 9, "s");
                    HostilePeer.call(out, 7, "s");
                }),
                rule("not the other side's to give", out -> HostilePeer.call(out, 4, "s")),
                rule("not the other side's to give", out -> HostilePeer.call(out, 0, "s")),
                rule("never opened", out -> RecordWriter.grant(out, 55, 1, 1)),
                rule("never opened", out -> RecordWriter.cancel(out, 56)),
                rule("never opened", out -> RecordWriter.open(out, 5, 77, false, Frame.EMPTY)),
                rule("GRANT for stream 3", out -> RecordWriter.grant(out, 3, 1, 1)),
                rule("OPEN for stream 2", out -> RecordWriter.open(out, 5, 2, false, Frame.EMPTY)),
                rule("DATA for stream 2", out -> RecordWriter.data(out, 2, Frame.EMPTY)),
                rule("END for stream 2", out -> RecordWriter.end(out, 2)),
                rule("ACK", out -> RecordWriter.ack(out, 1, 0, 1)),
                rule("which has sent 1", out -> RecordWriter.ack(out, 2, 1, 1)),
                rule("which has sent 1", out -> RecordWriter.nack(out, 2, 0, Long.MAX_VALUE)),
                rule("not asked for", out -> {
                    for (int i = 0; i < 6; i++) {
                        RecordWriter.data(out, 3, Frame.EMPTY);
                    }
                }),
                rule("which was not asked for", out -> {
                    for (int i = 0; i < 10; i++) {
                        open(out, 5 + 2L * i, false);
                    }
                }),
                rule("beyond the session's window", out -> {
                    RecordWriter.first(out, 3, LONG, 1);
                    callOf(out, 5, LONG);
                    open(out, 7, false);
                }),
                rule("a frame of 70000 bytes", out -> RecordWriter.first(out, 3, Frame.of(new byte[70_000]), 1)),
                rule("a body of 70000 bytes", out -> callOf(out, 5, Frame.of(new byte[70_000]))),
                rule("within the body of another", out -> {
                    callOf(out, 5, LONG);
                    callOf(out, 7, LONG);
                }),
                rule("of the body of call 5", out -> {
                    callOf(out, 5, LONG);
                    RecordWriter.more(out, 5, CHUNK, 0, CHUNK.size());
                    RecordWriter.more(out, 5, CHUNK, 0, CHUNK.size());
                }),
                rule("not begun", out -> RecordWriter.more(out, 3, LONG, 0, 10)),
                rule("within another", out -> {
                    RecordWriter.first(out, 3, LONG, 10);
                    RecordWriter.data(out, 3, Frame.EMPTY);
                }),
                rule("within a frame", out -> {
                    RecordWriter.first(out, 3, LONG, 10);
                    RecordWriter.end(out, 3);
                }),
                rule("than its 16385 bytes", out -> {
                    RecordWriter.first(out, 3, Frame.of(new byte[Wire.CHUNK_BYTES + 1]), 10);
                    RecordWriter.more(out, 3, CHUNK, 0, CHUNK.size());
                }),
                rule("at depth 2", out -> open(out, 5, true)),
                rule("a header of 57345 bytes", out -> open2(out, Wire.HEADER_BYTES + 1)));
    }

    private static void open2(ByteBuf out, int header) {
        RecordWriter.open(out, 5, 1, false, Frame.of(new byte[header]));
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("rules")
    void record_thatBreaksARule_endsTheSession(String reason, Consumer<ByteBuf> records) {
        SessionOptions small = SessionOptions.builder()
                .depth(1)
                .streamWindow(16 << 10)
                .sessionWindow(64 << 10)
                .largestFrame(64 << 10)
                .build();
        try (HostilePeer peer = HostilePeer.greeting(small)
                .serving("s", request -> {
                    request.uplink()
                            .doOnNext(source -> source.frames().subscribe(asking(5)))
                            .subscribe(asking(10));
                    return Flux.just(Source.of(
                                    "never",
                                    Flux.just(Frame.text("1"))
                                            .concatWith(Flux.never())
                                            .doOnCancel(cancelled::incrementAndGet)))
                            .concatWith(Flux.<Source>never())
                            .doOnCancel(cancelled::incrementAndGet);
                })
                .callWithUplink(1, "s")
                .send(out -> RecordWriter.grant(out, 1, 1, 0))
                .send(out -> RecordWriter.grant(out, 2, 2, 0))
                .send(out -> open(out, 3, false))) {
            assertThat(peer.heard).contains("data(2, 1)", "grant(3, 5, 0)");
            peer.assertAlive();

            peer.send(records);

            peer.assertEnded(reason);
            assertThat(cancelled.get()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void frames_beyondTheStreamsWindow_endTheSession() {
        SessionOptions small = SessionOptions.builder().streamWindow(16 << 10).build();
        try (HostilePeer peer = HostilePeer.greeting(small)) {
            peer.session.call(Call.to("s").firstItems(10)).subscribe(asking(1));
            peer.onLoop(() -> {});

            peer.send(out -> RecordWriter.open(out, 1, 2, false, Frame.EMPTY))
                    .send(out -> RecordWriter.data(out, 1, CHUNK));
            peer.assertAlive();
            peer.send(out -> RecordWriter.data(out, 1, Frame.EMPTY));

            peer.assertEnded("beyond its window");
        }
    }

    @Test
    void bytes_thatAreNoBatch_endTheSession() {
        try (HostilePeer peer =
                HostilePeer.greeting().sendRaw(out -> out.writeByte(7).writeLong(1))) {
            peer.assertEnded("unknown form of a batch");
        }
        try (HostilePeer peer = HostilePeer.greeting().sendRaw(out -> {})) {
            peer.assertEnded("a batch of 0 bytes");
        }
        try (HostilePeer peer = HostilePeer.greeting()
                .sendRaw(out -> out.writeByte(1).writeByte(8).writeLong(1))) {
            peer.assertEnded("a compressed batch, which was not agreed");
        }
    }

    @Test
    void hello_thatDoesNotCome_endsTheSession() {
        try (HostilePeer peer = new HostilePeer(
                SessionOptions.builder().helloTimeout(Duration.ofMillis(100)).build())) {
            peer.assertEnded("no HELLO within");
        }
    }

    @Test
    void record_beforeHello_endsTheSession() {
        try (HostilePeer peer = new HostilePeer().call(1, "s")) {
            peer.assertEnded("a record before HELLO");
        }
        try (HostilePeer peer = new HostilePeer().send(out -> RecordWriter.grant(out, 0, 0, 1))) {
            peer.assertEnded("a record before HELLO");
        }
    }

    @Test
    void hello_ofAnotherVersion_endsTheSession() {
        try (HostilePeer peer = new HostilePeer()
                .send(out ->
                        RecordWriter.hello(out, new Hello(2, 0, 65_536, 65_536, 65_536, 65_536, 1, Frame.EMPTY, "")))) {
            peer.assertEnded("version 2");
        }
    }

    @Test
    void calls_beyondTheMostStreams_endTheSession() {
        try (HostilePeer peer = HostilePeer.greeting(
                        SessionOptions.builder().mostStreams(1_000).build())
                .serving("s", request -> Flux.<Source>never().doOnCancel(cancelled::incrementAndGet))) {
            peer.send(out -> {
                for (int i = 0; i < 1_000; i++) {
                    HostilePeer.call(out, 1 + 2L * i, "s");
                }
            });
            peer.assertAlive();

            peer.call(5_001, "s");

            peer.assertEnded("at most 1000 may be open");
            assertThat(cancelled).hasValue(1_000);
        }
    }

    @Test
    void records_behindTheEndOfASession_areLeftUnread() {
        AtomicInteger called = new AtomicInteger();
        try (HostilePeer peer = HostilePeer.greeting().serving("s", request -> {
            called.incrementAndGet();
            return Flux.never();
        })) {
            peer.send(out -> {
                RecordWriter.fail(out, 0, Code.FAILED, "bye");
                HostilePeer.call(out, 1, "s");
            });

            assertThat(peer.linkClosed).isTrue();
            assertThat(called).hasValue(0);
        }
    }

    @Test
    void nests_deeperThanTheOtherSideTakes_failAloneAndAreDiscarded() {
        try (Pair pair = new Pair(SessionOptions.builder().depth(1).build(), SessionOptions.defaults())
                .serving("n", request -> Flux.just(Nest.of(Frame.EMPTY, Flux.<Source>never())))
                .serving("ok", request -> Flux.just(Source.of("s", Flux.just(Frame.text("x")))))) {
            StepVerifier.create(pair.client.post("n", Frame.EMPTY))
                    .expectErrorSatisfies(error -> assertThat(error).hasMessageContaining("depth 2"))
                    .verify(Duration.ofSeconds(20));
            assertThat(pair.client
                            .post("ok", Frame.EMPTY)
                            .flatMap(RemoteSource::frames)
                            .count()
                            .block(Duration.ofSeconds(20)))
                    .isEqualTo(1);
        }
    }
}
