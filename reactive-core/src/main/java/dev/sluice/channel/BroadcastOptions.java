package dev.sluice.channel;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What a {@linkplain Channels#broadcast(String, dev.sluice.Frame, BroadcastOptions) broadcast} does about channels that
 * have no room. Immutable.
 */
public final class BroadcastOptions {

    /** Waits for nobody: a channel without room is reported {@link BroadcastResult.Outcome#FULL}. The default. */
    public static final BroadcastOptions NO_WAIT = new BroadcastOptions(false, null, Schedulers.parallel());

    /** Waits for every channel until it has room, is closed, or the broadcast is cancelled. */
    public static final BroadcastOptions WAIT = new BroadcastOptions(true, null, Schedulers.parallel());

    private final boolean waits;
    private final @Nullable Duration timeout;
    private final Scheduler clock;

    private BroadcastOptions(boolean waits, @Nullable Duration timeout, Scheduler clock) {
        this.waits = waits;
        this.timeout = timeout;
        this.clock = clock;
    }

    /**
     * Waits for every channel, at most so long for all of them together; a channel without room until then is reported
     * {@link BroadcastResult.Outcome#TIMED_OUT} and gets nothing.
     *
     * @param timeout more than zero
     * @return the options
     */
    public static BroadcastOptions waitFor(Duration timeout) {
        return waitFor(timeout, Schedulers.parallel());
    }

    /**
     * Like {@link #waitFor(Duration)} on another clock.
     *
     * @param timeout more than zero
     * @param clock tells the time
     * @return the options
     */
    public static BroadcastOptions waitFor(Duration timeout, Scheduler clock) {
        if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(Durations.LONGEST) > 0) {
            throw new IllegalArgumentException("broadcast timeout must be more than zero and at most "
                    + Durations.LONGEST + ", was " + timeout
                    + ": use BroadcastOptions.NO_WAIT to wait for nobody, or WAIT to wait without limit");
        }
        return new BroadcastOptions(true, timeout, Objects.requireNonNull(clock, "clock"));
    }

    /**
     * Whether the broadcast waits for room.
     *
     * @return false for {@link #NO_WAIT} only
     */
    public boolean waits() {
        return waits;
    }

    /**
     * How long it waits.
     *
     * @return null when there is no limit
     */
    public @Nullable Duration timeout() {
        return timeout;
    }

    /**
     * What tells the time for {@link #timeout()}.
     *
     * @return the clock
     */
    public Scheduler clock() {
        return clock;
    }
}
