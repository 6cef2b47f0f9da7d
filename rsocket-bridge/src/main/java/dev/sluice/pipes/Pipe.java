package dev.sluice.pipes;

import dev.sluice.directory.GroupEntry;
import dev.sluice.directory.GroupTerms;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a destination has for one group: a consumer group of its channel. Used by the destination's worker, but for
 * members who connect and leave, which they do from any thread.
 */
final class Pipe {

    private static final int GONE = -1;

    final String group;
    final GroupTerms terms;

    /** Tells it from a later one of the same group. */
    final String origin;

    /** Members that are connected; {@link #GONE} from when it was given up. */
    private final AtomicInteger receivers = new AtomicInteger();

    /** The group as the directory showed it last; null when it does not show it. */
    @Nullable GroupEntry entry;

    /** The directory is asked whether it may be given up. */
    boolean expiring;

    /** How long it stays at least when the directory has lost it, so that those who were in it can come back. */
    private final long graceNanos;

    /** Whether it had no members when it was looked at last, and since when. */
    private boolean alone = true;

    private long aloneSince;

    /** When a member that was connected left last; between two looks members may come and go. */
    private volatile long left;

    Pipe(String group, GroupTerms terms, String origin, long graceNanos, long now) {
        this.graceNanos = graceNanos;
        this.group = group;
        this.terms = terms;
        this.origin = origin;
        this.aloneSince = now;
        this.left = now;
    }

    /** A member connects; false when the pipe was given up. */
    boolean enter() {
        return receivers.getAndUpdate(count -> count == GONE ? GONE : count + 1) != GONE;
    }

    /** A member that was connected leaves; true when it was the last. */
    boolean leave(long now) {
        left = now;
        return receivers.decrementAndGet() == 0;
    }

    /** Gives it up, unless a member is connected. */
    boolean giveUp() {
        return receivers.compareAndSet(0, GONE);
    }

    /** Looks whether there are members, connected or in the directory; gives for how many nanoseconds it may still stay without any. */
    long timeLeft(long now) {
        return timeLeft(now, entry == null ? graceNanos : 0);
    }

    /** The same, as one whose end the directory has agreed to, and has not just lost. */
    long timeLeftAgreed(long now) {
        return timeLeft(now, 0);
    }

    private long timeLeft(long now, long atLeast) {
        GroupEntry known = entry;
        if (receivers.get() > 0 || (known != null && !known.members().isEmpty())) {
            alone = false;
            return Long.MAX_VALUE;
        }
        if (!alone) {
            alone = true;
            aloneSince = now;
        }
        long since = left - aloneSince > 0 ? left : aloneSince;
        return Math.max(terms.expiry().toNanos(), atLeast) - (now - since);
    }
}
