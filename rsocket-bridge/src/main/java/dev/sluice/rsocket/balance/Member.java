package dev.sluice.rsocket.balance;

import dev.sluice.directory.Instance;
import dev.sluice.rsocket.SluiceClient;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * An instance, and the client that calls it.
 *
 * <p>{@code state} counts the calls it has, and is negative once it is closed. Retiring adds {@link #RETIRED} to the count: from then on it
 * takes no more, and whoever brings the count of a retired one to none closes the client.
 */
final class Member {

    private static final Logger LOG = LoggerFactory.getLogger(Member.class);
    private static final int RETIRED = 1 << 30;
    private static final int CLOSED = -1;

    private final Instance instance;
    private final SluiceClient client;
    private final BalanceOptions options;
    private final AtomicInteger state = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong passedOverUntil = new AtomicLong(Long.MIN_VALUE);

    Member(Instance instance, SluiceClient client, BalanceOptions options) {
        this.instance = instance;
        this.client = client;
        this.options = options;
    }

    Instance instance() {
        return instance;
    }

    SluiceClient client() {
        return client;
    }

    /** Calls it has for each unit of its weight, with one more. */
    double load() {
        return ((state.get() & (RETIRED - 1)) + 1.0) / instance.weight();
    }

    /** Takes a call; false when it is retired. */
    boolean enter() {
        int before = state.getAndUpdate(calls -> isOpen(calls) ? calls + 1 : calls);
        return isOpen(before);
    }

    private static boolean isOpen(int calls) {
        return calls >= 0 && calls < RETIRED;
    }

    /** A call has ended. */
    void leave() {
        if (state.updateAndGet(calls -> calls - 1 == RETIRED ? CLOSED : calls - 1) == CLOSED) {
            close();
        }
    }

    /** Takes no more calls, and closes when it has none. */
    void retire() {
        int before = state.getAndUpdate(calls -> calls == 0 ? CLOSED : isOpen(calls) ? calls + RETIRED : calls);
        if (before == 0) {
            close();
        }
    }

    private void close() {
        client.close().subscribe(nothing -> {}, failure -> LOG.debug("Closing the client of {}", instance, failure));
    }

    /** Closes now, whatever calls it has. */
    Mono<Void> closeNow() {
        state.set(CLOSED);
        return client.close();
    }

    /** It could not be reached, or takes no calls: others are tried for a while, twice as long each time. */
    void failed(long now, Throwable failure) {
        int times = Math.min(failures.getAndIncrement(), 30);
        long wait = Math.min(
                options.passOverMax().toNanos(), saturated(options.passOverMin().toNanos(), times));
        passedOverUntil.set(now + wait);
        LOG.info("Instance {} is passed over for {} ms: {}", instance, wait / 1_000_000, failure.getMessage());
    }

    private static long saturated(long nanos, int times) {
        return nanos > Long.MAX_VALUE >> times ? Long.MAX_VALUE : nanos << times;
    }

    /** It could be reached. */
    void succeeded() {
        failures.set(0);
    }

    /** For how many nanoseconds it is still passed over; 0 or less for none. */
    long passedOverFor(long now) {
        long until = passedOverUntil.get();
        return until == Long.MIN_VALUE ? 0 : until - now;
    }
}
