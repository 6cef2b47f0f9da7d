package dev.sluice.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.DirectoryUnavailableException;
import dev.sluice.directory.contract.DirectoryContract;
import dev.sluice.directory.contract.DirectoryEngine;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The directory in memory, whose time is the test's. */
class MemoryDirectoryTest extends DirectoryContract {

    private static final Instance HERE = Instance.of(Scheme.RSOCKET, "here", 7000);
    private static final Duration TTL = Duration.ofSeconds(3);

    private final MemoryEngine engine = new MemoryEngine();

    @Override
    protected DirectoryEngine engine() {
        return engine;
    }

    @Test
    void registration_ofTheDead_staysForItsTimeToLiveAndNotLonger() {
        Directory dying = engine.open();
        Directory other = engine.open();
        dying.register("s", HERE, TTL).block();
        engine.crash(dying);

        engine.pass(TTL.minusMillis(1));
        assertThat(other.instances("s").block()).containsExactly(HERE);
        engine.pass(Duration.ofMillis(1));
        assertThat(other.instances("s").block()).isEmpty();
    }

    @Test
    void registration_ofAProcessThatStoodStill_endsWithAnError() {
        // Timers fire late, as they do after a machine has slept.
        Late late = new Late(engine.time);
        Directory sleeper = Directory.inMemory(late);
        Registration registration =
                Objects.requireNonNull(sleeper.register("s", HERE, TTL).block());

        late.behind = Duration.ofMinutes(1);
        engine.pass(TTL);

        StepVerifier.create(registration.onEnd())
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(DirectoryUnavailableException.class)
                        .hasMessageContaining("new id"));
        assertThat(sleeper.instances("s").block()).isEmpty();
    }

    @Test
    void lease_whoseRenewalWasOnItsWayWhenItWasReleased_staysReleased() {
        MemoryKeys keys = new MemoryKeys(engine.time);
        Keyspace.Claim claim = new Keyspace.Claim(Map.of("leased", "by me"), Map.of(), Set.of());
        MemoryKeys.Lease lease = keys.hold(claim, TTL.toNanos());
        assertThat(keys.renew(lease)).isTrue();

        keys.release(lease);

        assertThat(keys.renew(lease)).isFalse();
        assertThat(keys.isEmpty()).isTrue();
    }

    @Test
    void keys_withNobodyLeft_keepsNothing() {
        Directory directory = engine.open();
        Disposable watch = directory.watch("s").subscribe();
        directory.register("s", HERE, TTL).flatMap(Registration::withdraw).block();
        watch.dispose();

        assertThat(engine.keys.isEmpty()).isTrue();
    }

    @Test
    void keys_whoseWatcherThrew_keepsNothing() {
        engine.open().watch("s").subscribe(new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(1);
            }

            @Override
            public void onNext(Set<Instance> set) {
                throw new IllegalStateException("thrown by a test");
            }

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onComplete() {}
        });

        assertThat(engine.keys.isEmpty()).isTrue();
    }

    /** A clock that shows a later time than its timers go by. */
    private static final class Late implements Scheduler {
        private final VirtualTimeScheduler timers;
        private Duration behind = Duration.ZERO;

        Late(VirtualTimeScheduler timers) {
            this.timers = timers;
        }

        @Override
        public long now(TimeUnit unit) {
            return timers.now(unit) + unit.convert(behind);
        }

        @Override
        public Disposable schedule(Runnable task) {
            return timers.schedule(task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            // Expiry is as late as the process; who notices first is the renewal.
            return Disposables.disposed();
        }

        @Override
        public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
            return timers.schedulePeriodically(task, initialDelay, period, unit);
        }

        @Override
        public Worker createWorker() {
            return timers.createWorker();
        }
    }
}
