package dev.sluice.rsocket.outlet;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** A time an outlet is held by nobody. Its start may come late, behind its {@link #stop}: then it runs no timer. */
final class IdleTime {

    private final Disposable.Swap timer = Disposables.swap();

    /** Has something done when it is over; at once when the clock has stopped, as nobody would do it later. */
    void start(Scheduler clock, Duration time, Runnable over) {
        try {
            timer.update(clock.schedule(over, time.toNanos(), TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException stopped) {
            over.run();
        }
    }

    void stop() {
        timer.dispose();
    }
}
