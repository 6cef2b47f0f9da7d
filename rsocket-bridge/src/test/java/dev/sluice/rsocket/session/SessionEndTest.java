package dev.sluice.rsocket.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.rsocket.wire.RecordWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** How sessions end, in order and out of order. */
class SessionEndTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void disconnect_failsWhatRunsAndCancelsProducers() {
        AtomicBoolean cancelled = new AtomicBoolean();
        try (Pair pair = new Pair()
                .serving(
                        "n",
                        request ->
                                Mono.just(Source.of("s", Flux.<Frame>never().doOnCancel(() -> cancelled.set(true)))))) {
            TestSubscriber<Frame> reading = TestSubscriber.create();
            RemoteSource source =
                    Objects.requireNonNull(pair.client.post("n", Frame.EMPTY).blockLast(LONG));
            source.frames().subscribe(reading);

            pair.clientLink.cut();
            pair.serverLink.cut();

            await().untilAsserted(() -> assertThat(Pair.errorOf(reading)).isInstanceOf(ConnectionLostException.class));
            StepVerifier.create(pair.client.post("n", Frame.EMPTY)).verifyError(ConnectionLostException.class);
        }
    }

    @Test
    void whoHearsOfTheEnd_findsThePeerClosed() {
        try (Pair pair = new Pair().serving("n", request -> Mono.just(Source.of("s", Flux.<Frame>never())))) {
            List<Boolean> seen = new CopyOnWriteArrayList<>();
            RemoteSource source =
                    Objects.requireNonNull(pair.client.post("n", Frame.EMPTY).blockLast(LONG));
            source.frames().subscribe(frame -> {}, lost -> seen.add(pair.client.isClosed()));
            pair.client.onClose().subscribe(nothing -> {}, failure -> {}, () -> seen.add(pair.client.isClosed()));
            assertThat(pair.client.isClosed()).isFalse();

            pair.clientLink.cut();

            await().untilAsserted(() -> assertThat(seen).containsExactly(true, true));
        }
    }

    @Test
    void close_letsWhatRunsFinish() {
        TestPublisher<Frame> producer = TestPublisher.create();
        try (Pair pair = new Pair().serving("n", request -> Mono.just(Source.of("s", producer)))) {
            RemoteSource source =
                    Objects.requireNonNull(pair.client.post("n", Frame.EMPTY).blockLast(LONG));
            TestSubscriber<Frame> reading = TestSubscriber.create();
            source.frames().subscribe(reading);
            await().untilAsserted(producer::assertWasRequested);

            Mono<Void> closed = pair.server.close("bye");
            closed.subscribe();
            await().untilAsserted(() -> StepVerifier.create(pair.client.post("n", Frame.EMPTY))
                    .verifyErrorSatisfies(error -> assertThat(error).hasMessageContaining("going away")));
            producer.next(Frame.text("last")).complete();

            await().untilAsserted(
                            () -> assertThat(reading.isTerminatedComplete()).isTrue());
            closed.block(LONG);
            assertThat(reading.getReceivedOnNext()).containsExactly(Frame.text("last"));
        }
    }

    @Test
    void goAway_withNothingRunning_endsTheSessionOfWhoHearsIt() {
        try (HostilePeer peer = HostilePeer.greeting().send(out -> RecordWriter.goAway(out, Code.UNAVAILABLE, "bye"))) {
            peer.session.onClose().block(LONG);
            assertThat(peer.linkClosed).isTrue();
        }
    }

    @Test
    void goAway_whileACallRuns_letsItFinishAndThenEndsTheSession() {
        TestPublisher<Frame> producer = TestPublisher.create();
        try (HostilePeer peer = HostilePeer.greeting()
                .serving("n", request -> Mono.just(Source.of("s", producer)))
                .call(1, "n")
                .send(out -> RecordWriter.grant(out, 1, 1, 0))
                .send(out -> RecordWriter.grant(out, 2, 9, 0))
                .send(out -> RecordWriter.goAway(out, Code.UNAVAILABLE, "bye"))
                .call(3, "n")) {
            peer.assertAlive();
            assertThat(peer.heard).anyMatch(record -> record.startsWith("fail(3, UNAVAILABLE"));

            producer.next(Frame.text("last")).complete();

            peer.session.onClose().block(LONG);
            assertThat(peer.heard).contains("data(2, 4)", "end(2)");
            assertThat(peer.linkClosed).isTrue();
        }
    }

    @Test
    void goAway_whileACallRunsOn_endsTheSessionAfterTheLeaveTimeout() {
        SessionOptions brief =
                SessionOptions.builder().leaveTimeout(Duration.ofMillis(50)).build();
        AtomicBoolean cancelled = new AtomicBoolean();
        try (HostilePeer peer = HostilePeer.greeting(brief)
                .serving(
                        "n",
                        request -> Mono.just(Source.of("s", Flux.<Frame>never().doOnCancel(() -> cancelled.set(true)))))
                .call(1, "n")
                .send(out -> RecordWriter.grant(out, 1, 1, 0))
                .send(out -> RecordWriter.grant(out, 2, 1, 0))
                .send(out -> RecordWriter.goAway(out, Code.UNAVAILABLE, "bye"))) {
            peer.session.onClose().block(LONG);
            assertThat(cancelled).isTrue();
        }
    }

    @Test
    void goAway_whileACallWaitsToBeMade_failsItAsNotTaken() {
        try (HostilePeer peer = new HostilePeer().hello(65_536, 65_536, 16)) {
            TestSubscriber<RemoteSource> made = TestSubscriber.create();
            TestSubscriber<RemoteSource> waiting = TestSubscriber.create();
            peer.session.post("n", Frame.of(new byte[65_536])).subscribe(made);
            peer.session.post("n", Frame.EMPTY).subscribe(waiting);

            peer.send(out -> RecordWriter.goAway(out, Code.UNAVAILABLE, "bye"));

            assertThat(Failures.code(Pair.errorOf(waiting))).isEqualTo(Code.UNAVAILABLE);
            assertThat(made.isTerminated()).isFalse();
        }
    }
}
