package dev.sluice.nested;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Frame;
import dev.sluice.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.Scannable;
import reactor.core.Scannable.Attr;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** What every operator promises that makes one stream of several. */
abstract class MergeContract extends MergeRaceContract {

    @Test
    void merge_ofSeveralSources_deliversEveryElementInItsSourcesOrder() {
        List<Integer> got = merge(Flux.just(Flux.range(0, 100), Flux.range(100, 100), Flux.range(200, 100)))
                .collectList()
                .block(Duration.ofSeconds(10));

        assertThat(got).hasSize(300).doesNotHaveDuplicates();
        for (int source = 0; source < 3; source++) {
            int first = source * 100;
            assertThat(got.stream().filter(i -> i >= first && i < first + 100)).isSorted();
        }
    }

    @Test
    void merge_ofNothing_completesWithoutDemand() {
        assertThat(collect(merge(Flux.<Flux<Integer>>empty())).isCompleted()).isTrue();
    }

    @Test
    void merge_ofEmptySources_completesWithoutDemand() {
        assertThat(collect(merge(Flux.range(0, 1000).map(i -> Flux.<Integer>empty())))
                        .isCompleted())
                .isTrue();
    }

    @Test
    void subscribe_isLazy() {
        Faucet source = Faucet.direct(0, 10);
        Flux<Integer> merged = merge(Flux.just(source));

        assertThat(source.subscriptions).hasValue(0);
        merged.subscribe();
        assertThat(source.subscriptions).hasValue(1);
    }

    @Test
    void demand_isNeverExceeded_norThePrefetch() {
        Faucet source = Faucet.direct(0, 1000);
        Collector<Integer> below = collect(merge(Flux.just(source)));

        assertThat(below.elements).isEmpty();
        for (int demanded = 1; demanded <= 200; demanded++) {
            below.request(1);
            assertThat(below.elements).hasSize(demanded);
            assertThat(source.asked.get()).isBetween((long) demanded, (long) demanded + prefetch());
        }
        assertThat(below.terminals).hasValue(0);
    }

    @Test
    void elementsThatComeAfterTheDemand_countAgainstIt() {
        List<Subscriber<? super Integer>> source = new ArrayList<>();
        Collector<Integer> below = collect(merge(Flux.just((Publisher<Integer>) source::add)));
        AtomicLong asked = new AtomicLong();
        source.get(0).onSubscribe(new NoSubscription() {
            @Override
            public void request(long n) {
                asked.addAndGet(n);
            }
        });

        below.request(2);
        for (int i = 0; i < Math.min(5, asked.get()); i++) {
            source.get(0).onNext(i);
        }
        assertThat(below.got()).containsExactly(0, 1);
        below.request(1);
        assertThat(below.elements).hasSize(prefetch() > 0 ? 3 : 2);
    }

    @Test
    void demand_ofExactlyAllElements_completes() {
        Collector<Integer> below = collect(merge(Flux.just(Flux.range(0, 50), Flux.range(50, 50))));

        below.request(100);

        assertThat(below.got()).hasSize(100);
        assertThat(below.isCompleted()).isTrue();
    }

    @Test
    void demandInPieces_acrossSources_isAddedUp() {
        Collector<Integer> below = collect(merge(Flux.range(0, 30).map(i -> Flux.range(i * 10, 10))));

        for (int i = 0; i < 100; i++) {
            below.request(3);
        }

        assertThat(below.got()).hasSize(300).doesNotHaveDuplicates();
        assertThat(below.isCompleted()).isTrue();
    }

    @Test
    void demandBeyondLong_meansWithoutBound() {
        Collector<Integer> below = collect(merge(Flux.just(Flux.range(0, 500), Flux.range(500, 500))));

        below.request(Long.MAX_VALUE - 1).request(Long.MAX_VALUE - 1);

        assertThat(below.got()).hasSize(1000);
        assertThat(below.isCompleted()).isTrue();
    }

    @Test
    void requestOfZeroOrLess_failsAndCancelsEverything() {
        for (long bad : new long[] {0, -1, Long.MIN_VALUE}) {
            TestPublisher<Publisher<Integer>> sources = TestPublisher.create();
            TestPublisher<Integer> source = TestPublisher.create();
            Collector<Integer> below = collect(merge(sources.flux()));
            sources.next(source);

            below.request(bad);

            assertThat(below.error.get())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("3.9");
            sources.assertCancelled();
            source.assertCancelled();
        }
    }

    @Test
    void cancel_reachesAnnouncementsAndOpenSources() {
        TestPublisher<Publisher<Integer>> sources = TestPublisher.create();
        List<TestPublisher<Integer>> open = new ArrayList<>();
        Collector<Integer> below = collect(merge(sources.flux()));
        below.request(10);
        for (int i = 0; i < Math.min(3, concurrency()); i++) {
            open.add(TestPublisher.create());
            sources.next(open.get(i));
        }
        open.get(0).next(1);

        below.cancel();

        sources.assertCancelled();
        open.forEach(TestPublisher::assertCancelled);
        assertThat(below.got()).containsExactly(1);
        assertThat(below.terminals).hasValue(0);
    }

    @Test
    void cancelWithinOnNext_deliversNothingMore_andDiscardsWhatWasFetched() {
        Faucet source = Faucet.direct(0, 1000);
        Collector<Integer> below = new Collector<>() {
            @Override
            void on(Integer element) {
                if (elements.size() == 5) {
                    cancel();
                }
            }
        };
        merge(Flux.just(source)).subscribe(below);

        below.request(7);

        assertThat(below.got()).containsExactly(0, 1, 2, 3, 4);
        assertThat(source.cancelled).isTrue();
        assertThat(below.discarded).hasSize(source.sent.get() - 5);
    }

    @Test
    void sourceAnnouncedAfterCancel_isDiscardedUnsubscribed() {
        AtomicInteger told = new AtomicInteger();
        AtomicInteger subscribed = new AtomicInteger();
        Source late = Source.of(
                Frame.text("late"),
                Flux.<Frame>never().doOnSubscribe(s -> subscribed.incrementAndGet()),
                told::incrementAndGet);
        Collector<Frame> below = new Collector<>();
        List<Subscriber<? super Source>> above = new ArrayList<>();
        merge((Publisher<Source>) above::add, Source::frames).subscribe(below);
        above.get(0).onSubscribe(new NoSubscription());

        below.cancel();
        above.get(0).onNext(late);

        assertThat(told).hasValue(1);
        assertThat(subscribed).hasValue(0);
        assertThat(below.discarded).containsExactly(late);
    }

    @Test
    void failureOfASource_cancelsTheRest() {
        TestPublisher<Publisher<Integer>> sources = TestPublisher.create();
        TestPublisher<Integer> source = TestPublisher.create();
        Collector<Integer> below = collect(merge(sources.flux()));
        below.request(5);
        sources.next(source);

        source.next(1).error(new IllegalStateException("gone"));

        assertThat(below.got()).containsExactly(1);
        assertThat(below.error.get()).hasMessage("gone");
        sources.assertCancelled();
    }

    @Test
    void failureOfTheAnnouncements_cancelsOpenSources() {
        TestPublisher<Publisher<Integer>> sources = TestPublisher.create();
        TestPublisher<Integer> source = TestPublisher.create();
        Collector<Integer> below = collect(merge(sources.flux()));
        sources.next(source);

        sources.error(new IllegalStateException("gone"));

        assertThat(below.error.get()).hasMessage("gone");
        source.assertCancelled();
    }

    @Test
    void failureAfterTheEnd_goesToTheDroppedHook() {
        TestPublisher<Publisher<Integer>> sources =
                TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        StepVerifier.create(merge(sources.flux()))
                .then(() -> sources.error(new IllegalStateException("first")))
                .then(() -> sources.error(new IllegalStateException("second")))
                .expectErrorMessage("first")
                .verifyThenAssertThat()
                .hasDroppedErrorWithMessage("second");
    }

    @Test
    void failureOfASourceAfterCancel_goesToTheDroppedHook() {
        List<Subscriber<? super Integer>> source = new ArrayList<>();
        StepVerifier.create(merge(Flux.just((Publisher<Integer>) source::add).concatWith(Flux.never())))
                .then(() -> source.get(0).onSubscribe(new NoSubscription()))
                .then(() -> source.get(0).onNext(1))
                .expectNext(1)
                .thenCancel()
                .verifyThenAssertThat()
                .hasNotDroppedErrors();
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            source.get(0).onError(new IllegalStateException("late"));
        } finally {
            Hooks.resetOnErrorDropped();
        }
        assertThat(dropped).singleElement().satisfies(e -> assertThat(e).hasMessage("late"));
    }

    @Test
    void openThatThrows_failsAndDiscardsTheSource() {
        Collector<Integer> below = new Collector<>();
        this.<String, Integer>merge(Flux.just("a"), name -> {
                    throw new IllegalStateException("no such source");
                })
                .subscribe(below);

        assertThat(below.error.get()).hasMessage("no such source");
        assertThat(below.discarded).containsExactly("a");
    }

    @Test
    void openThatGivesNull_fails() {
        Collector<Integer> below = new Collector<>();
        this.<String, Integer>merge(Flux.just("a"), name -> null).subscribe(below);

        assertThat(below.error.get()).isInstanceOf(NullPointerException.class);
    }

    @Test
    void nullArguments_areRefusedAtOnce() {
        assertThatThrownBy(() -> merge(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> merge(Flux.empty(), null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void context_isSeenByAnnouncementsAndSources() {
        ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
        Flux<Flux<Integer>> sources = Flux.deferContextual(context -> {
            seen.add("announcements " + context.get("who"));
            return Flux.just(Flux.deferContextual(inner -> {
                seen.add("source " + inner.get("who"));
                return Mono.just(1);
            }));
        });

        collect(merge(sources));

        assertThat(seen).containsExactly("announcements collector", "source collector");
    }

    @Test
    void requestWithinOnNext_100000Deep_doesNotRecurse() {
        AtomicInteger depth = new AtomicInteger();
        AtomicInteger deepest = new AtomicInteger();
        Collector<Integer> below = new Collector<>() {
            @Override
            void on(Integer element) {
                deepest.accumulateAndGet(depth.incrementAndGet(), Math::max);
                request(1);
                depth.decrementAndGet();
            }
        };
        merge(Flux.just(Faucet.direct(0, 50_000), Faucet.direct(50_000, 50_000)))
                .subscribe(below);

        below.request(1);

        assertThat(below.elements).hasSize(100_000);
        assertThat(below.isCompleted()).isTrue();
        assertThat(deepest).hasValue(1);
    }

    @Test
    void oneHundredThousandSourcesOfOneElement_doNotRecurse() {
        Flux<Integer> merged = merge(Flux.range(0, 100_000).map(Mono::just));

        StepVerifier.create(merged.count()).expectNext(100_000L).verifyComplete();
    }

    @Test
    void subscriberThatThrows_isTakenAsCancelled_andWedgesNothing() {
        Faucet source = Faucet.direct(0, 100);
        Collector<Integer> below = new Collector<>() {
            @Override
            void on(Integer element) {
                if (element == 3) {
                    throw new IllegalStateException("cannot take 3");
                }
            }
        };
        merge(Flux.just(source)).subscribe(below);

        assertThatThrownBy(() -> below.request(10)).hasMessageContaining("cannot take 3");

        assertThat(source.cancelled).isTrue();
        below.cancel();
        assertThat(below.discarded).hasSize(source.sent.get() - below.elements.size());
    }

    @Test
    void nullElement_isRefusedWhereItCameFrom() {
        List<Subscriber<? super Integer>> source = new ArrayList<>();
        merge(Flux.just((Publisher<Integer>) source::add)).subscribe();
        source.get(0).onSubscribe(new NoSubscription());

        assertThatThrownBy(() -> source.get(0).onNext(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> source.get(0).onError(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void secondSubscription_isCancelled() {
        List<Subscriber<? super Integer>> source = new ArrayList<>();
        merge(Flux.just((Publisher<Integer>) source::add)).subscribe();
        NoSubscription second = new NoSubscription();
        source.get(0).onSubscribe(new NoSubscription());

        source.get(0).onSubscribe(second);

        assertThat(second.cancelled).isTrue();
    }

    @Test
    void scan_leadsFromTheSubscriberToTheAnnouncements() {
        Collector<Integer> below =
                collect(merge(Flux.just(Flux.<Integer>never()).hide()));

        Scannable scan = Scannable.from(below.subscription);
        assertThat(scan.scan(Attr.PARENT)).isNotNull();
        assertThat(scan.scanUnsafe(Attr.ACTUAL)).isSameAs(below);
        assertThat(scan.scan(Attr.RUN_STYLE)).isEqualTo(Attr.RunStyle.SYNC);
        assertThat(scan.scan(Attr.CANCELLED)).isFalse();
        below.cancel();
        assertThat(scan.scan(Attr.CANCELLED)).isTrue();
    }
}
