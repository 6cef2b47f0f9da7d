package dev.sluice.rsocket.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.watch.Ending;
import dev.sluice.rsocket.watch.SessionWatcher;
import dev.sluice.rsocket.watch.Stall;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** What a session tells whoever watches it. */
class TrafficTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int CHUNK = 16 << 10;

    private final Recorder told = new Recorder();

    /** Adds up what it is told. */
    private static final class Recorder implements SessionWatcher {
        private final AtomicInteger began = new AtomicInteger();
        private final Queue<Ending> endings = new ConcurrentLinkedQueue<>();
        private final AtomicLong framesOut = new AtomicLong();
        private final AtomicLong framesIn = new AtomicLong();
        private final AtomicInteger streamsIn = new AtomicInteger();
        private final AtomicInteger streamsOut = new AtomicInteger();
        private final AtomicInteger mostOut = new AtomicInteger();
        private final Map<Stall, Long> stalls = new ConcurrentHashMap<>();

        @Override
        public void began() {
            began.incrementAndGet();
        }

        @Override
        public void ended(Ending how) {
            endings.add(how);
        }

        @Override
        public void frames(int in, int out) {
            framesIn.addAndGet(in);
            framesOut.addAndGet(out);
        }

        @Override
        public void streams(int in, int out) {
            streamsIn.addAndGet(in);
            mostOut.accumulateAndGet(streamsOut.addAndGet(out), Math::max);
        }

        @Override
        public void stalled(Stall why, long nanos) {
            assertThat(nanos).isPositive();
            stalls.merge(why, 1L, Long::sum);
        }
    }

    private Pair pair(SessionOptions ofClient, SessionOptions ofServer) {
        return new Pair(ofClient, ofServer, told);
    }

    private static SessionOptions windows(int ofStream, int ofSession) {
        return SessionOptions.builder()
                .streamWindow(ofStream)
                .sessionWindow(ofSession)
                .build();
    }

    private static Flux<Frame> frames(int count, int size) {
        return Flux.range(0, count).map(i -> Frame.wrap(new byte[size]));
    }

    private static long read(Pair pair) {
        return pair.client
                .post("s", Frame.EMPTY)
                .flatMap(RemoteSource::frames)
                .count()
                .block(LONG);
    }

    @Test
    void framesAndStreams_areAddedUp() {
        try (Pair pair = pair(SessionOptions.defaults(), SessionOptions.defaults())
                .serving("s", request -> Flux.range(0, 3).map(i -> Source.of("s", frames(100, 10))))) {
            assertThat(read(pair)).isEqualTo(300);

            await().untilAsserted(() -> {
                assertThat(told.framesOut).hasValue(300);
                assertThat(told.streamsIn).hasValue(0);
                assertThat(told.streamsOut).hasValue(0);
            });
            assertThat(told.framesIn).hasValue(0);
            assertThat(told.began).hasValue(1);
            assertThat(told.stalls).isEmpty();
        }
    }

    @Test
    void callThatRuns_isTold_beforeItEnds() {
        try (Pair pair = pair(SessionOptions.defaults(), SessionOptions.defaults())
                .serving("s", request -> Flux.just(Source.of("s", Flux.never())))) {
            pair.client.post("s", Frame.EMPTY).blockFirst(LONG);

            await().untilAsserted(() -> assertThat(told.mostOut).hasValue(1));
        }
        await().untilAsserted(() -> assertThat(told.streamsOut).hasValue(0));
    }

    @Test
    void streamWindowThatIsUsedUp_isAStallOfTheStream() {
        try (Pair pair = pair(windows(CHUNK, 4 << 20), SessionOptions.defaults())
                .serving("s", request -> Flux.just(Source.of("s", frames(10, CHUNK))))) {
            assertThat(read(pair)).isEqualTo(10);

            await().untilAsserted(() -> assertThat(told.stalls).containsOnlyKeys(Stall.STREAM));
        }
    }

    /** Its consumer has all it wants, and the window is empty: nothing waits for it. */
    @Test
    void streamWindowThatIsUsedUpByTheLastFrame_isNoStall() {
        try (Pair pair = pair(windows(CHUNK, 4 << 20), SessionOptions.defaults())
                .serving("s", request -> Flux.just(Source.of("s", frames(1, CHUNK))))) {
            assertThat(read(pair)).isEqualTo(1);

            await().untilAsserted(() -> assertThat(told.streamsOut).hasValue(0));
            assertThat(told.stalls).isEmpty();
        }
    }

    @Test
    void sessionWindowThatIsUsedUp_isAStallOfTheSession() {
        try (Pair pair = pair(windows(1 << 20, 64 << 10), SessionOptions.defaults())
                .serving("s", request -> Flux.just(Source.of("s", frames(20, CHUNK))))) {
            assertThat(read(pair)).isEqualTo(20);

            await().untilAsserted(() -> assertThat(told.stalls).containsOnlyKeys(Stall.SESSION));
        }
    }

    @Test
    void connectionThatIsNotWritten_isAStallOfTheConnection_onceItIs() {
        SessionOptions lowMark =
                SessionOptions.builder().highWaterMark(64 << 10).build();
        try (Pair pair = pair(SessionOptions.defaults(), lowMark)
                .serving("s", request -> Flux.just(Source.of("s", frames(15, CHUNK))))) {
            RemoteSource source = pair.client.post("s", Frame.EMPTY).blockFirst(LONG);
            pair.serverLink.hold(true);
            AtomicInteger received = new AtomicInteger();
            source.frames().subscribe(frame -> received.incrementAndGet());
            await().untilAsserted(() -> assertThat(pair.serverLink.written()).isGreaterThan(64 << 10));
            assertThat(told.stalls).isEmpty();

            pair.serverLink.hold(false);

            await().untilAsserted(() -> assertThat(received).hasValue(15));
            await().untilAsserted(() -> assertThat(told.stalls).containsOnlyKeys(Stall.CONNECTION));
        }
    }

    @Test
    void stallThatNeverEnds_isToldWithTheEndOfTheSession() {
        Sinks.Empty<Void> gate = Sinks.empty();
        CountDownLatch asked = new CountDownLatch(1);
        Flux<Frame> gated = gate.asMono().thenMany(frames(20, CHUNK)).doOnRequest(n -> asked.countDown());
        try (Pair pair = pair(windows(1 << 20, 64 << 10), SessionOptions.defaults())
                .serving("s", request -> Flux.just(Source.of("s", gated)))) {
            RemoteSource source = pair.client.post("s", Frame.EMPTY).blockFirst(LONG);
            source.frames().subscribe(frame -> {}, lost -> {});
            await().until(() -> asked.getCount() == 0);
            pair.clientLink.hold(true);
            pair.clientLink.onLoop(gate::tryEmitEmpty);
            await().untilAsserted(() -> assertThat(told.framesOut).hasValueGreaterThanOrEqualTo(4));
            assertThat(told.stalls).isEmpty();

            pair.serverLink.cut();

            await().untilAsserted(() -> assertThat(told.endings).containsExactly(Ending.LOST));
            assertThat(told.stalls).containsOnlyKeys(Stall.SESSION);
        }
    }

    @Test
    void sessionThatBreaksTheProtocol_endsAsAViolation_once() {
        try (Pair pair = pair(SessionOptions.defaults(), SessionOptions.defaults())) {
            pair.serverLink.onLoop(() -> pair.server.receive(Unpooled.wrappedBuffer(new byte[] {0, 0x7F})));
            pair.serverLink.cut();
            pair.serverLink.onLoop(() -> {});

            assertThat(told.endings).containsExactly(Ending.VIOLATION);
        }
    }

    @Test
    void sessionThatTheOtherSideFails_tellsSo() {
        try (Pair pair = pair(SessionOptions.defaults(), SessionOptions.defaults())) {
            pair.clientLink.onLoop(() -> pair.client.receive(Unpooled.wrappedBuffer(new byte[] {0, 0x7F})));

            await().untilAsserted(() -> assertThat(told.endings).containsExactly(Ending.FAILED_BY_PEER));
        }
    }

    @Test
    void sessionThatCloses_tellsThatItWasMeant() {
        try (Pair pair = pair(SessionOptions.defaults(), SessionOptions.defaults())) {
            pair.client.close("enough").block(LONG);

            await().untilAsserted(() -> assertThat(told.endings).containsExactly(Ending.CLOSED));
        }
    }
}
