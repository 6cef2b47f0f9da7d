package dev.sluice.perf.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** The consumers of one invocation: counts what arrives, and waits for all of them. */
final class Arrivals {
    private static final long PATIENCE_SECONDS = 60;

    private final CountDownLatch ends;
    private final LongAdder arrived = new LongAdder();
    private volatile @Nullable Throwable failure;

    Arrivals(int consumers) {
        this.ends = new CountDownLatch(consumers);
    }

    /** A consumer that asks for everything. */
    CoreSubscriber<Payload> eager() {
        return new Counter(Long.MAX_VALUE);
    }

    /** A consumer that asks for one message at a time, after it has seen the one before. */
    CoreSubscriber<Payload> oneByOne() {
        return new Counter(1);
    }

    /** A consumer has seen its last message. */
    void end(long count) {
        arrived.add(count);
        ends.countDown();
    }

    void fail(Throwable cause) {
        failure = cause;
        ends.countDown();
    }

    /** Waits for all consumers; fails unless as many messages have arrived. */
    void await(long expected) {
        try {
            if (!ends.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("waited " + PATIENCE_SECONDS + " s for the last message in vain");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while messages were moving", e);
        }
        if (failure != null) {
            throw new IllegalStateException("a consumer failed", failure);
        }
        if (arrived.sum() != expected) {
            throw new IllegalStateException(expected + " messages were sent and " + arrived.sum() + " arrived");
        }
    }

    private final class Counter implements CoreSubscriber<Payload> {
        private final long demand;
        private @Nullable Subscription upstream;
        private @Nullable Payload last;
        private long count;

        Counter(long demand) {
            this.demand = demand;
        }

        @Override
        public void onSubscribe(Subscription s) {
            upstream = s;
            s.request(demand);
        }

        @Override
        public void onNext(Payload message) {
            last = message;
            count++;
            Subscription s = upstream;
            if (demand == 1 && s != null) {
                s.request(1);
            }
        }

        @Override
        public void onError(Throwable cause) {
            fail(cause);
        }

        @Override
        public void onComplete() {
            end(last == null ? 0 : count);
        }
    }
}
