package dev.sluice.rsocket.plain;

import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;

/** Bytes of one connection that are held for it: sends that wait for room in their channels, and bodies of calls that are answered. Thread safe. */
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

    /** A stream that holds so many bytes from its subscription to its end. Without bytes it is never refused. */
    <T> Flux<T> holding(int size, Flux<T> stream) {
        return size == 0
                ? stream
                : Flux.defer(
                        () -> enter(size) ? stream.doFinally(end -> leave(size)) : Flux.error(Refusal.of(refused())));
    }

    /** How many sends of a size one stream may ask for: an eighth of what is left, so that one leaves room for others, and at least one. */
    long share(long size) {
        return Math.max(1, (most - bytes.get()) / 8 / (size + OVERHEAD));
    }

    RuntimeException refused() {
        return Refusal.limit(
                bytes.get() + " bytes of sends that wait for room and of bodies of open calls are held for this"
                        + " connection, at most " + most
                        + " may be: send no faster than the channels are received from, end calls, or raise waitingBytes");
    }
}
