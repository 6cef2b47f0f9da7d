package dev.sluice.rsocket.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.transport.NoLeaks;
import dev.sluice.rsocket.wire.RecordWriter;
import dev.sluice.rsocket.wire.Wire;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What keeps to the letter of the protocol and yet means harm: it costs the other side little, or ends. */
@ExtendWith(NoLeaks.class)
class HostilePeerTest {

    private static Source source(String header, Flux<Frame> frames) {
        return Source.of(header, frames);
    }

    @Test
    void answers_nobodyReads_endTheSession() {
        try (HostilePeer peer = HostilePeer.greeting()
                .serving("s", request -> Mono.empty())
                .call(1, "s")
                .send(out -> RecordWriter.grant(out, 1, 1, 0))
                .stopReading()) {
            // Each source that is opened in a nest that is over is answered with CANCEL.
            for (int batch = 0; batch < 400 && !peer.linkClosed; batch++) {
                long first = 3 + batch * 10_000L;
                peer.send(out -> {
                    for (int i = 0; i < 5_000; i++) {
                        RecordWriter.open(out, first + 2L * i, 1, false, Frame.EMPTY);
                    }
                });
            }

            peer.assertEnded("bytes wait for a connection that is not read");
        }
    }

    @Test
    void frames_nobodyReads_areNotProduced() {
        AtomicLong produced = new AtomicLong();
        try (HostilePeer peer = HostilePeer.greeting()
                .stopReading()
                .serving(
                        "s",
                        request -> Mono.just(source("s", Flux.range(0, 1 << 30).map(i -> {
                            produced.incrementAndGet();
                            return Frame.of(new byte[1_000]);
                        }))))) {
            for (int i = 0; i < 100; i++) {
                long call = 1 + 2L * i;
                long leaf = 2 + 2L * i;
                peer.call(call, "s").send(out -> RecordWriter.grant(out, call, 1, 0));
                if (peer.heard.contains("open(" + leaf + ", " + call + ", false, Frame(1: s))")) {
                    peer.send(out -> RecordWriter.grant(out, leaf, Long.MAX_VALUE, Long.MAX_VALUE));
                }
            }

            peer.assertAlive();
            assertThat(produced.get()).isBetween(500L, 700L);
        }
    }

    @Test
    void grants_nearTheLargestNumber_areUnlimited() {
        AtomicInteger produced = new AtomicInteger();
        try (HostilePeer peer = HostilePeer.greeting()
                .serving(
                        "s",
                        request -> Mono.just(source(
                                "s",
                                Flux.range(0, 1_000)
                                        .map(i -> Frame.text("" + i))
                                        .doOnNext(f -> produced.incrementAndGet()))))) {
            peer.call(1, "s").send(out -> {
                for (int i = 0; i < 5; i++) {
                    RecordWriter.grant(out, 0, 0, Long.MAX_VALUE);
                    RecordWriter.grant(out, 1, Long.MAX_VALUE, Long.MAX_VALUE);
                }
            });
            peer.send(out -> {
                RecordWriter.grant(out, 2, Long.MAX_VALUE - 1, Long.MAX_VALUE - 1);
                RecordWriter.grant(out, 2, Long.MAX_VALUE - 1, Long.MAX_VALUE - 1);
            });

            await().untilAsserted(() -> assertThat(peer.heard).contains("end(2)", "end(1)"));
            assertThat(produced).hasValue(1_000);
        }
    }

    @Test
    void hello_withTheLargestWindows_isNoLessThanOne() {
        try (HostilePeer peer = new HostilePeer()
                .hello(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE)
                .serving("s", request -> Mono.just(source("s", Flux.just(Frame.text("x")))))
                .call(1, "s")
                .send(out -> RecordWriter.grant(out, 1, 1, 0))
                .send(out -> RecordWriter.grant(out, 2, 1, 0))) {

            assertThat(peer.heard).contains("data(2, 1)", "end(2)", "end(1)");
        }
    }

    @Test
    void demand_withoutEnd_leavesTheEventLoopToOthersAndToItsOwnCancel() {
        AtomicInteger produced = new AtomicInteger();
        AtomicBoolean cancelled = new AtomicBoolean();
        Frame frame = Frame.of(new byte[16_000]);
        Flux<Frame> frames = Flux.range(0, 50_000).map(i -> {
            produced.incrementAndGet();
            return frame;
        });
        try (HostilePeer peer = new HostilePeer()
                .hello(1L << 62, 1L << 62, 1L << 62)
                .serving("s", request -> Mono.just(source("s", frames.doOnCancel(() -> cancelled.set(true)))))
                .call(1, "s")
                .send(out -> RecordWriter.grant(out, 1, 1, 0))) {

            peer.sendInOneGo(out -> RecordWriter.grant(out, 2, 1L << 62, 1L << 62), out -> RecordWriter.cancel(out, 2));

            assertThat(cancelled).isTrue();
            assertThat(produced.get()).isBetween(50, 100);
        }
    }

    @Test
    void records_ofStreamsThatAreOver_areIgnored() {
        try (HostilePeer peer = HostilePeer.greeting()
                .serving("s", request -> {
                    request.uplink().subscribe(source -> source.frames().take(1).subscribe());
                    return Mono.empty();
                })
                .callWithUplink(1, "s")
                .send(out -> RecordWriter.open(out, 3, 1, false, Frame.EMPTY))
                .send(out -> RecordWriter.data(out, 3, Frame.text("x")))
                .send(out -> RecordWriter.end(out, 1))) {
            assertThat(peer.heard).contains("end(1)", "cancel(3)");
            peer.onLoop(() -> assertThat(peer.session.openStreams()).isZero());
            long free = peer.session.inbound().free();

            Frame chunk = Frame.of(new byte[Wire.CHUNK_BYTES]);
            for (int i = 0; i < 1_000; i++) {
                peer.send(out -> {
                    RecordWriter.data(out, 3, chunk);
                    RecordWriter.first(out, 3, Frame.of(new byte[20_000]), 1_000);
                    RecordWriter.more(out, 3, chunk, 0, 1_000);
                    for (int id = 1; id <= 3; id += 2) {
                        RecordWriter.grant(out, id, 5, 5);
                        RecordWriter.ack(out, id, 0, 99);
                        RecordWriter.cancel(out, id);
                        RecordWriter.end(out, id);
                    }
                });
            }

            peer.assertAlive();
            assertThat(peer.session.inbound().free()).isEqualTo(free);
        }
    }

    @Test
    void grants_ofNothing_askForNothing() {
        AtomicLong asked = new AtomicLong();
        try (HostilePeer peer = HostilePeer.greeting()
                .serving("s", request -> Flux.<Source>never().doOnRequest(asked::addAndGet))
                .call(1, "s")) {
            for (int i = 0; i < 100; i++) {
                peer.send(out -> RecordWriter.grant(out, 1, 0, 1_000));
            }

            assertThat(asked).hasValue(0);
            peer.assertAlive();
        }
    }

    @Test
    void calls_beyondTheCallsPerSecond_failOneByOne() {
        AtomicInteger served = new AtomicInteger();
        try (HostilePeer peer = HostilePeer.greeting(
                        SessionOptions.builder().callsPerSecond(10).build())
                .serving("s", request -> {
                    served.incrementAndGet();
                    return Mono.empty();
                })) {
            long begun = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
            peer.send(out -> {
                for (int i = 0; i < 1_000; i++) {
                    HostilePeer.call(out, 1 + 2L * i, "s");
                }
            });
            int turns = (int) (TimeUnit.NANOSECONDS.toSeconds(System.nanoTime()) - begun);

            peer.assertAlive();
            // The batch may lie on both sides of the turn of a second.
            assertThat(served.get()).isBetween(10, 10 + 10 * turns);
            assertThat(peer.heard)
                    .filteredOn(record -> record.contains("LIMIT, more than 10 calls in a second"))
                    .hasSize(1_000 - served.get());
        }
    }

    /** A body that is announced and given up again costs the other side few bytes; it must not cost this one many. */
    @Test
    void calls_givenUpBeforeTheyAreWhole_countAndTakeUpLittle() {
        AtomicInteger served = new AtomicInteger();
        AtomicLong before = new AtomicLong();
        AtomicLong after = new AtomicLong();
        Frame body = Frame.wrap(new byte[16 << 20]);
        try (HostilePeer peer = HostilePeer.greeting(
                        SessionOptions.builder().callsPerSecond(10).build())
                .serving("s", request -> {
                    served.incrementAndGet();
                    return Mono.empty();
                })) {
            peer.onLoop(() -> before.set(allocatedHere()));
            peer.send(out -> {
                for (int id = 1; id < 2_000; id += 2) {
                    RecordWriter.call(out, id, false, RecordWriter.callHead("s", 0, Map.of()), body, 0);
                    RecordWriter.cancel(out, id);
                }
                HostilePeer.call(out, 2_001, "s");
            });
            peer.onLoop(() -> after.set(allocatedHere()));

            peer.assertAlive();
            assertThat(served).hasValue(0);
            assertThat(after.get() - before.get()).isLessThan(1_000L * (128 << 10));
        }
    }

    private static long allocatedHere() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void bytes_beyondTheBytesPerSecond_closeTheValveUntilTheNext() {
        try (HostilePeer peer = HostilePeer.greeting(
                SessionOptions.builder().inboundBytesPerSecond(64 << 10).build())) {
            assertThat(peer.readings).isEmpty();

            sendTooMuch(peer);

            assertThat(peer.readings).startsWith(false);
            await().untilAsserted(() -> assertThat(peer.readings).containsExactly(false, true));
            peer.assertAlive();
        }
    }

    @Test
    void valve_isOpenAgainWhenTheSessionEnds() {
        HostilePeer peer = HostilePeer.greeting(
                SessionOptions.builder().inboundBytesPerSecond(64 << 10).build());
        sendTooMuch(peer);
        assertThat(peer.readings).startsWith(false);

        peer.close();

        assertThat(peer.readings).containsExactly(false, true);
    }

    /** In one go, for it counts what comes in a second. */
    private static void sendTooMuch(HostilePeer peer) {
        byte[] half = garbageThatIsRead(40_000);
        peer.sendInOneGo(out -> out.writeBytes(half), out -> out.writeBytes(half));
    }

    private static byte[] garbageThatIsRead(int bytes) {
        var out = io.netty.buffer.Unpooled.buffer();
        while (out.readableBytes() < bytes) {
            RecordWriter.grant(out, 0, 0, 1);
        }
        byte[] all = new byte[out.readableBytes()];
        out.readBytes(all);
        return all;
    }

    @Test
    void callsThatAreCancelled_withoutReadingOrGranting_pileUpNowhere() {
        for (boolean reading : new boolean[] {true, false}) {
            for (boolean opening : new boolean[] {true, false}) {
                try (HostilePeer peer = new HostilePeer()
                        .hello(opening ? 1 << 20 : 65_536, 1 << 20, 16)
                        .serving(
                                "s",
                                request -> Flux.range(0, 1 << 20)
                                        .map(i -> source("a header that takes up the window " + i, Flux.never())))) {
                    if (!reading) {
                        peer.stopReading();
                    }
                    for (int i = 0; i < 5_000; i++) {
                        long id = 1 + 2L * i;
                        peer.send(out -> {
                            HostilePeer.call(out, id, "s");
                            RecordWriter.grant(out, id, 1_000_000, 0);
                        });
                        peer.send(out -> RecordWriter.cancel(out, id));
                    }

                    peer.assertAlive();
                    peer.onLoop(
                            () -> assertThat(peer.session.outbound().queued()).isLessThan(1_000));
                }
            }
        }
    }

    @Test
    void call_cancelledWithinItsBody_isOverAndOthersFollow() {
        AtomicInteger served = new AtomicInteger();
        try (HostilePeer peer = HostilePeer.greeting().serving("s", request -> {
            served.incrementAndGet();
            return Mono.empty();
        })) {
            long free = peer.session.inbound().free();
            Frame body = Frame.of(new byte[100_000]);
            for (int i = 0; i < 1_000; i++) {
                long id = 1 + 2L * i;
                peer.send(out -> {
                    RecordWriter.call(out, id, true, RecordWriter.callHead("s", 0, Map.of()), body, 10);
                    RecordWriter.cancel(out, id);
                });
                peer.send(out -> RecordWriter.more(out, id, body, 10, 1_000));
            }
            peer.assertAlive();
            peer.onLoop(() -> assertThat(peer.session.openStreams()).isZero());
            assertThat(served).hasValue(0);
            assertThat(peer.session.inbound().free()).isEqualTo(free);

            peer.call(9_001, "s");

            assertThat(served).hasValue(1);
        }
    }
}
