package dev.sluice.directory.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.directory.Directory;
import dev.sluice.directory.DirectoryClosedException;
import dev.sluice.directory.Instance;
import dev.sluice.directory.Scheme;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.StepVerifier;

/** What every directory promises to who looks, those that take no registrations included. */
public abstract class LookupContract {

    static final Duration LONG = Duration.ofSeconds(20);
    static final Duration TTL = Duration.ofSeconds(3);

    private final Set<Instance> both =
            Set.of(Instance.of(Scheme.RSOCKET, "a", 7000), Instance.of(Scheme.WSS, "b", 443));

    @SuppressWarnings("NullAway.Init") // opened by a test
    private Directory looking;

    /** A directory in which the service {@code s} has these instances. */
    protected abstract Directory having(Set<Instance> instances);

    private Directory look() {
        looking = having(both);
        return looking;
    }

    @AfterEach
    void closeIt() {
        if (looking != null) {
            looking.close().block(LONG);
        }
    }

    /** Asks for as much as it is made with, and does as it is told with each set. */
    static final class Raw implements CoreSubscriber<Set<Instance>> {
        final List<Throwable> errors = new CopyOnWriteArrayList<>();
        final AtomicInteger sets = new AtomicInteger();
        private final long demand;
        private final Runnable each;

        Raw(long demand, Runnable each) {
            this.demand = demand;
            this.each = each;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(demand);
        }

        @Override
        public void onNext(Set<Instance> set) {
            sets.incrementAndGet();
            each.run();
        }

        @Override
        public void onError(Throwable error) {
            errors.add(error);
        }

        @Override
        public void onComplete() {
            throw new IllegalStateException("a watch does not complete");
        }
    }

    @Test
    void instances_areThoseThereAre() {
        assertThat(look().instances("s").block(LONG)).isEqualTo(both);
    }

    @Test
    void watch_beginsWithTheInstancesThereAre_forEachSubscriber() {
        Directory directory = look();

        for (int i = 0; i < 2; i++) {
            assertThat(directory.watch("s").blockFirst(LONG)).isEqualTo(both);
        }
    }

    @Test
    void watch_bringsNothingThatNobodyAskedFor() {
        List<Set<Instance>> got = new CopyOnWriteArrayList<>();
        BaseSubscriber<Set<Instance>> patient = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(Set<Instance> set) {
                got.add(set);
            }
        };
        Directory directory = look();
        directory.watch("s").subscribe(patient);
        directory.instances("s").block(LONG);
        assertThat(got).isEmpty();

        patient.request(1);

        await().until(() -> got.size() == 1);
        patient.cancel();
    }

    @Test
    void watch_askedForNothing_fails() {
        Raw subscriber = new Raw(0, () -> {});

        look().watch("s").subscribe(subscriber);

        await().until(() -> !subscriber.errors.isEmpty());
        assertThat(subscriber.errors)
                .singleElement()
                .satisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("3.9"));
        assertThat(subscriber.sets).hasValue(0);
    }

    @Test
    void sets_areUnmodifiable() {
        Directory directory = look();

        for (Set<Instance> set : List.of(
                Objects.requireNonNull(directory.instances("s").block(LONG)),
                Objects.requireNonNull(directory.watch("s").blockFirst(LONG)))) {
            assertThatThrownBy(set::clear).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void names_outOfBounds_areRefused() {
        Directory directory = look();

        assertThatThrownBy(() -> directory.watch(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("service");
        assertThatThrownBy(() -> directory.instances("x".repeat(256))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> directory.register("", Instance.of(Scheme.WS, "c", 1), TTL))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> directory.destinations().watch("")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void register_withATimeToLiveOutOfBounds_isRefused() {
        assertThatThrownBy(() -> look().register("s", Instance.of(Scheme.WS, "c", 1), Duration.ofMillis(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ttl");
    }

    @Test
    void close_failsItsWatchesAndWhateverIsAskedAfterwards() {
        Directory directory = look();
        StepVerifier.create(directory.watch("s"))
                .expectNext(both)
                .then(() -> directory.close().block(LONG))
                .expectError(DirectoryClosedException.class)
                .verify(LONG);

        StepVerifier.create(directory.watch("s"))
                .expectError(DirectoryClosedException.class)
                .verify(LONG);
        StepVerifier.create(directory.instances("s"))
                .expectError(DirectoryClosedException.class)
                .verify(LONG);
        StepVerifier.create(directory.services())
                .expectError(DirectoryClosedException.class)
                .verify(LONG);
        StepVerifier.create(directory.destinations().watchGroups("s"))
                .expectError(DirectoryClosedException.class)
                .verify(LONG);
        directory.close().block(LONG);
    }
}
