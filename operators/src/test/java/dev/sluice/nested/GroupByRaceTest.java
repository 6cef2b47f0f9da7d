package dev.sluice.nested;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.nested.GroupOptions.WhenFull;
import dev.sluice.nested.GroupOptions.WhenTooMany;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sent = delivered + discarded, and dropped is part of discarded, whatever the threads do. */
class GroupByRaceTest {

    private static final int THREADS = 3;

    private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void stop() {
        executor.shutdownNow();
    }

    /** Subscribes to each group on another thread, and cancels or discards some. */
    private final class Groups extends Collector<Group<Integer, Integer>> {
        final Queue<Collector<Integer>> subscribers = new ConcurrentLinkedQueue<>();
        final boolean restless;
        final Random random;

        Groups(boolean restless, long seed) {
            this.restless = restless;
            this.random = new Random(seed);
        }

        @Override
        void on(Group<Integer, Integer> group) {
            int choice = restless ? random.nextInt(4) : 0;
            int cancelAt = choice == 1 ? random.nextInt(20) : Integer.MAX_VALUE;
            executor.execute(() -> {
                if (choice == 2) {
                    group.discard();
                    return;
                }
                Collector<Integer> below = new Collector<>() {
                    @Override
                    void on(Integer element) {
                        if (elements.size() >= cancelAt) {
                            cancel();
                        }
                    }
                };
                subscribers.add(below);
                group.subscribe(below);
                below.request(choice == 3 ? 5 : 1).request(Long.MAX_VALUE);
            });
        }
    }

    @ParameterizedTest
    @EnumSource(WhenFull.class)
    void race_ofSubscribers_neverLosesOrDoubles_andKeepsEachGroupsOrder(WhenFull policy) throws Exception {
        Random random = new Random(11);
        for (int round = 0; round < 150; round++) {
            AtomicLong dropped = new AtomicLong();
            Faucet source = new Faucet(0, 400, executor);
            Groups groups = new Groups(false, round);
            NestedFlux.<Integer, Integer>groupBy(source, i -> i % 5, options(random, policy, dropped))
                    .subscribe(groups);
            groups.request(Long.MAX_VALUE);

            assertThat(groups.awaitEnd()).isTrue();
            MergeRaceContract.quiesce(executor, THREADS);
            assertThat(groups.error.get()).isNull();
            assertConserved(source, groups, round);
            assertThat(dropped).as("dropped").hasValue(discarded(groups));
            if (policy == WhenFull.WAIT) {
                assertThat(dropped).hasValue(0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(WhenFull.class)
    void race_ofCancels_neverLosesOrDoubles(WhenFull policy) throws Exception {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            Faucet source = new Faucet(0, 400, executor);
            Groups groups = new Groups(true, round);
            NestedFlux.<Integer, Integer>groupBy(source, i -> i % 5, options(random, policy, new AtomicLong()))
                    .subscribe(groups);
            groups.request(3).request(Long.MAX_VALUE);
            if (random.nextBoolean()) {
                for (int spins = random.nextInt(20_000); spins > 0; spins--) {
                    Thread.onSpinWait();
                }
                groups.cancel();
            } else {
                assertThat(groups.awaitEnd()).isTrue();
            }
            MergeRaceContract.quiesce(executor, THREADS);
            groups.elements.forEach(Group::discard);
            MergeRaceContract.quiesce(executor, THREADS);

            assertConserved(source, groups, round);
        }
    }

    private static GroupOptions options(Random random, WhenFull policy, AtomicLong dropped) {
        return GroupOptions.builder()
                .prefetch(1 + random.nextInt(40))
                .bufferSize(1 + random.nextInt(8))
                .whenFull(policy)
                .maxGroups(3 + random.nextInt(4))
                .whenTooMany(WhenTooMany.COMPLETE_LEAST_ACTIVE)
                .onDrop(drop -> dropped.addAndGet(drop.count()))
                .build();
    }

    private static long discarded(Groups groups) {
        return groups.discarded.size()
                + groups.subscribers.stream().mapToLong(s -> s.discarded.size()).sum();
    }

    private static void assertConserved(Faucet source, Groups groups, int round) {
        List<Object> seen = new ArrayList<>(groups.discarded);
        for (Collector<Integer> subscriber : groups.subscribers) {
            assertThat(subscriber.violations).as("overlapping signals").hasValue(0);
            assertThat(subscriber.got()).as("order in round %d", round).isSorted();
            seen.addAll(subscriber.elements);
            seen.addAll(subscriber.discarded);
        }
        assertThat(groups.violations).hasValue(0);
        assertThat(seen)
                .as("round %d: everything sent was delivered or discarded, once", round)
                .hasSize(source.sent.get())
                .doesNotHaveDuplicates();
    }
}
