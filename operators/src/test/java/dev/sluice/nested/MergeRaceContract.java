package dev.sluice.nested;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

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
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 3_000; round++) {
                CyclicBarrier start = new CyclicBarrier(2);
                Sinks.Many<Integer> sink = Sinks.many().unicast().onBackpressureBuffer();
                Collector<Integer> below = collect(merge(Flux.just(sink.asFlux())));
                sink.tryEmitNext(1).orThrow();
                executor.execute(() -> {
                    await(start);
                    sink.tryEmitError(new IllegalStateException("gone"));
                });
                await(start);
                below.request(1);

                assertThat(below.awaitEnd()).isTrue();
                assertThat(below.error.get()).as("round %d", round).hasMessage("gone");
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
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
