package dev.sluice.etcd;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** How long to wait before the next attempt: twice as long each time, up to a limit, and never quite as long as others wait. */
final class Backoff {

    /** What is waited for at most, however long a time to live is. */
    static final long LONGEST = TimeUnit.SECONDS.toNanos(5);

    private final long first;
    private final long most;
    private long next;

    Backoff(long firstNanos, long mostNanos) {
        this.most = Math.min(mostNanos, LONGEST);
        this.first = Math.min(firstNanos, most);
        this.next = first;
    }

    /** Nanoseconds until the next attempt. */
    synchronized long next() {
        long now = next;
        next = Math.min(most, now * 2);
        return now / 2 + ThreadLocalRandom.current().nextLong(now / 2 + 1);
    }

    /** An attempt was good. */
    synchronized void reset() {
        next = first;
    }
}
