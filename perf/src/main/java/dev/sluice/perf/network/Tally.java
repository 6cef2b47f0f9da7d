package dev.sluice.perf.network;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a client takes, and fails when something is missing.
 *
 * <p>All frames of a connection arrive on its event loop, so they are counted in plain fields; {@link #complete} publishes them to
 * the thread in {@link #await}.
 */
final class Tally {
    private final Work work;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private long frames;
    private int sources;
    private long firstAt;

    Tally(Work work) {
        this.work = work;
    }

    /** A frame, as bytes of the application's own. */
    void frame(byte[] bytes) {
        frame(bytes.length, bytes[0], bytes[bytes.length - 1]);
    }

    /** A frame. */
    void frame(int size, byte first, byte last) {
        if (size != work.size() || first != Work.EDGE || last != Work.EDGE) {
            fail(new IllegalStateException("a frame of " + size + " bytes is not the one that was sent"));
        }
        if (frames++ == 0) {
            firstAt = System.nanoTime();
        }
    }

    /** A source has ended; the last one completes. */
    void sourceEnded() {
        if (++sources == work.sources()) {
            complete();
        }
    }

    /** Everything has ended. */
    void complete() {
        ended.countDown();
    }

    void fail(Throwable reason) {
        failure.compareAndSet(null, reason);
        ended.countDown();
    }

    /**
     * Waits until everything has ended.
     *
     * @throws IllegalStateException when it failed, took too long, or something is missing
     */
    void await(Duration limit) throws InterruptedException {
        if (!ended.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("not done after " + limit);
        }
        Throwable reason = failure.get();
        if (reason != null) {
            throw new IllegalStateException("failed: " + reason, reason);
        }
        if (frames != work.allFrames()) {
            throw new IllegalStateException(frames + " frames arrived of " + work.allFrames());
        }
    }

    /** When the first frame arrived, by {@link System#nanoTime()}. */
    long firstAt() {
        return firstAt;
    }
}
