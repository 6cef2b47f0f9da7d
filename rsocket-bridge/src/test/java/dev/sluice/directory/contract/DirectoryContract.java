package dev.sluice.directory.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.directory.Directory;
import dev.sluice.directory.DirectoryClosedException;
import dev.sluice.directory.Instance;
import dev.sluice.directory.Registration;
import dev.sluice.directory.Scheme;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What every directory promises that takes registrations. */
public abstract class DirectoryContract extends LookupContract {

    private final Instance a = Instance.of(Scheme.RSOCKET, "a", 7000).withMetadata(Map.of("zone", "north"));
    private final Instance b = Instance.of(Scheme.WSS, "b", 443).withWeight(3);

    @SuppressWarnings("NullAway.Init") // opened before each test
    private Directory holder;

    @SuppressWarnings("NullAway.Init")
    private Directory other;

    /** The engine under test, the same for all of one test. */
    protected abstract DirectoryEngine engine();

    @BeforeEach
    void openTwo() {
        holder = engine().open();
        other = engine().open();
    }

    @AfterEach
    void closeBoth() {
        holder.close().block(LONG);
        other.close().block(LONG);
    }

    @Override
    protected final Directory having(Set<Instance> instances) {
        instances.forEach(instance -> register(other, "s", instance));
        return engine().open();
    }

    private static Registration register(Directory directory, String service, Instance instance) {
        return Objects.requireNonNull(directory.register(service, instance, TTL).block(LONG));
    }

    private static Set<Instance> now(Directory directory, String service) {
        return Objects.requireNonNull(directory.instances(service).block(LONG));
    }

    private static final class Seen implements AutoCloseable {
        final List<Set<Instance>> sets = new CopyOnWriteArrayList<>();
        final List<Throwable> errors = new CopyOnWriteArrayList<>();
        private final Disposable subscription;

        Seen(Directory directory, String service) {
            subscription = directory.watch(service).subscribe(sets::add, errors::add);
            await().until(() -> !sets.isEmpty());
        }

        void awaitLatest(Set<Instance> wanted) {
            await().untilAsserted(() -> assertThat(sets.get(sets.size() - 1)).isEqualTo(wanted));
        }

        @Override
        public void close() {
            subscription.dispose();
        }
    }

    @Test
    void register_isSeenByOthersWithAllItSays() {
        Registration registration = register(holder, "s", a);
        register(holder, "s", b);

        assertThat(now(other, "s")).containsExactlyInAnyOrder(a, b);
        assertThat(registration.service()).isEqualTo("s");
        assertThat(registration.instance()).isEqualTo(a);
    }

    @Test
    void register_isLazyAndHappensForEachSubscriber() {
        Mono<Registration> lazy = holder.register("s", a, TTL);
        assertThat(now(other, "s")).isEmpty();

        lazy.flatMap(Registration::withdraw).block(LONG);
        lazy.block(LONG);

        assertThat(now(other, "s")).containsExactly(a);
    }

    @Test
    void register_ofTheSameIdTwice_isRefusedAndTheFirstStays() {
        register(holder, "s", a);

        StepVerifier.create(other.register("s", b.withId(a.id()), TTL))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining(a.id()))
                .verify(LONG);
        assertThat(now(other, "s")).containsExactly(a);
    }

    @Test
    void register_ofTheSameIdForAnotherService_isAnotherInstance() {
        register(holder, "s", a);
        register(holder, "t", a);

        assertThat(other.services().collectList().block(LONG)).containsExactly("s", "t");
    }

    @Test
    void registration_whileItIsHeld_isRenewed() {
        register(holder, "s", a);

        for (int i = 0; i < 5; i++) {
            engine().pass(TTL);
        }

        assertThat(now(other, "s")).containsExactly(a);
    }

    @Test
    void registration_whoseHolderDied_expires() {
        register(holder, "s", a);
        register(other, "s", b);
        try (Seen seen = new Seen(other, "s")) {
            engine().crash(holder);
            engine().pass(TTL.plusSeconds(2));

            seen.awaitLatest(Set.of(b));
        }
    }

    @Test
    void registration_removedFromUnderItsHolder_isPutBack() {
        register(holder, "a/b", a);
        try (Seen seen = new Seen(other, "a/b")) {
            engine().remove("services/a%2Fb/a:7000");
            // Its holder may have put it back by now.
            await().atMost(LONG).untilAsserted(() -> assertThat(seen.sets).contains(Set.of()));

            engine().pass(TTL.dividedBy(2));

            seen.awaitLatest(Set.of(a));
        }
    }

    @Test
    void registration_whenTheEngineHasLostEverything_isPutBack() {
        register(holder, "s", a);
        register(other, "t", b);
        try (Seen seen = new Seen(other, "s")) {
            engine().wipe();
            engine().pass(TTL.dividedBy(2));

            await().untilAsserted(() -> {
                assertThat(now(holder, "s")).containsExactly(a);
                assertThat(now(holder, "t")).containsExactly(b);
            });
            seen.awaitLatest(Set.of(a));
            engine().crash(holder);
            engine().pass(TTL.plusSeconds(2));
            seen.awaitLatest(Set.of());
        }
    }

    @Test
    void withdraw_isSeenAtOnceAndFreesTheId() {
        Registration registration = register(holder, "s", a);
        try (Seen seen = new Seen(other, "s")) {
            registration.withdraw().block(LONG);

            seen.awaitLatest(Set.of());
            assertThat(registration.onEnd().blockOptional(LONG)).isEmpty();
            assertThat(other.services().collectList().block(LONG)).isEmpty();
            register(other, "s", a);
            seen.awaitLatest(Set.of(a));
        }
    }

    @Test
    void withdraw_whenItCompletes_hasFreedTheId() {
        Mono<Registration> registering = holder.register("s", a, TTL);

        StepVerifier.create(registering.flatMap(first -> first.withdraw().then(registering)))
                .expectNextCount(1)
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void withdraw_twice_leavesASuccessorAlone() {
        Registration registration = register(holder, "s", a);
        registration.withdraw().block(LONG);
        register(other, "s", a);

        registration.withdraw().block(LONG);

        assertThat(now(holder, "s")).containsExactly(a);
    }

    @Test
    void watch_ofNothing_beginsWithAnEmptySet() {
        try (Seen seen = new Seen(holder, "s")) {
            assertThat(seen.sets).containsExactly(Set.of());
        }
    }

    @Test
    void watch_byMany_showsEachOfThemEveryState() {
        try (Seen first = new Seen(holder, "s");
                Seen second = new Seen(other, "s")) {
            register(holder, "s", a);
            first.awaitLatest(Set.of(a));
            second.awaitLatest(Set.of(a));
            register(other, "s", b);
            first.awaitLatest(Set.of(a, b));
            second.awaitLatest(Set.of(a, b));
            assertThat(first.sets).containsExactly(Set.of(), Set.of(a), Set.of(a, b));
        }
    }

    @Test
    void watch_ofOneService_isSilentAboutOthers() {
        try (Seen watched = new Seen(holder, "s");
                Seen unrelated = new Seen(holder, "t")) {
            register(holder, "t", a);
            unrelated.awaitLatest(Set.of(a));

            assertThat(watched.sets).containsExactly(Set.of());
        }
    }

    @Test
    void watch_bySlowSubscriber_bringsTheLatestSetAndNoneBetween() {
        List<Set<Instance>> got = new CopyOnWriteArrayList<>();
        BaseSubscriber<Set<Instance>> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                subscription.request(1);
            }

            @Override
            protected void hookOnNext(Set<Instance> set) {
                got.add(set);
            }
        };
        holder.watch("s").subscribe(slow);
        await().until(() -> got.size() == 1);
        try (Seen fast = new Seen(holder, "s")) {
            for (int i = 1; i <= 20; i++) {
                register(other, "s", a.withId("a" + i));
            }
            await().until(() -> fast.sets.get(fast.sets.size() - 1).size() == 20);
        }
        assertThat(got).hasSize(1);

        slow.request(5);

        await().untilAsserted(() -> assertThat(got).hasSize(2));
        assertThat(got.get(1)).hasSize(20);
        slow.cancel();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void watch_bySubscriberThatThrows_isOverAndOthersAreTold(int at) {
        AtomicInteger told = new AtomicInteger();
        Raw throwing = new Raw(Long.MAX_VALUE, () -> {
            if (told.incrementAndGet() == at) {
                throw new IllegalStateException("thrown by a test");
            }
        });
        holder.watch("s").subscribe(throwing);
        try (Seen seen = new Seen(holder, "s")) {
            await().until(() -> throwing.sets.get() == 1);

            register(other, "s", a);
            seen.awaitLatest(Set.of(a));
            register(other, "s", b);

            seen.awaitLatest(Set.of(a, b));
            assertThat(throwing.sets).hasValue(at);
        }
    }

    @Test
    void close_withdrawsItsOwnRegistrationsAndNoOthers() {
        Registration mine = register(holder, "s", a);
        register(other, "s", b);

        holder.close().block(LONG);

        await().untilAsserted(() -> assertThat(now(other, "s")).containsExactly(b));
        assertThat(mine.onEnd().blockOptional(LONG)).isEmpty();
    }

    @Test
    void register_afterClose_fails() {
        holder.close().block(LONG);

        StepVerifier.create(holder.register("s", a, TTL))
                .expectError(DirectoryClosedException.class)
                .verify(LONG);
    }
}
