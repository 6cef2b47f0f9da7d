package dev.sluice.nested;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Frame;
import dev.sluice.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class MergeFairTest extends MergeContract {

    @Override
    <S, T> Flux<T> merge(Publisher<? extends S> sources, Function<? super S, ? extends Publisher<? extends T>> open) {
        return NestedFlux.mergeFair(sources, open, MergeOptions.defaults());
    }

    @Override
    int prefetch() {
        return 32;
    }

    @Override
    int concurrency() {
        return 256;
    }

    private static Collector<String> mergeNow(List<? extends Publisher<String>> sources, MergeOptions options) {
        return collect(NestedFlux.<Publisher<String>, String>mergeFair(Flux.fromIterable(sources), s -> s, options));
    }

    private static Flux<String> source(String name, int count) {
        return Flux.range(1, count).map(i -> name + i);
    }

    @Test
    void fiveReadySources_demandOneAtATime_giveOneEachInTurn() {
        Collector<String> below = mergeNow(
                List.of(source("a", 3), source("b", 3), source("c", 3), source("d", 3), source("e", 3)),
                MergeOptions.defaults());

        for (int i = 0; i < 15; i++) {
            below.request(1);
        }

        assertThat(below.got())
                .containsExactly(
                        "a1", "b1", "c1", "d1", "e1", "a2", "b2", "c2", "d2", "e2", "a3", "b3", "c3", "d3", "e3");
        assertThat(below.isCompleted()).isTrue();
    }

    @Test
    void fiveReadySources_demandedTogether_giveOneEachInTurn() {
        Collector<String> below = mergeNow(
                List.of(source("a", 2), source("b", 2), source("c", 2), source("d", 2), source("e", 2)),
                MergeOptions.defaults());

        below.request(Long.MAX_VALUE);

        assertThat(below.got()).containsExactly("a1", "b1", "c1", "d1", "e1", "a2", "b2", "c2", "d2", "e2");
    }

    @Test
    void sourcesAnnouncedAtOnce_takeTurns_evenWhenAllIsAskedForAlready() {
        List<String> five = List.of("a", "b", "c", "d", "e");
        Flux<String> merged =
                NestedFlux.mergeFair(Flux.fromIterable(five), name -> source(name, 2), MergeOptions.defaults());

        StepVerifier.create(merged)
                .expectNext("a1", "b1", "c1", "d1", "e1", "a2", "b2", "c2", "d2", "e2")
                .verifyComplete();
        StepVerifier.create(merged.limitRate(1))
                .expectNext("a1", "b1", "c1", "d1", "e1", "a2", "b2", "c2", "d2", "e2")
                .verifyComplete();
    }

    @Test
    void announcementsThatBlock_holdBackNoOtherThread() throws Exception {
        CountDownLatch blocking = new CountDownLatch(1);
        CountDownLatch passed = new CountDownLatch(1);
        Sinks.Many<String> other = Sinks.many().unicast().onBackpressureBuffer();
        Flux<String> merged = NestedFlux.mergeFair(
                Flux.<Flux<String>, Integer>generate(() -> 0, (i, sink) -> {
                    if (i == 0) {
                        sink.next(other.asFlux());
                    } else {
                        blocking.countDown();
                        awaitOrFail(passed);
                        sink.complete();
                    }
                    return i + 1;
                }),
                s -> s,
                MergeOptions.defaults());
        Thread producer = new Thread(() -> {
            awaitOrFail(blocking);
            other.tryEmitNext("through").orThrow();
            other.tryEmitComplete().orThrow();
        });
        producer.start();

        StepVerifier.create(merged.doOnNext(element -> passed.countDown()))
                .expectNext("through")
                .expectComplete()
                .verify(Duration.ofSeconds(30));
        producer.join();
    }

    @Test
    void elementOfAnotherThread_doesNotOvertakeAReadySource_whileSourcesAreAnnounced() {
        TestPublisher<String> a = TestPublisher.create();
        TestPublisher<String> b = TestPublisher.create();
        Collector<String> below = new Collector<>();
        Publisher<Publisher<String>> announcements = s -> s.onSubscribe(new NoSubscription() {
            @Override
            public void request(long n) {
                s.onNext(a);
                s.onNext(b);
                CompletableFuture.runAsync(() -> a.next("a1")).join();
                // Demand is there, but this thread gives no turns before it has announced all.
                below.request(1);
                CompletableFuture.runAsync(() -> b.next("b1")).join();
            }
        });
        merge(announcements).subscribe(below);

        assertThat(below.got()).containsExactly("a1");
    }

    private static void awaitOrFail(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("held back");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void turns_goOnEvenlyBeyondThePrefetch() {
        Collector<String> below = mergeNow(
                List.of(source("a", 500), source("b", 500), source("c", 500)),
                MergeOptions.builder().prefetch(4).build());

        for (int turn = 0; turn < 1500; turn++) {
            below.request(1);
            String expected = List.of("a", "b", "c").get(turn % 3) + (turn / 3 + 1);
            assertThat(below.elements).hasSize(turn + 1);
            assertThat(below.got().get(turn)).isEqualTo(expected);
        }
    }

    @Test
    void sourceWithNothingReady_isSkipped_andKeepsItsPlace() {
        List<TestPublisher<String>> sources = IntStream.range(0, 3)
                .mapToObj(i -> TestPublisher.<String>create())
                .toList();
        Collector<String> below =
                mergeNow(sources.stream().map(TestPublisher::flux).toList(), MergeOptions.defaults());
        sources.get(0).next("a1", "a2", "a3");
        sources.get(2).next("c1", "c2", "c3");

        below.request(3); // a1 c1 a2: b has nothing
        sources.get(1).next("b1", "b2");
        below.request(3); // the hand stands after a: b is next, then c, then a

        assertThat(below.got()).containsExactly("a1", "c1", "a2", "b1", "c2", "a3");
    }

    @Test
    void fastSource_doesNotKeepASlowOneWaiting_longerThanOneRound() {
        TestPublisher<String> slow = TestPublisher.create();
        Collector<String> below =
                mergeNow(List.of(source("f", 1000), source("g", 1000), slow.flux()), MergeOptions.defaults());
        below.request(100);

        slow.next("slow");
        below.request(3);

        assertThat(below.got().subList(100, 103)).contains("slow");
    }

    @Test
    void concurrency_leavesTheOthersUnannouncedUntilOneEnds() {
        Faucet numbers = Faucet.direct(0, 10);
        List<TestPublisher<String>> sources = IntStream.range(0, 10)
                .mapToObj(i -> TestPublisher.<String>create())
                .toList();
        Collector<String> below = collect(NestedFlux.mergeFair(
                numbers,
                i -> sources.get(i).flux(),
                MergeOptions.builder().concurrency(3).build()));
        below.request(100);

        assertThat(numbers.asked).hasValue(3);
        sources.get(3).assertWasNotSubscribed();
        sources.get(1).complete();
        assertThat(numbers.asked).hasValue(4);
        sources.get(3).assertWasSubscribed();
        sources.get(4).assertWasNotSubscribed();
    }

    @Test
    void sourceThatEndedButIsNotTaken_keepsItsPlaceInTheConcurrency() {
        Faucet numbers = Faucet.direct(0, 10);
        Collector<String> below = collect(NestedFlux.mergeFair(
                numbers,
                i -> Flux.just("x" + i),
                MergeOptions.builder().concurrency(2).build()));

        assertThat(numbers.asked).hasValue(2);
        below.request(1);
        assertThat(numbers.asked).hasValue(3);
        below.request(Long.MAX_VALUE);
        assertThat(below.got()).hasSize(10);
        assertThat(below.isCompleted()).isTrue();
    }

    @Test
    void concurrencyWithoutLimit_asksForAllAnnouncements() {
        Faucet numbers = Faucet.direct(0, 1000);
        Collector<String> below = collect(NestedFlux.mergeFair(
                numbers,
                i -> Flux.just("x" + i),
                MergeOptions.builder().concurrency(Integer.MAX_VALUE).build()));

        assertThat(numbers.asked).hasValue(Long.MAX_VALUE);
        below.request(1000);
        assertThat(below.isCompleted()).isTrue();
    }

    @Test
    void announcements_areAskedFor_whileOneSourceIsEndlesslyReady() {
        Collector<String> below = new Collector<>() {
            @Override
            void on(String element) {
                if (element.equals("two") || elements.size() == 1000) {
                    cancel();
                }
            }
        };
        NestedFlux.<Publisher<String>, String>mergeFair(
                        Flux.just(Flux.just("one"), Flux.just("endless").repeat(), Flux.just("two")),
                        s -> s,
                        MergeOptions.builder().concurrency(2).build())
                .subscribe(below);

        below.request(Long.MAX_VALUE);

        assertThat(below.got()).startsWith("one").endsWith("two");
    }

    @Test
    void prefetch_isRefilledWhenThreeQuartersAreTaken() {
        Faucet source = Faucet.direct(0, 1000);
        Collector<Integer> below = collect(NestedFlux.mergeFair(
                Flux.just(source), s -> s, MergeOptions.builder().prefetch(16).build()));

        assertThat(source.asked).hasValue(16);
        below.request(11);
        assertThat(source.asked).hasValue(16);
        below.request(1);
        assertThat(source.asked).hasValue(28);
    }

    @Test
    void error_discardsWhatWaits() {
        TestPublisher<String> healthy = TestPublisher.create();
        TestPublisher<String> failing = TestPublisher.create();
        Collector<String> below = mergeNow(List.of(healthy.flux(), failing.flux()), MergeOptions.defaults());
        healthy.next("h1", "h2");
        failing.next("f1");

        failing.error(new IllegalStateException("gone"));

        assertThat(below.error.get()).hasMessage("gone");
        assertThat(below.discarded).containsExactlyInAnyOrder("h1", "h2", "f1");
        healthy.assertCancelled();
    }

    @Test
    void delayError_deliversEverythingElseFirst_andAllErrorsAsOne() {
        Flux<String> first = source("a", 2).concatWith(Mono.error(new IllegalStateException("one")));
        Flux<String> second = source("b", 2).concatWith(Mono.error(new IllegalStateException("two")));
        Collector<String> below = mergeNow(
                List.of(first, second, source("c", 3)),
                MergeOptions.builder().delayError(true).build());

        below.request(Long.MAX_VALUE);

        assertThat(below.got()).containsExactly("a1", "b1", "c1", "a2", "b2", "c2", "c3");
        assertThat(Exceptions.unwrapMultiple(below.error.get()))
                .extracting(Throwable::getMessage)
                .containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void delayError_ofTheAnnouncements_waitsForOpenSources() {
        TestPublisher<String> source = TestPublisher.create();
        Collector<String> below = collect(NestedFlux.mergeFair(
                Flux.just(source.flux()).concatWith(Mono.error(new IllegalStateException("gone"))),
                s -> s,
                MergeOptions.builder().delayError(true).build()));
        below.request(5);

        source.next("still");
        assertThat(below.terminals).hasValue(0);
        source.complete();

        assertThat(below.got()).containsExactly("still");
        assertThat(below.error.get()).hasMessage("gone");
    }

    @Test
    void delayedError_thatCancelForestalls_goesToTheDroppedHook() {
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            Collector<String> below = mergeNow(
                    List.of(Flux.error(new IllegalStateException("unheard")), Flux.never()),
                    MergeOptions.builder().delayError(true).build());
            below.cancel();
        } finally {
            Hooks.resetOnErrorDropped();
        }
        assertThat(dropped).singleElement().satisfies(e -> assertThat(e).hasMessage("unheard"));
    }

    @Test
    void sourceThatIgnoresDemand_failsWithAnOverflow_andItsSurplusIsDiscarded() {
        List<Subscriber<? super String>> source = new ArrayList<>();
        NoSubscription subscription = new NoSubscription();
        Collector<String> below = mergeNow(
                List.of((Publisher<String>) source::add),
                MergeOptions.builder().prefetch(8).build());
        source.get(0).onSubscribe(subscription);

        for (int i = 0; i < 9; i++) {
            source.get(0).onNext("x" + i);
        }

        assertThat(Exceptions.isOverflow(below.error.get())).isTrue();
        assertThat(below.error.get()).hasMessageContaining("8 elements");
        assertThat(subscription.cancelled).isTrue();
        assertThat(below.discarded).hasSize(9);
    }

    @Test
    void sources_areMergedByTheirFrames() {
        Flux<Frame> merged = NestedFlux.mergeFair(Flux.just(
                Source.of("one", Flux.just(Frame.text("1a"), Frame.text("1b"))),
                Source.of("two", Flux.just(Frame.text("2a"), Frame.text("2b")))));
        Collector<Frame> below = collect(merged);

        below.request(1).request(1).request(1).request(1);

        assertThat(below.got()).extracting(Frame::asText).containsExactly("1a", "2a", "1b", "2b");
    }

    @Test
    void badOptions_areRefusedByName() {
        assertThatThrownBy(() -> MergeOptions.builder().prefetch(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prefetch");
        assertThatThrownBy(() -> MergeOptions.builder()
                        .prefetch(MergeOptions.MAX_PREFETCH + 1)
                        .build())
                .hasMessageContaining("65536");
        assertThatThrownBy(() -> MergeOptions.builder().concurrency(-1).build()).hasMessageContaining("concurrency");
        assertThatThrownBy(() -> MergeOptions.builder().starvationBound(-1).build())
                .hasMessageContaining("starvationBound");
    }
}
