package dev.sluice.rsocket.outlet;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Virtual time of its own, that knows which timers run. */
final class Clock implements Scheduler {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Set<Disposable> timers = ConcurrentHashMap.newKeySet();

    void advance(Duration by) {
        time.advanceTimeBy(by);
    }

    int timers() {
        return timers.size();
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Disposable.Composite timer = Disposables.composite();
        timer.add(time.schedule(
                () -> {
                    timers.remove(timer);
                    task.run();
                },
                delay,
                unit));
        timer.add(() -> timers.remove(timer));
        timers.add(timer);
        return timer;
    }

    @Override
    public Disposable schedule(Runnable task) {
        return time.schedule(task);
    }

    @Override
    public Worker createWorker() {
        return time.createWorker();
    }

    @Override
    public void dispose() {
        time.dispose();
    }
}
