package dev.sluice.rsocket.channel;

import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What a sender was given and has not accepted takes up, taken from a budget. Not thread safe. */
final class Claim {

    private final Budget budget;
    private final ArrayDeque<Integer> sizes = new ArrayDeque<>();
    private long accepted;
    private boolean ended;

    Claim(Budget budget) {
        this.budget = budget;
    }

    /**
     * The next element is given.
     *
     * @return why it must not be; null when it may
     */
    @Nullable Throwable add(int bytes) {
        if (ended || budget.take(bytes)) {
            sizes.add(ended ? 0 : bytes);
            return null;
        }
        return Failures.of(
                Code.LIMIT,
                "more than " + budget.most()
                        + " bytes of one client wait to be accepted, or four times that of all clients: use fewer sendAll at a time, or"
                        + " raise waitingBytes there");
    }

    /** So many were accepted, of all that were given. */
    void accepted(long count) {
        long bytes = 0;
        for (; accepted < count && !sizes.isEmpty(); accepted++) {
            bytes += sizes.remove();
        }
        if (bytes > 0) {
            budget.give(bytes);
        }
    }

    /** Nothing is held any more. */
    void end() {
        ended = true;
        accepted(Long.MAX_VALUE);
    }
}
