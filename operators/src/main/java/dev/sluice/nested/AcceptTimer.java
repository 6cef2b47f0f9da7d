package dev.sluice.nested;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Measures how long somebody has been waited for.
 *
 * <p>Waits come and go with every slow moment of a consumer, so a wait starts no timer of its own: one task runs at a
 * time, and each wait has a number. If the task, when it is due, finds the very wait it was started for, that has lasted
 * the whole timeout. If it finds a younger one it starts anew for that. So a wait is noticed after one timeout at the
 * earliest and two at the latest, without reading a clock.
 *
 * <p>Owned by the drain of {@link GroupRouter}, but for the two flags that the scheduler's thread raises before it enters
 * that drain.
 */
final class AcceptTimer {

    private final Scheduler scheduler;
    private final long nanos;
    private final Drain owner;

    /** false → true by the scheduler, back by the drain. */
    private volatile boolean due;

    /** false → true by the scheduler, back by the drain. */
    private volatile boolean abandonDue;

    // Owned by the drain.
    private @Nullable Object awaited;
    private int wait;
    private int startedFor;
    private @Nullable Disposable task;
    private @Nullable Disposable abandonTask;

    AcceptTimer(GroupOptions options, Drain owner) {
        this.scheduler = options.scheduler();
        // What is longer than 292 years is as good as for ever.
        this.nanos = TimeUnit.NANOSECONDS.convert(options.acceptTimeout());
        this.owner = owner;
    }

    /**
     * Somebody is waited for, now or still.
     *
     * @return null, or why the scheduler cannot measure it
     */
    @Nullable Throwable await(Object whom) {
        if (awaited != whom) {
            awaited = whom;
            wait++;
        }
        return task == null ? start() : null;
    }

    void noWait() {
        awaited = null;
    }

    boolean isDue() {
        return due;
    }

    /** Answers a due task: who was waited for all the time, or null when nobody was. */
    @Nullable Object expired() {
        due = false;
        task = null;
        // A scheduler that refuses now would leave the wait without an end, so the wait ends here.
        if (awaited != null && startedFor != wait && start() == null) {
            return null;
        }
        return awaited;
    }

    /**
     * Nobody asks for groups any more: starts the time in which those given out must find a subscriber.
     *
     * @return null, or why the scheduler cannot measure it
     */
    @Nullable Throwable abandon() {
        try {
            abandonTask = schedule(() -> abandonDue = true);
            return null;
        } catch (RejectedExecutionException refused) {
            return refused;
        }
    }

    /** Whether that time is over; says so once. */
    boolean isAbandonDue() {
        boolean was = abandonDue;
        abandonDue = false;
        return was;
    }

    void dispose() {
        awaited = null;
        if (task != null) {
            task.dispose();
        }
        if (abandonTask != null) {
            abandonTask.dispose();
        }
    }

    private @Nullable Throwable start() {
        try {
            startedFor = wait;
            task = schedule(() -> due = true);
            return null;
        } catch (RejectedExecutionException refused) {
            return refused;
        }
    }

    private Disposable schedule(Runnable flag) {
        return scheduler.schedule(
                () -> {
                    flag.run();
                    owner.drain();
                },
                nanos,
                TimeUnit.NANOSECONDS);
    }
}
