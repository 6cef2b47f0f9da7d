package dev.sluice.switching;

import static dev.sluice.switching.Ends.LONG;
import static dev.sluice.switching.Ends.channel;
import static dev.sluice.switching.Ends.sendNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.channel.Channel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Clocks with a life of their own. */
class ExclusiveLeaseClockTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Channel<Integer> mesh = channel("mesh", 4);
    private final ServiceRegistry<Integer> registry = ServiceRegistry.create();
    private Runnable whenAsked = () -> {};
    private Runnable whenScheduled = () -> {};

    private final class Clock implements Scheduler {
        @Override
        public long now(TimeUnit unit) {
            once(whenAsked);
            return time.now(unit);
        }

        private void once(Runnable action) {
            whenAsked = () -> {};
            whenScheduled = () -> {};
            action.run();
        }

        @Override
        public Disposable schedule(Runnable task) {
            return time.schedule(task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            once(whenScheduled);
            return time.schedule(task, delay, unit);
        }

        @Override
        public Worker createWorker() {
            return time.createWorker();
        }
    }

    private ExclusiveLease<Integer> lease() {
        LeaseOptions<Integer> options = LeaseOptions.<Integer>builder()
                .clock(new Clock())
                .ttl(Duration.ofSeconds(3))
                .build();
        return registry.exclusive(mesh, "updater", options).block(LONG);
    }

    @Test
    void renew_whileAnotherSchedules_doesNotLoseTheTimer() {
        ExclusiveLease<Integer> lease = lease();
        // After now() of the outer call, for now() would use it up.
        whenAsked = () -> whenScheduled = () -> lease.renew().block(LONG);

        lease.renew().block(LONG);
        time.advanceTimeBy(Duration.ofSeconds(3));

        assertThat(lease.ended().block(LONG)).isEqualTo(LeaseEnd.EXPIRED);
        sendNow(mesh, 1);
    }

    @Test
    void clock_thatThrows_leavesTheChannelToOthers() {
        whenAsked = () -> {
            throw new IllegalStateException("broken");
        };

        ExclusiveLease<Integer> lease = lease();

        assertThat(lease.ended().block(LONG)).isEqualTo(LeaseEnd.EXPIRED);
        sendNow(mesh, 1);
    }

    @Test
    void renew_whoseClockThrows_leavesTheTimeAsItWas() {
        ExclusiveLease<Integer> lease = lease();
        whenAsked = () -> {
            throw new IllegalStateException("broken");
        };

        assertThatThrownBy(() -> lease.renew().block(LONG)).hasMessage("broken");

        time.advanceTimeBy(Duration.ofSeconds(3));
        assertThat(lease.ended().block(LONG)).isEqualTo(LeaseEnd.EXPIRED);
    }

    @Test
    void clock_thatAsksTheRegistry_isAnswered() {
        whenAsked = () -> assertThat(registry.services()).isEmpty();

        assertThat(lease().remaining()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void sender_whoseNameAsksTheRegistry_canBeRegistered() {
        Remote remote = new Remote() {
            @Override
            public String toString() {
                return "one of " + registry.services().size();
            }
        };

        registry.register("service", remote);

        assertThat(registry.services().get(0).destination()).isEqualTo("one of 0");
    }
}
