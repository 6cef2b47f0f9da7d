package dev.sluice.nested;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.nested.GroupOptions.WhenFull;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.publisher.TestPublisher;

/** What happens when a group is full and somebody waits for it. */
class GroupByFullTest extends GroupByHarness {

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
    void schedulerThatCannotWait_failsInsteadOfHanging() {
        Groups groups = groupBy(
                Flux.just("a1", "a2", "a3"),
                options().bufferSize(1).scheduler(Schedulers.immediate()).build());
        groups.request(1);

        assertThat(groups.error.get()).hasMessageContaining("cheduler");
    }

    @Test
    void acceptTimeoutBeyondAllMeasure_isAsGoodAsForEver() {
        Groups groups = groupBy(
                Flux.just("a1", "a2", "b1"),
                options()
                        .bufferSize(1)
                        .acceptTimeout(Duration.ofSeconds(Long.MAX_VALUE))
                        .build());
        groups.request(5);
        time.advanceTimeBy(Duration.ofDays(1000));

        assertThat(groups.keys()).containsExactly("a");
        assertThat(groups.subscribe("a").got()).containsExactly("a1", "a2");
        assertThat(groups.keys()).containsExactly("a", "b");
    }
}
