package dev.sluice.rsocket.channel;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Bytes that may be held, for all publishers of a server or for one of them. Thread safe. */
final class Budget {

    private final long most;
    private final @Nullable Budget whole;
    private final AtomicLong held = new AtomicLong();

    private Budget(long most, @Nullable Budget whole) {
        this.most = most;
        this.whole = whole;
    }

    /** For all publishers. */
    static Budget of(long most) {
        return new Budget(most, null);
    }

    /** For one publisher: a quarter, as long as the others leave so much. */
    Budget share() {
        return new Budget(most / 4, this);
    }

    /** Bytes that may be held. */
    long most() {
        return most;
    }

    /** Takes some, unless that is too much. */
    boolean take(long bytes) {
        if (held.addAndGet(bytes) <= most && (whole == null || whole.take(bytes))) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    /** Gives back, or below zero takes more, which is never refused. */
    void give(long bytes) {
        held.addAndGet(-bytes);
        if (whole != null) {
            whole.give(bytes);
        }
    }
}
