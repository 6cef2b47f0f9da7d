package dev.sluice.rsocket.session;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds the other side to a number of bytes a second: beyond, the connection is not read for the rest of the second, so that TCP slows it down.
 * All on the event loop.
 *
 * <p>A second begins with the first batch after the last one has ended. A batch is never cut, so a second may have one too many.
 */
final class Valve {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Session session;
    private final Link link;
    private final long bytesPerSecond;
    private long second = System.nanoTime() - SECOND;
    private long bytes;
    private @Nullable Runnable timer;

    Valve(Session session, Link link, long bytesPerSecond) {
        this.session = session;
        this.link = link;
        this.bytesPerSecond = bytesPerSecond;
    }

    void received(int more) {
        session.traffic().received(more);
        if (bytesPerSecond == Long.MAX_VALUE) {
            return;
        }
        long now = System.nanoTime();
        if (now - second >= SECOND) {
            second = now;
            bytes = 0;
        }
        bytes += more;
        if (bytes >= bytesPerSecond && timer == null) {
            link.reading(false);
            session.traffic().valve.set(true);
            timer = session.schedule(this::open, Math.max(1, second + SECOND - now));
        }
    }

    private void open() {
        timer = null;
        link.reading(true);
        session.traffic().valve.set(false);
    }

    /** Whoever uses the connection next finds it open. */
    void close() {
        Runnable waiting = timer;
        if (waiting != null) {
            waiting.run();
            open();
        }
    }
}
