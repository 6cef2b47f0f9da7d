package dev.sluice.nested;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;

/** What every operator that makes one stream of several promises, whatever the threads do. */
abstract class MergeRaceContract {

    /** The operator under test over sources of any kind. */
    abstract <S, T> Flux<T> merge(
            Publisher<? extends S> sources, Function<? super S, ? extends Publisher<? extends T>> open);

    /** How many elements a source may be asked for ahead of demand. */
    abstract int prefetch();

    /** How many sources are open at a time at most. */
    abstract int concurrency();

    final <T> Flux<T> merge(Publisher<? extends Publisher<? extends T>> sources) {
        return merge(sources, source -> source);
    }

    static <T> Collector<T> collect(Flux<T> flux) {
        Collector<T> collector = new Collector<>();
        flux.subscribe(collector);
        return collector;
    }

    @Test
    void race_withoutCancel_deliversAllOnceAndSerially() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            Random random = new Random(42);
            for (int round = 0; round < 150; round++) {
                List<Faucet> sources = faucets(executor, random, 6);
                Collector<Integer> below = collect(merge(announceOn(executor, sources)));
                for (int i = 0; i < 100; i++) {
                    below.request(1 + random.nextInt(20));
                }
                below.request(Long.MAX_VALUE);

                assertThat(below.awaitEnd()).isTrue();
                int expected = sources.stream().mapToInt(s -> s.sent.get()).sum();
                assertThat(below.got()).hasSize(expected).doesNotHaveDuplicates();
                assertThat(below.violations).hasValue(0);
                assertThat(below.error.get()).isNull();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void race_withRandomCancel_losesNothing() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            Random random = new Random(7);
            for (int round = 0; round < 400; round++) {
                List<Faucet> sources = faucets(executor, random, 5);
                int cancelAt = random.nextInt(150);
                boolean inside = random.nextBoolean();
                CountDownLatch reached = new CountDownLatch(1);
                Collector<Integer> below = new Collector<>() {
                    @Override
                    void on(Integer element) {
                        if (elements.size() == cancelAt + 1) {
                            if (inside) {
                                cancel();
                            }
                            reached.countDown();
                        }
                    }
                };
                merge(announceOn(executor, sources)).subscribe(below);
                below.request(Long.MAX_VALUE);
                // Too few elements may come to reach it; then the cancel comes after the end, which must be harmless.
                reached.await(5, TimeUnit.MILLISECONDS);
                below.cancel();
                quiesce(executor, 3);

                int sent = sources.stream().mapToInt(s -> s.sent.get()).sum();
                long gone = below.discarded.stream()
                        .filter(Integer.class::isInstance)
                        .count();
                assertThat(below.elements.size() + gone)
                        .as("round %d: delivered %d, discarded %d", round, below.elements.size(), gone)
                        .isEqualTo(sent);
                assertThat(below.violations).hasValue(0);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void race_ofAFailureWithTheLastRequest_neverCompletesInstead() throws Exception {
        int rounds = 20_000;
        AtomicReference<Subscriber<? super Integer>> source = new AtomicReference<>();
        AtomicInteger go = new AtomicInteger();
        Thread failing = new Thread(() -> {
            Random random = new Random(1);
            for (int round = 1; round <= rounds; round++) {
                spinUntil(go, round);
                spin(random.nextInt(20));
                source.get().onError(new IllegalStateException("gone"));
            }
        });
        failing.setDaemon(true);
        failing.start();
        Random random = new Random(2);
        for (int round = 1; round <= rounds; round++) {
            Collector<Integer> below = collect(merge(Flux.just((Publisher<Integer>) source::set)));
            source.get().onSubscribe(new NoSubscription());
            if (prefetch() > 0) {
                source.get().onNext(1);
            }
            go.set(round);
            spin(random.nextInt(20));
            below.request(1);

            assertThat(below.awaitEnd()).isTrue();
            if (below.error.get() == null) {
                throw new AssertionError("completed instead, in round " + round);
            }
        }
        failing.join(10_000);
    }

    @Test
    void failureOfASource_isNotLost_whenTheAnnouncementsEndAsTheyAreCancelled() {
        TestPublisher<Integer> source = TestPublisher.create();
        Collector<Integer> below = collect(merge(announcing -> announcing.onSubscribe(new NoSubscription() {
            @Override
            public void request(long n) {
                announcing.onNext(source);
            }

            @Override
            public void cancel() {
                announcing.onComplete();
            }
        })));
        below.request(1);

        source.error(new IllegalStateException("gone"));

        assertThat(below.error.get()).hasMessage("gone");
        assertThat(below.terminals).hasValue(1);
    }

    @Test
    void failureDuringOnNext_onAnotherThread_waitsForItsEnd() throws Exception {
        AtomicInteger terminalsInside = new AtomicInteger(-1);
        Collector<Integer> below = new Collector<>() {
            @Override
            void on(Integer element) {
                Thread other = new Thread(() -> request(0));
                other.start();
                try {
                    other.join(10_000);
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
                terminalsInside.set(terminals.get());
            }
        };
        merge(Flux.just(Flux.range(0, 10))).subscribe(below);

        below.request(5);

        assertThat(terminalsInside).hasValue(0);
        assertThat(below.got()).containsExactly(0);
        assertThat(below.error.get()).isInstanceOf(IllegalArgumentException.class);
        assertThat(below.violations).hasValue(0);
    }

    private static void spinUntil(AtomicInteger go, int round) {
        for (int spins = 0; go.get() < round; spins++) {
            if (spins < 1000) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(1000);
            }
        }
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }

    private static List<Faucet> faucets(ExecutorService executor, Random random, int count) {
        return Stream.iterate(0, i -> i + 1)
                .limit(count)
                .map(i -> new Faucet(i * 1000, random.nextInt(120), executor))
                .toList();
    }

    private static Flux<Faucet> announceOn(ExecutorService executor, List<Faucet> sources) {
        Faucet numbers = new Faucet(0, sources.size(), executor);
        return Flux.from(numbers).map(sources::get);
    }

    /** Waits until every task given before, and every task those gave, has run. */
    static void quiesce(ExecutorService executor, int threads) throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            CountDownLatch all = new CountDownLatch(threads);
            for (int thread = 0; thread < threads; thread++) {
                executor.execute(() -> {
                    all.countDown();
                    try {
                        all.await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException stop) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
