package dev.sluice.hub.cli;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What event loops, timers and signals leave for the one thread that acts on it.
 *
 * <p>A blocking queue of the JDK has whoever adds wait for the lock of the one who goes to sleep: an event loop must not wait, and an addition that is
 * broken off there wakes nobody, however much is added later. Here to add waits for nothing.
 *
 * @param <T> what is left
 */
final class Inbox<T> {

    private final Queue<T> items = new ConcurrentLinkedQueue<>();

    /** Set before it looks for the last time, so that whoever adds after that look sees whom to wake. */
    private volatile @Nullable Thread sleeper;

    /** Leaves an item. From any thread. */
    void add(T item) {
        items.add(item);
        Thread thread = sleeper;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /** The next item; null when there is none now. */
    @Nullable T poll() {
        return items.poll();
    }

    /** The next item, as soon as there is one. */
    T take() throws InterruptedException {
        while (true) {
            T item = poll(Long.MAX_VALUE);
            if (item != null) {
                return item;
            }
        }
    }

    /** The next item; null when none comes within so many nanoseconds. */
    @Nullable T poll(long nanos) throws InterruptedException {
        long began = System.nanoTime();
        sleeper = Thread.currentThread();
        try {
            while (true) {
                T item = items.poll();
                long left = nanos - (System.nanoTime() - began);
                if (item != null || left <= 0) {
                    return item;
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LockSupport.parkNanos(this, left);
            }
        } finally {
            sleeper = null;
        }
    }
}
