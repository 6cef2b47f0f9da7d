package dev.sluice.rsocket.plain;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes of sends of one connection that wait for room in their channels. Thread safe. */
final class Waiting {

    /** What a send takes up besides its bytes. */
    private static final int OVERHEAD = 64;

    private final long most;
    private final AtomicLong bytes = new AtomicLong();

    Waiting(long most) {
        this.most = most;
    }

    /** Counts a send in; false when too many wait already. Over by one at most, so that the longest frame finds its way. */
    boolean enter(int size) {
        if (bytes.get() >= most) {
            return false;
        }
        bytes.addAndGet((long) size + OVERHEAD);
        return true;
    }

    void leave(int size) {
        bytes.addAndGet(-((long) size + OVERHEAD));
    }

    /** How many sends of a size one stream may ask for: an eighth of what is left, so that one leaves room for others, and at least one. */
    long share(long size) {
        return Math.max(1, (most - bytes.get()) / 8 / (size + OVERHEAD));
    }

    RuntimeException refused() {
        return Refusal.limit("sends of " + bytes.get() + " bytes wait for room on this connection, at most " + most
                + " may: send no faster than the channels are received from, or raise waitingBytes");
    }
}
