package dev.sluice.channel.memory;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * The time as a clock tells it. The clock is the only foreign code that is asked under a lock, and only where elements are
 * retained by age. One that throws must not leave a change half made, so it counts as standing still, and is reported
 * once.
 */
final class Time {
    private static final Logger LOG = LoggerFactory.getLogger(Time.class);

    private final Scheduler clock;
    private volatile long last;
    private volatile boolean broken;

    Time(Scheduler clock) {
        this.clock = clock;
    }

    /** Nanoseconds. */
    long now() {
        try {
            long now = clock.now(TimeUnit.NANOSECONDS);
            last = now;
            return now;
        } catch (RuntimeException e) {
            if (!broken) {
                broken = true;
                LOG.warn("The clock {} of a channel does not tell the time: it counts as standing still", clock, e);
            }
            return last;
        }
    }
}
