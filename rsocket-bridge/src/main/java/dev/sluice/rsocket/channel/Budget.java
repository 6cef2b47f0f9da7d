package dev.sluice.rsocket.channel;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all publishers of a server hold together. Thread safe. */
final class Budget {

    private final long most;
    private final AtomicLong held = new AtomicLong();

    Budget(long most) {
        this.most = most;
    }

    /** What one publisher may hold of it. */
    long share() {
        return most / 4;
    }

    /** Takes some, unless that is too much. */
    boolean take(long bytes) {
        if (held.addAndGet(bytes) <= most) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    /** Gives back, or takes more of what was taken; never refused. */
    void give(long bytes) {
        held.addAndGet(-bytes);
    }

    /** What is held. */
    long held() {
        return held.get();
    }
}
