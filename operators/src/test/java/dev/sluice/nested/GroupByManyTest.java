package dev.sluice.nested;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.nested.GroupOptions.WhenTooMany;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/** What happens when groups are too many for their consumer; reactor-core issues 2138 and 3442 are of this kind. */
class GroupByManyTest extends GroupByHarness {

    @Test
    void issue2138_groupsThatEndEarly_doNotHangTheOthers() {
        Flux<Integer> flow = NestedFlux.<Integer, Integer>groupBy(
                        Flux.just(0, 0, 1, 1, 2, 2),
                        Function.identity(),
                        GroupOptions.builder().prefetch(1).build())
                .flatMap(group -> group.skip(1).takeUntil(i -> true));
        StepVerifier.create(flow).expectNext(0, 1, 2).expectComplete().verify(Duration.ofSeconds(10));

        Flux<Integer> interleaved = NestedFlux.<Integer, Integer>groupBy(
                        Flux.just(0, 1, 2, 0, 1, 2),
                        Function.identity(),
                        GroupOptions.builder().prefetch(1).build())
                .flatMap(group -> group.skip(1).takeUntil(i -> true));
        StepVerifier.create(interleaved).expectNext(0, 1, 2).expectComplete().verify(Duration.ofSeconds(10));
    }

    @Test
    void issue2138_manyShortLivedGroups_fromAFastSource_doNotHang() {
        Flux<Integer> flow = NestedFlux.<Integer, Integer>groupBy(
                        Flux.range(0, 200_000).map(i -> i % 7), Function.identity(), GroupOptions.defaults())
                .flatMap(group -> group.take(3).publishOn(Schedulers.parallel()), 4);

        StepVerifier.create(flow.count())
                .assertNext(count -> assertThat(count).isPositive())
                .expectComplete()
                .verify(Duration.ofSeconds(60));
    }

    @Test
    void issue3442_concatMapOverGroups_endsTheGroupItDoesNotTakeFrom_andGoesOn() {
        Flux<String> flow = NestedFlux.<String, String>groupBy(
                        Flux.range(0, 1000).map(i -> (i % 2 == 0 ? "a" : "b") + i),
                        element -> element.substring(0, 1),
                        options().bufferSize(16).build())
                .concatMap(group -> group.onErrorComplete(GroupNotDrainedException.class), 1);
        Collector<String> below = new Collector<>();
        flow.subscribe(below);

        below.request(Long.MAX_VALUE);
        assertThat(below.terminals)
                .as("b is full and not taken from, so it waits")
                .hasValue(0);
        time.advanceTimeBy(TWICE_THE_TIMEOUT);

        assertThat(below.isCompleted()).isTrue();
        assertThat(below.got()).hasSize(500).allMatch(element -> element.startsWith("a"));
        assertThat(dropped(GroupDrop.Reason.NOT_ACCEPTED)).isEqualTo(16);
        assertThat(dropped(GroupDrop.Reason.GROUP_ENDED)).isEqualTo(484);
        assertThat(below.discarded).hasSize(500);
    }

    @Test
    void issue3442_withNoMoreGroupsThanTheConsumerTakes_losesNothing() {
        Flux<String> flow = NestedFlux.<String, String>groupBy(
                        Flux.range(0, 1000).map(i -> (i / 100 % 2 == 0 ? "a" : "b") + i),
                        element -> element.substring(0, 1),
                        options()
                                .maxGroups(1)
                                .whenTooMany(WhenTooMany.COMPLETE_LEAST_ACTIVE)
                                .build())
                .concatMap(group -> group, 1);
        Collector<String> below = new Collector<>();
        flow.subscribe(below);

        below.request(Long.MAX_VALUE);

        assertThat(below.isCompleted()).isTrue();
        assertThat(below.got()).hasSize(1000);
        assertThat(drops).isEmpty();
    }

    @Test
    void tooManyGroups_failEverythingWithTheLimitAndTheRemedy() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().maxGroups(2).build());
        groups.request(10);
        source.next("a1", "b1", "c1");

        assertThat(groups.error.get())
                .isInstanceOf(TooManyGroupsException.class)
                .hasMessageContaining("2 groups")
                .hasMessageContaining("maxGroups");
        source.assertCancelled();
        Collector<String> a = groups.subscribe("a");
        assertThat(a.got()).containsExactly("a1");
        assertThat(a.error.get()).isInstanceOf(TooManyGroupsException.class);
        assertThat(groups.discarded).containsExactly("c1");
    }

    @Test
    void tooManyGroups_whileSomeAreNotAskedFor_pushBackInsteadOfFailing() {
        Faucet numbers = Faucet.direct(0, 1000);
        Groups groups = groupBy(
                Flux.from(numbers).map(i -> (char) ('a' + i) + "1"),
                options().maxGroups(2).prefetch(4).build());
        groups.request(1);

        assertThat(groups.keys()).containsExactly("a");
        assertThat(numbers.sent)
                .as("a, b, c is held, and no more than the prefetch")
                .hasValueLessThanOrEqualTo(7);
        groups.last("a").discard();
        groups.request(1);
        assertThat(groups.keys()).containsExactly("a", "b");
        assertThat(groups.error.get()).isNull();
        groups.request(1);
        assertThat(groups.error.get()).as("b and c are open, d is one too many").isNotNull();
    }

    @Test
    void tooManyGroups_thatAreNeverAskedFor_makeWayAfterTheAcceptTimeout() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().maxGroups(2).build());
        groups.request(1);
        source.next("a1");
        Collector<String> a = groups.subscribe("a");
        source.next("b1", "c1", "a2");
        assertThat(a.got()).containsExactly("a1");

        time.advanceTimeBy(Duration.ofSeconds(30));

        assertThat(a.got()).containsExactly("a1", "a2");
        assertThat(drops).containsExactly(new GroupDrop("b", GroupDrop.Reason.NOT_ACCEPTED, 1));
        groups.request(1);
        assertThat(groups.keys()).containsExactly("a", "c");
    }

    @Test
    void completeLeastActive_makesWayForANewKey() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(
                source.flux(),
                options()
                        .maxGroups(2)
                        .whenTooMany(WhenTooMany.COMPLETE_LEAST_ACTIVE)
                        .build());
        groups.request(10);
        source.next("a1", "b1");
        Collector<String> a = groups.subscribe("a");
        Collector<String> b = groups.subscribe("b");
        source.next("a2", "c1");

        assertThat(b.isCompleted()).isTrue();
        assertThat(a.terminals).hasValue(0);
        assertThat(groups.subscribe("c").got()).containsExactly("c1");
        source.next("b2");
        assertThat(a.isCompleted()).isTrue();
        assertThat(groups.keys()).containsExactly("a", "b", "c", "b");
        assertThat(drops).isEmpty();
    }

    @Test
    void completeLeastActive_waitsForAGroupToBeTaken_thenEndsTheLeastActive() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(
                source.flux(),
                options()
                        .maxGroups(2)
                        .whenTooMany(WhenTooMany.COMPLETE_LEAST_ACTIVE)
                        .build());
        groups.request(10);
        source.next("a1", "b1", "c1");
        assertThat(groups.keys()).containsExactly("a", "b");

        Collector<String> b = groups.subscribe("b");
        assertThat(b.got()).containsExactly("b1");
        assertThat(b.isCompleted()).isTrue();
        assertThat(groups.keys()).containsExactly("a", "b", "c");
        source.next("d1");
        time.advanceTimeBy(TWICE_THE_TIMEOUT);
        assertThat(groups.keys()).containsExactly("a", "b", "c", "d");
        assertThat(drops).containsExactly(new GroupDrop("a", GroupDrop.Reason.NOT_ACCEPTED, 1));
    }

    @Test
    void defaultOptions_useTheSchedulerThatVirtualTimeReplaces() {
        StepVerifier.withVirtualTime(() -> NestedFlux.<Integer, Integer>groupBy(
                                Flux.range(0, 200).map(i -> i % 2), Function.identity())
                        .concatMap(group -> group.onErrorComplete(), 1)
                        .count())
                .thenAwait(Duration.ofSeconds(60))
                .expectNext(100L)
                .verifyComplete();
    }
}
