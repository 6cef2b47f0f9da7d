package dev.sluice.rsocket.plain;

import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;

/** Bytes of one connection that are held for it: sends that wait for room in their channels, and bodies of calls that are answered. Thread safe. */
final class Waiting {

    /** What a send takes up besides its bytes. */
    private static final int OVERHEAD = 64;

    private final long most;
    private final AtomicLong bytes = new AtomicLong();

    /** Kept for sends that were invited and have not come. */
    private final AtomicLong reserved = new AtomicLong();

    Waiting(long most) {
        this.most = most;
    }

    /** Counts a send in; false when too many wait already. Over by one at most, so that the longest frame finds its way. */
    boolean enter(int size) {
        if (bytes.get() + reserved.get() >= most) {
            return false;
        }
        bytes.addAndGet((long) size + OVERHEAD);
        return true;
    }

    void leave(int size) {
        bytes.addAndGet(-((long) size + OVERHEAD));
    }

    /** A stream that holds so many bytes from its subscription to its end. Without bytes it is never refused. */
    <T> Flux<T> holding(int size, Flux<T> stream) {
        return size == 0
                ? stream
                : Flux.defer(
                        () -> enter(size) ? stream.doFinally(end -> leave(size)) : Flux.error(Refusal.of(refused())));
    }

    /**
     * Keeps room for sends that a stream invites: for an eighth of what is left at most, so that others have room too, and never for more than
     * half of all, so that invitations nobody accepts shut nobody out.
     *
     * @return for how many there is room, 0 to {@code wanted}
     */
    long reserve(long wanted, long size) {
        long left = Math.min(most / 2 - reserved.get(), most - bytes.get() - reserved.get());
        long granted = Math.max(0, Math.min(wanted, left / 8 / (size + OVERHEAD)));
        reserved.addAndGet(granted * (size + OVERHEAD));
        return granted;
    }

    /** Gives back what was reserved for sends of a size. */
    void giveBack(long sends, long size) {
        reserved.addAndGet(-sends * (size + OVERHEAD));
    }

    /** Counts in what was invited, however much that is. */
    void admit(int size) {
        bytes.addAndGet((long) size + OVERHEAD);
    }

    RuntimeException refused() {
        return Refusal.limit(
                bytes.get() + " bytes of sends that wait for room and of bodies of open calls are held for this"
                        + " connection, at most " + most
                        + " may be: send no faster than the channels are received from, end calls, or raise waitingBytes");
    }
}
