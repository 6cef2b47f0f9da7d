package dev.sluice.nested;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Frame;
import dev.sluice.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class LimitConcurrentTest {

    private final List<TestPublisher<Frame>> frames = new ArrayList<>();
    private final Faucet numbers = Faucet.direct(0, 10);
    private final AtomicInteger told = new AtomicInteger();

    private Collector<Source> limited(int limit) {
        Collector<Source> below = new Collector<>();
        NestedFlux.limitConcurrent(
                        Flux.from(numbers).map(i -> {
                            frames.add(TestPublisher.create());
                            return Source.of(Frame.text("s" + i), frames.get(i).flux(), told::incrementAndGet);
                        }),
                        limit)
                .subscribe(below);
        return below;
    }

    @Test
    void moreThanTheLimit_waitUnannounced() {
        Collector<Source> below = limited(3);
        below.request(10);

        assertThat(below.elements).hasSize(3);
        assertThat(numbers.asked).hasValue(3);
    }

    @Test
    void demandBelowTheLimit_isWhatIsAskedFor() {
        Collector<Source> below = limited(3);
        below.request(2);

        assertThat(numbers.asked).hasValue(2);
        below.request(5);
        assertThat(numbers.asked).hasValue(3);
    }

    @Test
    void endOfASource_whicheverWay_letsTheNextOneIn_once() {
        Collector<Source> below = limited(4);
        below.request(10);
        List<Source> open = below.got();
        Collector<Frame> completes = collect(open.get(0));
        Collector<Frame> fails = collect(open.get(1));
        Collector<Frame> cancels = collect(open.get(2));

        frames.get(0).complete();
        assertThat(below.elements).hasSize(5);
        frames.get(1).error(new IllegalStateException("gone"));
        assertThat(below.elements).hasSize(6);
        cancels.cancel();
        assertThat(below.elements).hasSize(7);
        open.get(3).discard();
        assertThat(below.elements).hasSize(8);
        assertThat(told).hasValue(1);
        open.get(3).discard();
        open.get(0).discard();
        cancels.cancel();
        assertThat(below.elements).hasSize(8);
        assertThat(completes.isCompleted()).isTrue();
        assertThat(fails.error.get()).hasMessage("gone");
    }

    @Test
    void sourceSubscribedToTwice_givesItsPlaceBackOnce() {
        Collector<Source> below = limited(2);
        below.request(10);
        Collector<Frame> first = collect(below.got().get(0));
        Collector<Frame> second = collect(below.got().get(0));

        first.cancel();
        assertThat(below.elements).hasSize(3);
        second.cancel();
        assertThat(below.elements).hasSize(3);
    }

    @Test
    void discardAfterSubscription_disturbsNobody() {
        Collector<Source> below = limited(1);
        below.request(10);
        Collector<Frame> got = collect(below.got().get(0));
        got.request(5);

        below.got().get(0).discard();
        frames.get(0).next(Frame.text("still"));

        assertThat(got.got()).containsExactly(Frame.text("still"));
        assertThat(below.elements).hasSize(1);
        assertThat(told).hasValue(0);
    }

    @Test
    void sourcesThatEndAtOnce_100000InARow_doNotRecurse() {
        Flux<Frame> all = NestedFlux.limitConcurrent(
                        Flux.range(0, 100_000).map(i -> Source.of(Frame.EMPTY, Flux.just(Frame.EMPTY))), 1)
                .flatMap(Source::frames, Integer.MAX_VALUE);

        StepVerifier.create(all.count()).expectNext(100_000L).verifyComplete();
    }

    @Test
    void race_neverOpensMoreThanTheLimit() {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        Scheduler scheduler = Schedulers.fromExecutorService(threads);
        try {
            AtomicInteger open = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            Flux<Source> sources = Flux.range(0, 5_000)
                    .map(i -> Source.of(
                            Frame.EMPTY,
                            Flux.range(0, i % 4)
                                    .map(j -> Frame.EMPTY)
                                    .doFirst(() -> most.accumulateAndGet(open.incrementAndGet(), Math::max))
                                    .doOnTerminate(open::decrementAndGet)
                                    .subscribeOn(scheduler)));

            Flux<Frame> all = NestedFlux.limitConcurrent(sources, 2).flatMap(Source::frames, Integer.MAX_VALUE);

            StepVerifier.create(all.count()).expectNext(7_500L).verifyComplete();
            assertThat(most.get()).isBetween(1, 2);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void cancel_reachesTheAnnouncements_butNotOpenSources() {
        TestPublisher<Source> sources = TestPublisher.create();
        Collector<Source> below = new Collector<>();
        NestedFlux.limitConcurrent(sources.flux(), 2).subscribe(below);

        below.cancel();

        sources.assertCancelled();
    }

    @Test
    void badLimit_andBadRequest_areRefused() {
        assertThatThrownBy(() -> NestedFlux.limitConcurrent(Flux.empty(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("limit");
        Collector<Source> below = limited(1);
        below.request(-5);
        assertThat(below.error.get()).isInstanceOf(IllegalArgumentException.class);
    }

    private static Collector<Frame> collect(Source source) {
        Collector<Frame> below = new Collector<>();
        source.frames().subscribe(below);
        return below;
    }
}
