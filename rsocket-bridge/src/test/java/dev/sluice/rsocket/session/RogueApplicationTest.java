package dev.sluice.rsocket.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Nest;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.wire.RecordWriter;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** Publishers and subscribers that throw, or do what they must not, harm their own stream only. */
class RogueApplicationTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private static IllegalStateException bug() {
        return new IllegalStateException("bug");
    }

    private static Source frame() {
        return Source.of("s", Flux.just(Frame.text("x")));
    }

    private static void assertAlive(Pair pair) {
        pair.serverServices.put("alive", request -> Mono.just(frame()));
        assertThat(pair.client
                        .post("alive", Frame.EMPTY)
                        .flatMap(RemoteSource::frames)
                        .count()
                        .block(LONG))
                .isEqualTo(1);
        await().untilAsserted(() -> {
            pair.clientLink.onLoop(() -> assertThat(pair.client.openStreams()).isZero());
            pair.serverLink.onLoop(() -> assertThat(pair.server.openStreams()).isZero());
        });
    }

    private static void assertFails(Pair pair, Source source, String message) {
        pair.serverServices.put("rogue", request -> Mono.just(source));
        StepVerifier.create(pair.client.post("rogue", Frame.EMPTY).flatMap(RemoteSource::frames))
                .expectErrorSatisfies(error -> assertThat(error).hasMessageContaining(message))
                .verify(LONG);
        assertAlive(pair);
    }

    private record Rogue(Publisher<Frame> publisher, boolean headerThrows) implements Source {
        @Override
        public Frame header() {
            if (headerThrows) {
                throw bug();
            }
            return Frame.EMPTY;
        }

        @Override
        public Flux<Frame> frames() {
            return Flux.from(publisher);
        }

        @Override
        public void discard() {
            throw bug();
        }
    }

    @Test
    void source_whoseHeaderThrows_failsItsNest() {
        try (Pair pair = new Pair()) {
            assertFails(pair, new Rogue(Flux.never(), true), "bug");
        }
    }

    @Test
    void source_whoseFramesThrow_fails() {
        try (Pair pair = new Pair()) {
            assertFails(pair, new Rogue(null, false), "");
            assertFails(
                    pair,
                    new Rogue(
                            subscriber -> {
                                throw bug();
                            },
                            false),
                    "bug");
        }
    }

    @Test
    void source_thatThrowsWhenItIsAsked_fails() {
        try (Pair pair = new Pair()) {
            AtomicInteger cancelled = new AtomicInteger();
            assertFails(
                    pair,
                    new Rogue(
                            subscriber -> subscriber.onSubscribe(new Subscription() {
                                @Override
                                public void request(long n) {
                                    throw bug();
                                }

                                @Override
                                public void cancel() {
                                    cancelled.incrementAndGet();
                                    throw bug();
                                }
                            }),
                            false),
                    "bug");
            assertThat(cancelled).hasValue(1);
        }
    }

    @Test
    void source_whoseDiscardThrows_isDiscarded() {
        try (Pair pair = new Pair()) {
            pair.serverServices.put("rogue", request -> Mono.just(new Rogue(Flux.never(), false)));
            Objects.requireNonNull(pair.client.post("rogue", Frame.EMPTY).blockLast(LONG))
                    .discard();
            assertAlive(pair);
        }
    }

    @Test
    void source_thatGivesMoreThanItIsAsked_fails() {
        try (Pair pair = new Pair()) {
            TestPublisher<Frame> producer = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
            pair.serverServices.put("rogue", request -> Mono.just(Source.of("s", producer)));
            TestSubscriber<Frame> two =
                    TestSubscriber.builder().initialRequest(2).build();
            Objects.requireNonNull(pair.client.post("rogue", Frame.EMPTY).blockLast(LONG))
                    .frames()
                    .subscribe(two);
            await().untilAsserted(producer::assertWasRequested);

            for (int i = 0; i < 10_000; i++) {
                producer.next(Frame.text("" + i));
            }

            await().untilAsserted(
                            () -> assertThat(Pair.errorOf(two)).hasMessageContaining("more than it was asked for"));
            producer.assertCancelled();
            assertAlive(pair);
        }
    }

    @Test
    void source_thatGoesOnAfterItsFailure_isSaidToFailOnce() {
        try (HostilePeer peer = HostilePeer.greeting()) {
            Frame tooLong = Frame.of(new byte[2 << 20]);
            Publisher<Frame> deaf = subscriber -> subscriber.onSubscribe(new Subscription() {
                @Override
                public void request(long n) {
                    subscriber.onNext(tooLong);
                    subscriber.onNext(tooLong);
                    subscriber.onComplete();
                }

                @Override
                public void cancel() {}
            });
            peer.serving("s", request -> Mono.just(new Rogue(deaf, false)))
                    .call(1, "s")
                    .send(out -> RecordWriter.grant(out, 1, 1, 0))
                    .send(out -> RecordWriter.grant(out, 2, 3, 0));

            assertThat(peer.heard)
                    .filteredOn(record -> record.startsWith("fail(2") || record.startsWith("end(2"))
                    .singleElement()
                    .asString()
                    .contains("TOO_LARGE");
            peer.assertAlive();
        }
    }

    private enum Moment {
        SUBSCRIBE,
        NEXT,
        END
    }

    @ParameterizedTest
    @ValueSource(strings = {"SUBSCRIBE", "NEXT", "END"})
    void subscriber_thatThrows_losesItsStreamOnly(String name) {
        Moment moment = Moment.valueOf(name);
        CountDownLatch thrown = new CountDownLatch(2);
        try (Pair pair = new Pair()
                .serving("s", request -> Mono.just(frame()))
                .serving("failing", request -> Mono.just(Source.of("s", Flux.error(bug()))))) {
            for (String service : new String[] {"s", "failing"}) {
                RemoteSource source = Objects.requireNonNull(
                        pair.client.post(service, Frame.EMPTY).blockLast(LONG));
                Runnable subscribing = () -> source.frames().subscribe(new Throwing(moment, thrown));
                if (moment == Moment.SUBSCRIBE) {
                    org.assertj.core.api.Assertions.assertThatThrownBy(subscribing::run)
                            .hasMessage("bug");
                } else {
                    subscribing.run();
                }
            }

            if (moment == Moment.END) {
                await().until(() -> thrown.getCount() == 0);
            }
            assertAlive(pair);
        }
    }

    private record Throwing(Moment moment, CountDownLatch thrown) implements CoreSubscriber<Frame> {
        private void maybe(Moment now) {
            if (moment == now) {
                thrown.countDown();
                throw bug();
            }
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            maybe(Moment.SUBSCRIBE);
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Frame frame) {
            maybe(Moment.NEXT);
        }

        @Override
        public void onError(Throwable error) {
            maybe(Moment.END);
        }

        @Override
        public void onComplete() {
            maybe(Moment.END);
        }
    }

    @Test
    void subscriber_thatAsksForNothing_fails() {
        try (Pair pair = new Pair().serving("s", request -> Mono.just(frame()))) {
            for (long n : new long[] {0, -1, Long.MIN_VALUE}) {
                TestSubscriber<RemoteSource> calling =
                        TestSubscriber.builder().initialRequest(0).build();
                pair.client.post("s", Frame.EMPTY).subscribe(new CoreSubscriber<>() {
                    @Override
                    public void onSubscribe(Subscription subscription) {
                        calling.onSubscribe(subscription);
                        subscription.request(n);
                    }

                    @Override
                    public void onNext(RemoteSource source) {
                        calling.onNext(source);
                    }

                    @Override
                    public void onError(Throwable error) {
                        calling.onError(error);
                    }

                    @Override
                    public void onComplete() {
                        calling.onComplete();
                    }
                });
                await().untilAsserted(() -> assertThat(Pair.errorOf(calling))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("3.9"));
            }
            assertAlive(pair);
        }
    }

    @Test
    void body_longerThanTheOtherSideTakes_failsItsCallOnly() {
        try (Pair pair = new Pair(
                        SessionOptions.defaults(),
                        SessionOptions.builder().largestFrame(64 << 10).build())
                .serving("s", request -> Mono.just(frame()))) {
            StepVerifier.create(pair.client.post("s", Frame.of(new byte[100_000])))
                    .expectErrorSatisfies(error -> assertThat(error).hasMessageContaining("a body of 100000 bytes"))
                    .verify(LONG);
            assertAlive(pair);
        }
    }

    @Test
    void call_cancelledWithinItsBody_harmsNoOther() {
        try (Pair pair = new Pair().serving("s", request -> Mono.just(frame()))) {
            assertAlive(pair);
            for (int i = 0; i < 50; i++) {
                pair.clientLink.hold(true);
                TestSubscriber<RemoteSource> calling = TestSubscriber.create();
                pair.client.post("s", Frame.of(new byte[3_000_000])).subscribe(calling);
                pair.clientLink.onLoop(() -> {});
                calling.cancel();
                pair.clientLink.hold(false);
                assertAlive(pair);
            }
        }
    }

    @Test
    void nest_nobodySubscribesTo_isGivenUpOnBothSides() {
        SessionOptions soon =
                SessionOptions.builder().acceptTimeout(Duration.ofMillis(100)).build();
        for (SessionOptions client : new SessionOptions[] {SessionOptions.defaults(), soon}) {
            try (Pair pair = new Pair(client, client == soon ? SessionOptions.defaults() : soon)
                    .serving("s", request -> Mono.just(Nest.of(Frame.EMPTY, Flux.<Source>never())))) {
                pair.client.post("s", Frame.EMPTY).blockLast(LONG);
                assertAlive(pair);
            }
        }
    }

    @Test
    void source_nobodySubscribesTo_isSaidToBeGivenUpAtOnce() {
        try (HostilePeer peer = HostilePeer.greeting(SessionOptions.builder()
                        .acceptTimeout(Duration.ofMillis(50))
                        .build())
                .serving("s", request -> Mono.just(new Rogue(Flux.never(), false)))
                .call(1, "s")
                .send(out -> RecordWriter.grant(out, 1, 1, 0))) {
            await().untilAsserted(() -> assertThat(peer.heard)
                    .anySatisfy(record -> assertThat(record).startsWith("fail(2, ACCEPT_TIMEOUT")));
        }
    }

    @Test
    void call_thatIsMadeAgainWhenASessionEnds_isRefused() {
        try (HostilePeer peer = new HostilePeer().hello(65_536, 65_536, 100)) {
            peer.session.post("first", Frame.of(new byte[65_536])).subscribe();
            await().untilAsserted(() -> {
                peer.onLoop(() -> {});
                assertThat(peer.heard).anySatisfy(record -> assertThat(record).startsWith("call(2"));
            });
            TestSubscriber<RemoteSource> waiting = TestSubscriber.create();
            peer.session.post("second", Frame.EMPTY).retry(3).subscribe(waiting);
            peer.session.close("enough").subscribe();
            peer.onLoop(() -> {});

            peer.send(out -> RecordWriter.end(out, 2));

            await().untilAsserted(() -> assertThat(Pair.errorOf(waiting)).isNotNull());
        }
    }

    @Test
    void calls_thatAreGivenUpBeforeTheyAreMade_areForgotten() {
        try (HostilePeer peer = new HostilePeer()) {
            // Behind one that waits to hear that the other side takes as much.
            peer.session.post("s", Frame.of(new byte[70_000])).onErrorComplete().subscribe();
            for (int i = 0; i < 1_000; i++) {
                TestSubscriber<RemoteSource> calling = TestSubscriber.create();
                peer.session
                        .call(Call.to("s").tags(Map.of()).body(Frame.of(new byte[70_000])))
                        .subscribe(calling);
                peer.onLoop(() -> {});
                calling.cancel();
            }
            peer.onLoop(() -> assertThat(peer.session.outbound().queuedCalls()).isLessThan(200));
        }
    }

    @Test
    void call_withATagLongerThanTagsMayBe_fails() {
        try (Pair pair = new Pair()) {
            TestSubscriber<RemoteSource> calling = TestSubscriber.create();

            pair.client.call(Call.to("s").tags(Map.of("k", "v".repeat(5_000)))).subscribe(calling);

            assertThat(Pair.errorOf(calling))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("tag k may have 4096 bytes");
        }
    }
}
