package dev.sluice.rsocket.channel;

import dev.sluice.rsocket.ClientOptions;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/**
 * How long to wait before a session is used again, after sessions that ended without having brought anything: a call that ends every session must not
 * be repeated at full speed. Thread safe.
 */
final class Patience {

    private static final int LONGEST_SHIFT = 20;

    private final Duration first;
    private final Duration most;
    private final AtomicInteger fruitless = new AtomicInteger();

    Patience(ClientOptions options) {
        this.first = options.reconnectMin();
        this.most = options.reconnectMax();
    }

    /** Something has come. */
    void reset() {
        if (fruitless.get() != 0) {
            fruitless.set(0);
        }
    }

    /** Completes at once the first time, later and later when nothing comes meanwhile; with jitter, so that clients do not come back all at once. */
    Mono<Void> pause() {
        int before = fruitless.getAndUpdate(count -> Math.min(count + 1, LONGEST_SHIFT));
        if (before == 0) {
            return Mono.empty();
        }
        long nanos = Math.min(most.toNanos(), first.toNanos() << Math.min(before - 1, LONGEST_SHIFT));
        long jittered = nanos / 2 + ThreadLocalRandom.current().nextLong(nanos / 2 + 1);
        return Mono.delay(Duration.ofNanos(jittered)).then();
    }
}
