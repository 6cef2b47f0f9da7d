package dev.sluice.nested;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;

class ConcatTest extends MergeContract {

    @Override
    <S, T> Flux<T> merge(Publisher<? extends S> sources, Function<? super S, ? extends Publisher<? extends T>> open) {
        return NestedFlux.concat(sources, open);
    }

    @Override
    int prefetch() {
        return 0;
    }

    @Override
    int concurrency() {
        return 1;
    }

    @Test
    void sources_comeOneAfterTheOther() {
        Flux<Frame> all = NestedFlux.concat(Flux.just(
                Source.of("one", Flux.just(Frame.text("1a"), Frame.text("1b"))),
                Source.of("two", Flux.just(Frame.text("2a")))));

        assertThat(all.map(Frame::asText).collectList().block()).containsExactly("1a", "1b", "2a");
    }

    @Test
    void nextSource_isNeitherAnnouncedNorSubscribed_untilTheOneBeforeEnds() {
        Faucet numbers = Faucet.direct(0, 3);
        List<TestPublisher<String>> sources = IntStream.range(0, 3)
                .mapToObj(i -> TestPublisher.<String>create())
                .toList();
        Collector<String> below =
                collect(NestedFlux.concat(numbers, i -> sources.get(i).flux()));
        below.request(10);

        assertThat(numbers.asked).hasValue(1);
        sources.get(0).assertWasSubscribed();
        sources.get(1).assertWasNotSubscribed();
        sources.get(0).next("a").complete();
        assertThat(numbers.asked).hasValue(2);
        sources.get(1).assertWasSubscribed();
        sources.get(2).assertWasNotSubscribed();
    }

    @Test
    void cancel_fromWithinOnNext_stopsASourceThatGivesWithoutEndAtOnce() {
        AtomicInteger made = new AtomicInteger();
        Flux<Integer> endless = Flux.generate(sink -> sink.next(made.incrementAndGet()));

        List<Integer> got = NestedFlux.concat(Flux.just(endless), source -> source)
                .takeUntil(element -> element == 3)
                .collectList()
                .block();

        assertThat(got).containsExactly(1, 2, 3);
        assertThat(made).hasValue(3);
    }

    @Test
    void failureOfTheAnnouncements_fromWithinOnNext_stopsASourceThatGivesWithoutEndAtOnce() {
        AtomicInteger made = new AtomicInteger();
        Flux<Integer> endless = Flux.generate(sink -> sink.next(made.incrementAndGet()));
        TestPublisher<Flux<Integer>> sources = TestPublisher.create();
        Collector<Integer> below =
                collect(NestedFlux.concat(sources.flux(), source -> source).doOnNext(element -> {
                    if (element == 3) {
                        sources.error(new IllegalStateException("no more"));
                    }
                }));
        below.request(Long.MAX_VALUE);

        sources.next(endless);

        assertThat(below.got()).containsExactly(1, 2, 3);
        assertThat(made).hasValue(3);
    }

    @Test
    void demandLeftOver_isPassedToTheNextSource_exactly() {
        Faucet first = Faucet.direct(0, 3);
        Faucet second = Faucet.direct(3, 10);
        Collector<Integer> below = collect(NestedFlux.concat(Flux.just(first, second), s -> s));

        below.request(5);

        assertThat(below.got()).containsExactly(0, 1, 2, 3, 4);
        assertThat(first.asked).hasValue(5);
        assertThat(second.asked).hasValue(2);
    }

    @Test
    void sourceThatFails_isAskedForNothingMore_norIsTheNextOneAnnounced() {
        AtomicInteger announced = new AtomicInteger();
        List<Long> asked = new ArrayList<>();
        Collector<Integer> below = new Collector<>();
        AtomicReference<Subscriber<? super Integer>> source = new AtomicReference<>();
        Publisher<Integer> failing = s -> {
            source.set(s);
            s.onSubscribe(new NoSubscription() {
                @Override
                public void request(long n) {
                    asked.add(n);
                }
            });
        };
        Publisher<Publisher<Integer>> announcements = s -> s.onSubscribe(new NoSubscription() {
            @Override
            public void request(long n) {
                announced.incrementAndGet();
                s.onNext(failing);
            }

            @Override
            public void cancel() {
                below.request(5);
            }
        });
        merge(announcements).subscribe(below);
        below.request(1);

        source.get().onError(new IllegalStateException("gone"));

        assertThat(announced).hasValue(1);
        assertThat(asked).containsExactly(1L);
        assertThat(below.error.get()).hasMessage("gone");
    }
}
