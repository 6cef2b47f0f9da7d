package dev.sluice.rsocket.balance;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The place one call has at a member, so that it is counted once, and given up once however the call ends.
 *
 * <p>{@link #given} says that the call is over: a member that is chosen too late is left at once.
 */
final class Seat {

    private final AtomicReference<@Nullable Member> member = new AtomicReference<>();
    private volatile boolean given;

    /** Takes a place at a member, and gives up the one before; false when the member takes no more. */
    boolean take(Member chosen) {
        if (!chosen.enter()) {
            return false;
        }
        leave(member.getAndSet(chosen));
        if (given) {
            leave(member.getAndSet(null));
        }
        return true;
    }

    /** The member did not take the call; another may. */
    void leave() {
        leave(member.getAndSet(null));
    }

    /** The call is over. */
    void giveUp() {
        given = true;
        leave(member.getAndSet(null));
    }

    private static void leave(@Nullable Member before) {
        if (before != null) {
            before.leave();
        }
    }
}
