package dev.sluice.channel.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What readers that are gone have counted. Thread safe, because one that is gone may still be passing on the elements it
 * was given.
 */
final class Departed {
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong listened = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    void addDelivered(boolean toListener, long count) {
        (toListener ? listened : delivered).getAndAdd(count);
    }

    void addDropped(long count) {
        dropped.getAndAdd(count);
    }

    long delivered() {
        return delivered.get();
    }

    long listened() {
        return listened.get();
    }

    long dropped() {
        return dropped.get();
    }
}
