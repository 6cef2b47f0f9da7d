package dev.sluice.rsocket.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.SessionOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.subscriber.TestSubscriber;

/** Sources share a session by bytes, and none holds up another. */
class FairnessTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private static Source endless(int size) {
        Frame frame = Frame.of(new byte[size]);
        return Source.of("" + size, Flux.range(0, Integer.MAX_VALUE).map(i -> frame));
    }

    private static List<RemoteSource> all(Pair pair, Call call) {
        return Objects.requireNonNull(pair.client.call(call).collectList().block(LONG));
    }

    @Test
    void sources_ofSmallAndLargeFrames_getEqualBytes() {
        // Windows that are not used up: what a stream gets is then up to whose turn it is.
        SessionOptions wide = SessionOptions.builder()
                .sessionWindow(256 << 20)
                .streamWindow(32 << 20)
                .windowItems(65_536)
                .build();
        try (Pair pair = new Pair(wide, wide)
                .serving(
                        "s",
                        request -> Flux.just(500, 1_000, 10_000, 15_000, 16_384, 100_000, 1_000_000)
                                .map(FairnessTest::endless))) {
            Map<String, AtomicLong> got = new ConcurrentHashMap<>();
            AtomicLong total = new AtomicLong();
            List<RemoteSource> sources = all(pair, Call.to("s"));

            // Together, so that all begin in the same drain.
            pair.clientLink.onLoop(() -> {
                for (RemoteSource source : sources) {
                    AtomicLong mine = got.computeIfAbsent(source.header().asText(), key -> new AtomicLong());
                    source.frames()
                            .takeUntil(frame -> total.get() > 200_000_000)
                            .subscribe(frame -> {
                                mine.addAndGet(frame.size());
                                total.addAndGet(frame.size());
                            });
                }
            });
            await().atMost(LONG).until(() -> total.get() > 200_000_000);

            long fair = 200_000_000L / sources.size();
            assertThat(got)
                    .allSatisfy((header, bytes) -> assertThat((double) bytes.get())
                            .as("bytes of frames of " + header)
                            .isBetween(fair * 0.8, fair * 1.2));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 10})
    void sources_nobodyReads_costTheOthersNothing(long firstItems) {
        try (Pair pair = new Pair()
                .serving(
                        "s",
                        request -> Flux.range(0, 200)
                                .map(i ->
                                        Source.of("s", Flux.range(0, 20).map(frame -> Frame.of(new byte[100_000])))))) {
            List<RemoteSource> sources = all(pair, Call.to("s").firstItems(firstItems));

            assertThat(sources.get(150).frames().count().block(LONG)).isEqualTo(20);
            assertThat(sources.get(3).frames().count().block(LONG)).isEqualTo(20);
            sources.forEach(RemoteSource::discard);
        }
    }

    @Test
    void sources_readOneAfterTheOther_withItemsInAdvance_allCome() {
        try (Pair pair = new Pair()
                .serving(
                        "s",
                        request -> Flux.range(0, 60)
                                .map(i ->
                                        Source.of("s", Flux.range(0, 20).map(frame -> Frame.of(new byte[100_000])))))) {

            assertThat(pair.client
                            .call(Call.to("s").firstItems(20))
                            .concatMap(RemoteSource::frames)
                            .count()
                            .block(LONG))
                    .isEqualTo(1_200);
        }
    }

    @Test
    void consumers_thatAreSlow_holdUpNoFastOne() {
        try (Pair pair = new Pair()
                .serving(
                        "s",
                        request -> Flux.range(0, 100)
                                .map(i -> Source.of(
                                        "s", Flux.range(0, 2_000).map(frame -> Frame.of(new byte[5_000])))))) {
            List<RemoteSource> sources = all(pair, Call.to("s"));
            List<TestSubscriber<Frame>> slow = sources.subList(0, 99).stream()
                    .map(source -> {
                        TestSubscriber<Frame> one =
                                TestSubscriber.builder().initialRequest(1).build();
                        source.frames().publishOn(Schedulers.parallel(), 64).subscribe(one);
                        return one;
                    })
                    .toList();

            assertThat(sources.get(99).frames().count().block(LONG)).isEqualTo(2_000);
            slow.forEach(one -> assertThat(one.getReceivedOnNext()).hasSizeLessThanOrEqualTo(1));
            slow.forEach(TestSubscriber::cancel);
        }
    }
}
