package dev.sluice.rsocket.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.RemoteException;
import dev.sluice.Source;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Nest;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.SessionOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** Calls, sources and frames from one side to the other. */
class SessionTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private static List<String> texts(Flux<Frame> frames) {
        return Objects.requireNonNull(frames.map(Frame::asText).collectList().block(LONG));
    }

    @Test
    void call_answersWithSources() {
        try (Pair pair = new Pair()
                .serving(
                        "echo",
                        request -> Flux.just(
                                Source.of("a", Flux.just(request.body(), Frame.text("x"))),
                                Source.of(
                                        "b", Flux.just(Frame.text(request.tags().get("k"))))))) {

            List<String> heard = Objects.requireNonNull(pair.client
                    .call(Call.to("echo").body(Frame.text("hi")).tag("k", "v"))
                    .flatMap(source ->
                            source.frames().map(frame -> source.header().asText() + frame.asText()))
                    .collectList()
                    .block(LONG));

            assertThat(heard).containsExactlyInAnyOrder("ahi", "ax", "bv");
        }
    }

    @Test
    void call_firstItems_bringFramesWithTheSource() {
        try (Pair pair = new Pair().serving("n", request -> Mono.just(Source.of("s", Flux.just(Frame.text("1")))))) {
            RemoteSource source = Objects.requireNonNull(
                    pair.client.call(Call.to("n").firstItems(5)).blockLast(LONG));

            assertThat(texts(source.frames())).containsExactly("1");
        }
    }

    @Test
    void call_toTheClient_isAnswered() {
        try (Pair pair = new Pair()) {
            pair.clientServices.put("up", request -> Mono.just(Source.of("s", Flux.just(request.body()))));

            assertThat(texts(pair.server.post("up", Frame.text("hi")).flatMap(RemoteSource::frames)))
                    .containsExactly("hi");
        }
    }

    @Test
    void frames_areAskedForExactly() {
        AtomicLong asked = new AtomicLong();
        try (Pair pair = new Pair()
                .serving(
                        "n",
                        request -> Mono.just(Source.of(
                                "s",
                                Flux.range(0, 1_000)
                                        .map(i -> Frame.text("" + i))
                                        .doOnRequest(asked::addAndGet))))) {
            RemoteSource source =
                    Objects.requireNonNull(pair.client.post("n", Frame.EMPTY).blockLast(LONG));
            TestSubscriber<Frame> five =
                    TestSubscriber.builder().initialRequest(5).build();

            source.frames().subscribe(five);

            await().untilAsserted(() -> assertThat(five.getReceivedOnNext()).hasSize(5));
            assertThat(asked).hasValue(5);
            five.request(2);
            await().untilAsserted(() -> assertThat(five.getReceivedOnNext()).hasSize(7));
            assertThat(asked).hasValue(7);
        }
    }

    @Test
    void frames_ofAnIdleProducer_areAskedForExactlyAndAtOnce() {
        TestPublisher<Frame> producer = TestPublisher.create();
        try (Pair pair = new Pair().serving("n", request -> Mono.just(Source.of("s", producer)))) {
            RemoteSource source =
                    Objects.requireNonNull(pair.client.post("n", Frame.EMPTY).blockLast(LONG));
            TestSubscriber<Frame> five =
                    TestSubscriber.builder().initialRequest(5).build();
            AtomicLong asked = new AtomicLong();
            producer.flux().doOnRequest(asked::addAndGet);

            source.frames().subscribe(five);

            await().untilAsserted(producer::assertWasRequested);
            producer.next(Frame.text("1"), Frame.text("2"));
            await().untilAsserted(() -> assertThat(five.getReceivedOnNext()).hasSize(2));
            five.cancel();
            await().untilAsserted(producer::assertCancelled);
        }
    }

    @Test
    void frames_unbounded_comeCompleteAndInOrder() {
        int count = 100_000;
        try (Pair pair = new Pair()
                .serving(
                        "n",
                        request -> Mono.just(Source.of("s", Flux.range(0, count).map(i -> Frame.text("" + i)))))) {

            assertThat(texts(pair.client.post("n", Frame.EMPTY).flatMap(RemoteSource::frames)))
                    .isEqualTo(IntStream.range(0, count).mapToObj(i -> "" + i).toList());
        }
    }

    @Test
    void frames_fromOtherThreadsToOtherThreads_comeCompleteAndInOrder() {
        int count = 50_000;
        try (Pair pair = new Pair()
                .serving(
                        "n",
                        request -> Flux.range(0, 4)
                                .map(s -> Source.of(
                                        "s",
                                        Flux.range(0, count)
                                                .map(i -> Frame.text("" + i))
                                                .publishOn(Schedulers.parallel()))))) {

            List<List<String>> all = Objects.requireNonNull(pair.client
                    .post("n", Frame.EMPTY)
                    .flatMap(source -> source.frames()
                            .publishOn(Schedulers.parallel())
                            .map(Frame::asText)
                            .collectList())
                    .collectList()
                    .block(LONG));

            List<String> expected =
                    IntStream.range(0, count).mapToObj(i -> "" + i).toList();
            assertThat(all).hasSize(4).allSatisfy(one -> assertThat(one).isEqualTo(expected));
        }
    }

    @Test
    void frames_longerThanAChunk_arePutTogether() {
        byte[] long1 = new byte[1_000_000];
        byte[] long2 = new byte[16 * 1024 + 1];
        IntStream.range(0, long1.length).forEach(i -> long1[i] = (byte) (i * 31));
        try (Pair pair = new Pair()
                .serving(
                        "n",
                        request -> Flux.just(
                                Source.of(
                                        "a", Flux.just(request.body(), Frame.of(long1), Frame.EMPTY, Frame.of(long2))),
                                Source.of("b", Flux.just(Frame.of(long2), Frame.of(long1)))))) {

            List<Integer> sizes = Objects.requireNonNull(pair.client
                    .post("n", Frame.of(long1))
                    .flatMap(RemoteSource::frames)
                    .doOnNext(frame -> assertThat(frame).isIn(Frame.of(long1), Frame.of(long2), Frame.EMPTY))
                    .map(Frame::size)
                    .collectList()
                    .block(LONG));

            assertThat(sizes).containsExactlyInAnyOrder(1_000_000, 1_000_000, 1_000_000, 0, 16_385, 16_385);
        }
    }

    @Test
    void nests_nest() {
        try (Pair pair = new Pair()
                .serving(
                        "tree",
                        request -> Flux.just(Nest.of(
                                Frame.text("outer"),
                                Flux.just(Nest.of(
                                        Frame.text("inner"),
                                        Flux.just(Source.of("leaf", Flux.just(Frame.text("frame")))))))))) {

            assertThat(texts(pair.client
                            .post("tree", Frame.EMPTY)
                            .flatMap(RemoteSource::sources)
                            .flatMap(RemoteSource::sources)
                            .flatMap(RemoteSource::frames)))
                    .containsExactly("frame");
        }
    }

    @Test
    void uplink_isAskedForByTheService() {
        try (Pair pair = new Pair()
                .serving(
                        "sum",
                        request -> request.uplink()
                                .flatMap(RemoteSource::frames)
                                .count()
                                .map(count -> Source.of("sum", Flux.just(Frame.text("" + count)))))) {

            assertThat(texts(pair.client
                            .call(Call.to("sum")
                                    .uplink(Flux.just(
                                            Source.of("a", Flux.range(0, 700).map(i -> Frame.text("x"))),
                                            Source.of("b", Flux.range(0, 300).map(i -> Frame.text("x"))))))
                            .flatMap(RemoteSource::frames)))
                    .containsExactly("1000");
        }
    }

    @Test
    void errors_arriveAsErrors() {
        try (Pair pair = new Pair()
                .serving("failing", request -> Flux.error(new IllegalStateException("no luck")))
                .serving("throwing", request -> {
                    throw new IllegalArgumentException("bad luck");
                })
                .serving(
                        "source",
                        request -> Mono.just(Source.of(
                                "s",
                                Flux.just(Frame.text("1"))
                                        .concatWith(Flux.error(new IllegalStateException("later"))))))) {

            StepVerifier.create(pair.client.post("failing", Frame.EMPTY))
                    .verifyErrorSatisfies(error -> assertThat(error)
                            .isInstanceOf(RemoteException.class)
                            .hasMessage("no luck"));
            StepVerifier.create(pair.client.post("throwing", Frame.EMPTY)).verifyErrorMessage("bad luck");
            StepVerifier.create(pair.client.post("none", Frame.EMPTY))
                    .verifyErrorSatisfies(error -> assertThat(error).hasMessageContaining("\"none\""));
            StepVerifier.create(pair.client.post("source", Frame.EMPTY).flatMap(RemoteSource::frames))
                    .expectNext(Frame.text("1"))
                    .verifyErrorMessage("later");
        }
    }

    @Test
    void cancel_reachesTheProducer() {
        AtomicBoolean cancelled = new AtomicBoolean();
        AtomicBoolean callCancelled = new AtomicBoolean();
        AtomicBoolean asked = new AtomicBoolean();
        try (Pair pair = new Pair()
                .serving(
                        "n",
                        request -> Flux.concat(
                                        Mono.just(Source.of(
                                                "s",
                                                Flux.<Frame>never()
                                                        .doOnRequest(n -> asked.set(true))
                                                        .doOnCancel(() -> cancelled.set(true)))),
                                        Flux.<Source>never())
                                .doOnCancel(() -> callCancelled.set(true)))) {

            RemoteSource source =
                    Objects.requireNonNull(pair.client.post("n", Frame.EMPTY).blockFirst(LONG));
            Disposable reading = source.frames().subscribe();
            await().untilTrue(asked);
            reading.dispose();

            await().untilTrue(callCancelled);
            await().untilTrue(cancelled);
        }
    }

    @Test
    void source_nobodySubscribesTo_holdsUpNobodyAndIsGivenUp() {
        AtomicBoolean asked = new AtomicBoolean();
        List<String> discarded = new CopyOnWriteArrayList<>();
        SessionOptions soon =
                SessionOptions.builder().acceptTimeout(Duration.ofSeconds(1)).build();
        AtomicReference<RemoteSource> ignored = new AtomicReference<>();
        try (Pair pair = new Pair(SessionOptions.defaults(), soon)
                .serving(
                        "n",
                        request -> Flux.just(
                                Source.of(
                                        Frame.text("ignored"),
                                        Flux.<Frame>never().doOnSubscribe(s -> asked.set(true)),
                                        () -> discarded.add("ignored")),
                                Source.of("b", Flux.range(0, 10_000).map(i -> Frame.text("x")))))) {

            // Subscribed to as it comes: it too is given up when nobody does so in time.
            Flux<Frame> ofOther = pair.client.post("n", Frame.EMPTY).flatMap(source -> {
                if (source.header().asText().equals("b")) {
                    return source.frames();
                }
                ignored.set(source);
                return Flux.empty();
            });
            assertThat(ofOther.count().block(LONG)).isEqualTo(10_000);

            await().untilAsserted(() -> assertThat(discarded).containsExactly("ignored"));
            assertThat(asked).isFalse();
            StepVerifier.create(ignored.get().frames())
                    .verifyErrorSatisfies(error -> assertThat(error).hasMessageContaining("acceptTimeout"));
        }
    }

    @Test
    void calls_manyAtOnce_areAllAnswered() {
        try (Pair pair = new Pair().serving("n", request -> Mono.just(Source.of("s", Flux.just(request.body()))))) {

            assertThat(Flux.range(0, 20_000)
                            .flatMap(
                                    i -> pair.client
                                            .post("n", Frame.text("" + i))
                                            .flatMap(RemoteSource::frames),
                                    1_000)
                            .count()
                            .block(LONG))
                    .isEqualTo(20_000);
        }
    }

    @Test
    void answer_ofManySources_isServed() {
        try (Pair pair = new Pair()
                .serving("n", request -> Flux.range(0, 20_000).map(i -> Source.of("s", Flux.just(Frame.text("x")))))) {

            assertThat(pair.client
                            .post("n", Frame.EMPTY)
                            .flatMap(RemoteSource::frames, 1_000)
                            .count()
                            .block(LONG))
                    .isEqualTo(20_000);
        }
    }

    @Test
    void link_thatDoesNotWrite_boundsWhatIsProduced() {
        AtomicLong produced = new AtomicLong();
        try (Pair pair = new Pair()
                .serving(
                        "n",
                        request -> Flux.range(0, 100)
                                .map(s -> Source.of("s", Flux.range(0, 1_000).map(i -> {
                                    produced.incrementAndGet();
                                    return Frame.of(new byte[1_000]);
                                }))))) {
            List<RemoteSource> sources = Objects.requireNonNull(
                    pair.client.post("n", Frame.EMPTY).collectList().block(LONG));
            pair.serverLink.hold(true);
            AtomicLong received = new AtomicLong();
            sources.forEach(source -> source.frames().subscribe(frame -> received.incrementAndGet()));

            await().until(() -> produced.get() > 400);
            pair.serverLink.onLoop(() -> {});
            assertThat(produced.get()).isLessThan(1_000);
            pair.serverLink.hold(false);

            await().untilAsserted(() -> assertThat(received).hasValue(100_000));
        }
    }
}
