package dev.sluice.nested;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Frame;
import dev.sluice.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.publisher.TestPublisher;

class MergeByPriorityTest extends MergeContract {

    private record Ranked(int rank, Publisher<String> elements) {}

    @Override
    <S, T> Flux<T> merge(Publisher<? extends S> sources, Function<? super S, ? extends Publisher<? extends T>> open) {
        // Priorities that come and go, so that the contract runs over several lanes.
        return NestedFlux.mergeByPriority(
                sources,
                open,
                source -> System.identityHashCode(source) % 3,
                MergeOptions.builder().starvationBound(4).build());
    }

    @Override
    int prefetch() {
        return 32;
    }

    @Override
    int concurrency() {
        return 256;
    }

    private static Ranked ranked(int rank, String name, int count) {
        return new Ranked(rank, Flux.range(1, count).map(i -> name + i));
    }

    private static Collector<String> mergeNow(MergeOptions options, Ranked... sources) {
        return collect(NestedFlux.<Ranked, String>mergeByPriority(
                Flux.fromArray(sources), Ranked::elements, Ranked::rank, options));
    }

    @Test
    void higherPriority_goesFirst_andEqualsTakeTurns() {
        Collector<String> below = mergeNow(
                MergeOptions.defaults(),
                ranked(0, "low", 2),
                ranked(9, "high", 2),
                ranked(5, "mid", 2),
                ranked(9, "top", 2));

        for (int i = 0; i < 8; i++) {
            below.request(1);
        }

        assertThat(below.got()).containsExactly("high1", "top1", "high2", "top2", "mid1", "mid2", "low1", "low2");
        assertThat(below.isCompleted()).isTrue();
    }

    @Test
    void elementOfHigherPriority_thatComesLater_isNext() {
        TestPublisher<String> high = TestPublisher.create();
        Collector<String> below = mergeNow(
                MergeOptions.defaults(),
                ranked(Integer.MIN_VALUE, "low", 10),
                new Ranked(Integer.MAX_VALUE, high.flux()));

        below.request(2);
        high.next("high");
        below.request(2);

        assertThat(below.got()).containsExactly("low1", "low2", "high", "low3");
    }

    @Test
    void elementOfHigherPriority_thatComesWithinOnNext_isNext() {
        TestPublisher<String> high = TestPublisher.create();
        Collector<String> below = new Collector<>() {
            @Override
            void on(String element) {
                if (element.equals("low2")) {
                    high.next("high");
                }
            }
        };
        NestedFlux.<Ranked, String>mergeByPriority(
                        Flux.just(ranked(1, "low", 4), new Ranked(2, high.flux())),
                        Ranked::elements,
                        Ranked::rank,
                        MergeOptions.defaults())
                .subscribe(below);

        below.request(5);

        assertThat(below.got()).containsExactly("low1", "low2", "high", "low3", "low4");
    }

    @Test
    void strictPriority_starvesTheLow() {
        Collector<String> below = mergeNow(MergeOptions.defaults(), ranked(0, "low", 1), ranked(1, "high", 1000));

        below.request(1000);
        assertThat(below.got()).doesNotContain("low1");
        below.request(1);
        assertThat(below.got()).contains("low1");
    }

    @Test
    void starvationBound_givesEveryPriorityItsTurnInTime() {
        int bound = 3;
        Collector<String> below = mergeNow(
                MergeOptions.builder().starvationBound(bound).build(),
                ranked(0, "low", 1000),
                ranked(1, "mid", 1000),
                ranked(2, "high", 1000));

        for (int i = 0; i < 400; i++) {
            below.request(1);
        }

        List<String> got = below.got();
        for (String name : List.of("low", "mid", "high")) {
            assertThat(longestWait(got, name)).as(name).isLessThanOrEqualTo(2 * (bound + 1));
        }
        assertThat(got.stream().filter(e -> e.startsWith("high")).count()).isEqualTo(300);
    }

    @Test
    void starvationBound_isNotSpent_whileNobodyIsPassedOver() {
        Collector<String> below =
                mergeNow(MergeOptions.builder().starvationBound(2).build(), ranked(2, "high", 6), ranked(0, "low", 3));

        for (int i = 0; i < 9; i++) {
            below.request(1);
        }

        assertThat(below.got())
                .containsExactly("high1", "high2", "low1", "high3", "high4", "low2", "high5", "high6", "low3");
    }

    private static int longestWait(List<String> got, String name) {
        int longest = 0;
        int waited = 0;
        for (String element : got) {
            waited = element.startsWith(name) ? 0 : waited + 1;
            longest = Math.max(longest, waited);
        }
        return longest;
    }

    @Test
    void priorityThatThrows_fails() {
        Collector<String> below = new Collector<>();
        NestedFlux.<Ranked, String>mergeByPriority(
                        Flux.just(ranked(0, "a", 1)),
                        Ranked::elements,
                        source -> {
                            throw new IllegalStateException("no rank");
                        },
                        MergeOptions.defaults())
                .subscribe(below);

        assertThat(below.error.get()).hasMessage("no rank");
        assertThat(below.discarded).hasSize(1);
    }

    @Test
    void sources_areRankedByTheirHeader() {
        List<Source> sources = new ArrayList<>();
        for (String name : List.of("1", "3", "2")) {
            sources.add(Source.of(name, Flux.just(Frame.text(name))));
        }
        Collector<Frame> below = collect(NestedFlux.mergeByPriority(
                Flux.fromIterable(sources),
                source -> Integer.parseInt(source.header().asText())));

        below.request(3);

        assertThat(below.got()).extracting(Frame::asText).containsExactly("3", "2", "1");
        assertThatThrownBy(() -> NestedFlux.mergeByPriority(Flux.empty(), null))
                .isInstanceOf(NullPointerException.class);
    }
}
