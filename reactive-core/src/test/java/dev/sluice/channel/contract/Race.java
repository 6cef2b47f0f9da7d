package dev.sluice.channel.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs parts of a test at the same time. */
final class Race implements AutoCloseable {

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final List<Future<?>> background = new ArrayList<>();
    private volatile boolean over;

    /** Repeats a step until {@link #close()}. */
    void meanwhile(Runnable step) {
        background.add(pool.submit(() -> {
            while (!over) {
                step.run();
            }
        }));
    }

    /** Runs all parts at once, waits for them, and returns what they gave. */
    <R> List<R> together(List<Callable<R>> parts) throws Exception {
        CyclicBarrier start = new CyclicBarrier(parts.size());
        List<Future<R>> running = new ArrayList<>();
        for (Callable<R> part : parts) {
            running.add(pool.submit(() -> {
                start.await();
                return part.call();
            }));
        }
        List<R> results = new ArrayList<>();
        for (Future<R> result : running) {
            results.add(result.get(Fixture.LONG.toSeconds(), TimeUnit.SECONDS));
        }
        return results;
    }

    /** Ends what runs meanwhile, and reports if it failed. */
    @Override
    public void close() throws ExecutionException {
        over = true;
        pool.shutdown();
        try {
            for (Future<?> task : background) {
                task.get();
            }
        } catch (InterruptedException interrupted) {
            pool.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
