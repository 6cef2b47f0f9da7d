package dev.sluice.nested;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.nested.GroupOptions.WhenFull;
import dev.sluice.nested.GroupOptions.WhenTooMany;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.Scannable.Attr;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

class GroupByTest {

    private static final Duration TWICE_THE_TIMEOUT = Duration.ofSeconds(60);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final ConcurrentLinkedQueue<GroupDrop> drops = new ConcurrentLinkedQueue<>();

    /** Options under virtual time that remember what is dropped. */
    private GroupOptions.Builder options() {
        return GroupOptions.builder().scheduler(time).onDrop(drops::add);
    }

    /** Keeps groups, subscribes to none by itself. */
    private static final class Groups extends Collector<Group<String, String>> {
        Collector<String> subscribe(String key) {
            return subscribe(key, Long.MAX_VALUE);
        }

        Collector<String> subscribe(String key, long demand) {
            Collector<String> below = new Collector<>();
            last(key).subscribe(below);
            return demand == 0 ? below : below.request(demand);
        }

        Group<String, String> last(String key) {
            return elements.stream()
                    .filter(group -> group.key().equals(key))
                    .reduce((first, second) -> second)
                    .orElseThrow(() -> new AssertionError("no group " + key));
        }

        List<String> keys() {
            return elements.stream().map(Group::key).toList();
        }
    }

    private Groups groupBy(Publisher<String> source, GroupOptions options) {
        Groups groups = new Groups();
        NestedFlux.<String, String>groupBy(source, element -> element.substring(0, 1), options)
                .subscribe(groups);
        return groups;
    }

    private long dropped(GroupDrop.Reason reason) {
        return drops.stream()
                .filter(drop -> drop.reason() == reason)
                .mapToLong(GroupDrop::count)
                .sum();
    }

    @Test
    void elements_goToTheGroupOfTheirKey_inOrder() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().build());
        groups.request(Long.MAX_VALUE);

        source.next("a1", "b1", "a2", "b2", "a3");
        Collector<String> a = groups.subscribe("a");
        Collector<String> b = groups.subscribe("b");
        source.next("b3").complete();

        assertThat(groups.keys()).containsExactly("a", "b");
        assertThat(a.got()).containsExactly("a1", "a2", "a3");
        assertThat(b.got()).containsExactly("b1", "b2", "b3");
        assertThat(a.isCompleted() && b.isCompleted() && groups.isCompleted()).isTrue();
        assertThat(drops).isEmpty();
    }

    @Test
    void groupsAndTheirElements_areOnlyGivenOnDemand() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().build());
        source.next("a1", "b1", "a2");

        assertThat(groups.elements).isEmpty();
        groups.request(1);
        assertThat(groups.keys()).containsExactly("a");
        Collector<String> a = groups.subscribe("a", 1);
        assertThat(a.got()).containsExactly("a1");
        a.request(1);
        assertThat(a.got()).containsExactly("a1", "a2");
        source.complete();
        assertThat(groups.terminals).hasValue(0);
        groups.request(1);
        assertThat(groups.keys()).containsExactly("a", "b");
        assertThat(groups.isCompleted()).isTrue();
    }

    @Test
    void elementsLeftAtCompletion_areStillDelivered() {
        Groups groups = groupBy(Flux.just("a1", "a2"), options().build());
        groups.request(1);

        assertThat(groups.isCompleted()).isTrue();
        Collector<String> a = groups.subscribe("a", 1);
        assertThat(a.terminals).hasValue(0);
        a.request(1);
        assertThat(a.got()).containsExactly("a1", "a2");
        assertThat(a.isCompleted()).isTrue();
    }

    @Test
    void failureOfTheSource_comesAfterWhatGroupsHold_andDiscardsUnannouncedGroups() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().build());
        groups.request(1);
        source.next("a1", "b1");

        source.error(new IllegalStateException("gone"));

        assertThat(groups.error.get()).hasMessage("gone");
        assertThat(groups.discarded).containsExactly("b1");
        Collector<String> a = groups.subscribe("a", 0);
        assertThat(a.terminals).hasValue(0);
        a.request(5);
        assertThat(a.got()).containsExactly("a1");
        assertThat(a.error.get()).hasMessage("gone");
    }

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
    void waitingGroup_thatIsTakenFromInTime_losesNothing() {
        Faucet numbers = Faucet.direct(0, 1000);
        Groups groups = groupBy(
                Flux.from(numbers).map(i -> (i % 2 == 0 ? "a" : "b") + i),
                options().bufferSize(4).build());
        groups.request(2);
        Collector<String> a = groups.subscribe("a");
        Collector<String> b = groups.subscribe("b", 0);

        for (int i = 0; i < 500; i++) {
            time.advanceTimeBy(Duration.ofSeconds(29));
            b.request(1);
        }

        assertThat(a.got()).hasSize(500);
        assertThat(b.got()).hasSize(500);
        assertThat(b.isCompleted()).isTrue();
        assertThat(drops).isEmpty();
    }

    @Test
    void fullGroup_holdsTheSourceBackExactly() {
        Faucet numbers = Faucet.direct(0, 1000);
        Groups groups = groupBy(
                Flux.from(numbers).map(i -> "a" + i),
                options().bufferSize(4).prefetch(8).build());
        groups.request(1);

        // 4 in the group, 1 held, 8 in the inbox: 5 left the inbox, less than the low tide of 6.
        assertThat(numbers.sent).hasValue(8);
        Collector<String> a = groups.subscribe("a", 1);
        assertThat(a.got()).containsExactly("a0");
        assertThat(numbers.sent).hasValue(14);
    }

    @Test
    void groupNobodySubscribesTo_isEndedAfterTheAcceptTimeout_andTheOthersGoOn() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().bufferSize(2).build());
        groups.request(10);
        source.next("a1");
        Collector<String> a = groups.subscribe("a");
        source.next("b1", "b2", "b3", "a2", "b4");

        time.advanceTimeBy(Duration.ofMillis(29_999));
        assertThat(a.got()).containsExactly("a1");
        time.advanceTimeBy(Duration.ofMillis(1));
        assertThat(a.got()).containsExactly("a1", "a2");
        assertThat(groups.discarded).containsExactly("b1", "b2", "b3", "b4");
        assertThat(groups.last("b").dropped()).isEqualTo(4);
        assertThat(drops)
                .containsExactly(
                        new GroupDrop("b", GroupDrop.Reason.NOT_ACCEPTED, 2),
                        new GroupDrop("b", GroupDrop.Reason.GROUP_ENDED, 1),
                        new GroupDrop("b", GroupDrop.Reason.GROUP_ENDED, 1));
    }

    @Test
    void subscribingTooLate_showsTheFailure_andFreesTheKey() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().bufferSize(1).build());
        groups.request(10);
        source.next("b1", "b2");
        time.advanceTimeBy(Duration.ofSeconds(30));

        Collector<String> late = groups.subscribe("b");
        assertThat(late.error.get())
                .isInstanceOf(GroupNotDrainedException.class)
                .hasMessageContaining("Group b")
                .hasMessageContaining("PT30S")
                .hasMessageContaining("acceptTimeout");
        source.next("b3");
        assertThat(groups.keys()).containsExactly("b", "b");
        assertThat(groups.subscribe("b").got()).containsExactly("b3");
    }

    @Test
    void subscriberThatNeverAsks_seesTheFailure_andTheElementThatWaitedOpensANewGroup() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().bufferSize(1).build());
        groups.request(10);
        source.next("b1");
        Collector<String> idle = groups.subscribe("b", 0);
        source.next("b2");

        time.advanceTimeBy(Duration.ofSeconds(30));

        assertThat(idle.error.get()).isInstanceOf(GroupNotDrainedException.class);
        assertThat(idle.discarded).containsExactly("b1");
        assertThat(groups.keys()).containsExactly("b", "b");
        assertThat(groups.subscribe("b").got()).containsExactly("b2");
    }

    @Test
    void groupThatIsNeverAnnounced_isEndedToo_andItsKeyOpensAnewOnceGroupsAreAskedFor() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().bufferSize(1).build());
        groups.request(1);
        source.next("a1");
        Collector<String> a = groups.subscribe("a");
        source.next("b1", "b2", "a2");

        time.advanceTimeBy(Duration.ofSeconds(30));
        assertThat(a.got()).containsExactly("a1", "a2");
        groups.request(1);
        assertThat(groups.keys()).containsExactly("a");
        source.next("b3");
        assertThat(groups.keys()).containsExactly("a", "b");
        assertThat(groups.subscribe("b").got()).containsExactly("b3");
    }

    @Test
    void waitsThatFollowOneAnother_shareOneTimer_andEachHasItsFullTime() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().bufferSize(1).build());
        groups.request(10);
        source.next("a1");
        Collector<String> a = groups.subscribe("a", 0);
        source.next("a2");
        time.advanceTimeBy(Duration.ofSeconds(20));
        a.request(1);
        source.next("a3"); // a new wait, 20 s into the timer of the first

        time.advanceTimeBy(Duration.ofSeconds(29));
        assertThat(a.terminals).hasValue(0);
        time.advanceTimeBy(Duration.ofSeconds(11));
        assertThat(a.error.get()).isInstanceOf(GroupNotDrainedException.class);
    }

    @Test
    void dropOldest_keepsTheNewest_andNeverHoldsUp() {
        Groups groups = groupBy(
                Flux.range(1, 100).map(i -> "a" + i).concatWithValues("b1"),
                options().bufferSize(3).whenFull(WhenFull.DROP_OLDEST).build());
        groups.request(10);

        assertThat(groups.subscribe("a").got()).containsExactly("a98", "a99", "a100");
        assertThat(groups.subscribe("b").got()).containsExactly("b1");
        assertThat(groups.last("a").dropped()).isEqualTo(97);
        assertThat(dropped(GroupDrop.Reason.BUFFER_FULL)).isEqualTo(97);
        assertThat(groups.discarded).hasSize(97).startsWith("a1").endsWith("a97");
    }

    @Test
    void dropLatest_keepsTheOldest() {
        Groups groups = groupBy(
                Flux.range(1, 100).map(i -> "a" + i),
                options().bufferSize(3).whenFull(WhenFull.DROP_LATEST).build());
        groups.request(10);

        assertThat(groups.subscribe("a").got()).containsExactly("a1", "a2", "a3");
        assertThat(dropped(GroupDrop.Reason.BUFFER_FULL)).isEqualTo(97);
    }

    @Test
    void dropPolicies_dropNothing_forASubscriberThatAsksInTime() {
        for (WhenFull policy : List.of(WhenFull.DROP_LATEST, WhenFull.DROP_OLDEST, WhenFull.FAIL_GROUP)) {
            List<Integer> got = NestedFlux.<Integer, Integer>groupBy(
                            Flux.range(0, 10_000),
                            i -> i % 10,
                            options().bufferSize(1).whenFull(policy).build())
                    .flatMap(group -> group)
                    .collectList()
                    .block(Duration.ofSeconds(10));

            assertThat(got).hasSize(10_000);
            assertThat(drops).isEmpty();
        }
    }

    @Test
    void failGroup_failsThatGroupAfterWhatItHolds_andItsKeyOpensAnew() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(
                source.flux(),
                options().bufferSize(2).whenFull(WhenFull.FAIL_GROUP).build());
        groups.request(10);
        source.next("a1", "a2", "a3", "a4", "b1");

        Collector<String> a = groups.subscribe("a");
        assertThat(a.got()).containsExactly("a1", "a2");
        assertThat(a.error.get())
                .isInstanceOf(GroupFullException.class)
                .hasMessageContaining("2 elements")
                .hasMessageContaining("bufferSize");
        assertThat(drops)
                .containsExactly(
                        new GroupDrop("a", GroupDrop.Reason.BUFFER_FULL, 1),
                        new GroupDrop("a", GroupDrop.Reason.GROUP_ENDED, 1));
        source.next("a5");
        assertThat(groups.subscribe("a").got()).containsExactly("a5");
        assertThat(groups.subscribe("b").got()).containsExactly("b1");
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
    void cancelledGroup_isDiscarded_theOthersGoOn_andItsKeyOpensAnew() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().build());
        groups.request(10);
        source.next("a1", "a2", "b1");
        Collector<String> a = groups.subscribe("a", 1);
        Collector<String> b = groups.subscribe("b");

        a.cancel();
        source.next("b2", "a3");

        assertThat(a.got()).containsExactly("a1");
        assertThat(a.discarded).containsExactly("a2");
        assertThat(b.got()).containsExactly("b1", "b2");
        assertThat(groups.keys()).containsExactly("a", "b", "a");
        assertThat(groups.subscribe("a").got()).containsExactly("a3");
        assertThat(drops).isEmpty();
    }

    @Test
    void discardedGroup_freesWhatItHeldUpAtOnce() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().bufferSize(1).build());
        groups.request(10);
        source.next("a1", "b1", "b2", "a2");

        groups.last("b").discard();

        assertThat(groups.subscribe("a").got()).containsExactly("a1", "a2");
        assertThat(groups.discarded).containsExactly("b1");
        assertThat(groups.keys()).containsExactly("a", "b", "b");
        Collector<String> late = new Collector<>();
        groups.elements.stream()
                .filter(g -> g.key().equals("b"))
                .findFirst()
                .orElseThrow()
                .subscribe(late);
        assertThat(late.error.get()).hasMessageContaining("discarded");
    }

    @Test
    void groupsCancelled_thoseGivenOutGoOn_andTheLastOneCancelsTheSource() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().build());
        groups.request(1);
        source.next("a1", "b1");
        Collector<String> a = groups.subscribe("a");

        groups.cancel();
        source.next("a2", "c1");

        assertThat(a.got()).containsExactly("a1", "a2");
        assertThat(groups.discarded).containsExactly("b1", "c1");
        source.assertNotCancelled();
        a.cancel();
        source.assertCancelled();
    }

    @Test
    void groupsCancelled_aGroupNobodySubscribesTo_isNotKeptForEver() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().build());
        groups.request(1);
        source.next("a1");

        groups.cancel();
        source.assertNotCancelled();
        time.advanceTimeBy(Duration.ofSeconds(30));

        source.assertCancelled();
        assertThat(drops).containsExactly(new GroupDrop("a", GroupDrop.Reason.NOT_ACCEPTED, 1));
        assertThat(groups.subscribe("a").error.get()).isInstanceOf(GroupNotDrainedException.class);
    }

    @Test
    void firstGroupOnly_byNext_isDeliveredInFull() {
        List<String> got = NestedFlux.<String, String>groupBy(
                        Flux.just("a1", "b1", "a2", "c1", "a3"), element -> element.substring(0, 1))
                .next()
                .flatMapMany(group -> group)
                .collectList()
                .block(Duration.ofSeconds(10));

        assertThat(got).containsExactly("a1", "a2", "a3");
    }

    @Test
    void cancelBeforeAnyGroup_cancelsTheSource() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().build());

        groups.cancel();

        source.assertCancelled();
    }

    @Test
    void keyThatThrowsOrIsNull_failsEverything() {
        List<Function<String, String>> bad = List.of(
                element -> {
                    throw new IllegalStateException("no key");
                },
                element -> null);
        for (Function<String, String> key : bad) {
            TestPublisher<String> source = TestPublisher.create();
            Collector<Group<String, String>> groups = new Collector<>();
            NestedFlux.<String, String>groupBy(source.flux(), key).subscribe(groups);
            source.next("x");

            assertThat(groups.error.get()).isInstanceOfAny(IllegalStateException.class, NullPointerException.class);
            assertThat(groups.discarded).containsExactly("x");
            source.assertCancelled();
        }
    }

    @Test
    void requestOfZero_failsAGroupAlone_orEverything() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().build());
        groups.request(10);
        source.next("a1", "b1");
        Collector<String> a = groups.subscribe("a", 0);
        Collector<String> b = groups.subscribe("b");

        a.request(0);
        assertThat(a.error.get()).isInstanceOf(IllegalArgumentException.class);
        assertThat(a.discarded).containsExactly("a1");
        assertThat(b.terminals).hasValue(0);
        groups.request(-1);
        assertThat(groups.error.get()).isInstanceOf(IllegalArgumentException.class);
        assertThat(b.error.get()).isInstanceOf(IllegalArgumentException.class);
        source.assertCancelled();
    }

    @Test
    void sourceThatIgnoresDemand_failsWithAnOverflow() {
        List<Subscriber<? super String>> source = new ArrayList<>();
        Groups groups = groupBy(source::add, options().prefetch(8).bufferSize(1).build());
        source.get(0).onSubscribe(new MergeContract.NoSubscription());
        groups.request(1);

        for (int i = 0; i < 20; i++) {
            source.get(0).onNext("a" + i);
        }

        assertThat(Exceptions.isOverflow(groups.error.get())).isTrue();
        Collector<String> a = groups.subscribe("a");
        assertThat(a.got()).containsExactly("a0");
        assertThat(groups.discarded).hasSize(19);
    }

    @Test
    void groupsSubscriberThatThrows_isCancelled_andTheOthersGoOn() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().build());
        groups.request(10);
        source.next("a1", "b1");
        Collector<String> throwing = new Collector<>() {
            @Override
            void on(String element) {
                throw new IllegalStateException("cannot take " + element);
            }
        };
        groups.last("a").subscribe(throwing);
        Collector<String> b = groups.subscribe("b");
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            throwing.request(5);
        } finally {
            Hooks.resetOnErrorDropped();
        }
        source.next("b2");

        assertThat(dropped).singleElement().satisfies(e -> assertThat(e).hasMessage("cannot take a1"));
        assertThat(b.got()).containsExactly("b1", "b2");
        source.assertNotCancelled();
    }

    @Test
    void listenerThatThrows_endsNothing() {
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            Groups groups = groupBy(
                    Flux.just("a1", "a2", "a3"),
                    GroupOptions.builder()
                            .bufferSize(1)
                            .whenFull(WhenFull.DROP_LATEST)
                            .onDrop(drop -> {
                                throw new IllegalStateException("listener");
                            })
                            .build());
            groups.request(1);
            assertThat(groups.subscribe("a").got()).containsExactly("a1");
        } finally {
            Hooks.resetOnErrorDropped();
        }
        assertThat(dropped).hasSize(2);
    }

    @Test
    void secondSubscriber_isRefused() {
        Groups groups = groupBy(Flux.just("a1"), options().build());
        groups.request(1);
        groups.subscribe("a");

        assertThat(groups.subscribe("a", 0).error.get())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("one subscriber");
    }

    @Test
    void schedulerThatCannotWait_failsInsteadOfHanging() {
        Groups groups = groupBy(
                Flux.just("a1", "a2", "a3"),
                options().bufferSize(1).scheduler(Schedulers.immediate()).build());
        groups.request(1);

        assertThat(groups.error.get()).hasMessageContaining("cheduler");
    }

    @Test
    void context_isSeenByTheSource_andEachGroupHasItsOwnDiscardHook() {
        List<String> seen = new ArrayList<>();
        Groups groups = groupBy(
                Flux.deferContextual(context -> {
                    seen.add(context.get("who"));
                    return Mono.just("a1");
                }),
                options().build());

        assertThat(seen).containsExactly("collector");
        groups.request(1);
        Collector<String> a = groups.subscribe("a", 0);
        a.cancel();
        assertThat(a.discarded).containsExactly("a1");
        assertThat(groups.discarded).isEmpty();
    }

    @Test
    void scan_tellsBoundsAndFill() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().bufferSize(7).build());
        groups.request(1);
        source.next("a1", "a2");

        Scannable group = Scannable.from(groups.last("a"));
        assertThat(group.scan(Attr.CAPACITY)).isEqualTo(7);
        assertThat(group.scan(Attr.BUFFERED)).isEqualTo(2);
        assertThat(Scannable.from(groups.subscription).scan(Attr.PREFETCH)).isEqualTo(256);
        assertThat(groups.last("a")).hasToString("Group(a)");
    }

    @Test
    void frames_areGroupedIntoSources_andDiscardingOneDiscardsItsGroup() {
        TestPublisher<Frame> frames = TestPublisher.create();
        List<Source> sources = new ArrayList<>();
        NestedFlux.groupFrames(frames.flux(), frame -> Frame.text(frame.asText().substring(0, 1)))
                .subscribe(sources::add);
        frames.next(Frame.text("a1"), Frame.text("b1"), Frame.text("a2"));

        Map<String, List<String>> got = new TreeMap<>();
        sources.get(1).discard();
        sources.get(0)
                .frames()
                .subscribe(frame -> got.computeIfAbsent(sources.get(0).header().asText(), k -> new ArrayList<>())
                        .add(frame.asText()));
        frames.next(Frame.text("b2"));

        assertThat(got).containsExactly(Map.entry("a", List.of("a1", "a2")));
        assertThat(sources).extracting(source -> source.header().asText()).containsExactly("a", "b", "b");
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

    @Test
    void badOptions_areRefusedByName() {
        assertThatThrownBy(() -> GroupOptions.builder().bufferSize(0).build()).hasMessageContaining("bufferSize");
        assertThatThrownBy(() -> GroupOptions.builder().maxGroups(0).build()).hasMessageContaining("maxGroups");
        assertThatThrownBy(() -> GroupOptions.builder().prefetch(-3).build()).hasMessageContaining("prefetch");
        assertThatThrownBy(() ->
                        GroupOptions.builder().acceptTimeout(Duration.ZERO).build())
                .hasMessageContaining("acceptTimeout");
        assertThatThrownBy(() -> GroupOptions.builder().whenFull(null)).hasMessageContaining("whenFull");
        assertThatThrownBy(() -> NestedFlux.groupBy(null, Function.identity()))
                .isInstanceOf(NullPointerException.class);
    }
}
