package dev.sluice.nested;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.nested.GroupOptions.WhenFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.test.publisher.TestPublisher;

/** How groups end: by cancel, by errors, by bad input. */
class GroupByEndTest extends GroupByHarness {

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
    void requestOfZeroWithinTheLastGroup_failsInsteadOfCompleting() {
        Collector<Group<String, String>> groups = new Collector<>() {
            @Override
            void on(Group<String, String> group) {
                request(0);
            }
        };
        NestedFlux.<String, String>groupBy(Flux.just("a1"), e -> e, options().build())
                .subscribe(groups);

        groups.request(1);

        assertThat(groups.error.get()).isInstanceOf(IllegalArgumentException.class);
        assertThat(groups.terminals).hasValue(1);
    }

    @Test
    void requestOfZeroBeforeTheSourceCompletes_failsEverything() {
        TestPublisher<String> source = TestPublisher.create();
        Collector<Group<String, String>> groups = new Collector<>() {
            @Override
            void on(Group<String, String> group) {
                request(0);
                source.complete();
            }
        };
        NestedFlux.<String, String>groupBy(source, e -> e, options().build()).subscribe(groups);
        source.next("a1");

        groups.request(1);

        assertThat(groups.error.get()).isInstanceOf(IllegalArgumentException.class);
        Collector<String> a = new Collector<>();
        groups.got().get(0).subscribe(a);
        a.request(1);
        assertThat(a.got()).containsExactly("a1");
        assertThat(a.error.get()).isSameAs(groups.error.get());
    }

    @Test
    void requestOfZeroWithinAGroupsLastElement_failsThatGroup() {
        Collector<String> a = new Collector<>() {
            @Override
            void on(String element) {
                request(0);
            }
        };
        Groups groups = groupBy(Flux.just("a1"), options().build());
        groups.request(1);
        groups.last("a").subscribe(a);

        a.request(1);

        assertThat(a.got()).containsExactly("a1");
        assertThat(a.error.get()).isInstanceOf(IllegalArgumentException.class);
        assertThat(a.terminals).hasValue(1);
    }

    @Test
    void sourceThatIgnoresDemand_failsWithAnOverflow() {
        List<Subscriber<? super String>> source = new ArrayList<>();
        Groups groups = groupBy(source::add, options().prefetch(8).bufferSize(1).build());
        source.get(0).onSubscribe(new NoSubscription());
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
