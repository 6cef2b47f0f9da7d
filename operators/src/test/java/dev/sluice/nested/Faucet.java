package dev.sluice.nested;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Operators;

/** Sends numbered elements from an executor's threads, exactly as asked, and remembers what it was asked for. */
final class Faucet implements Publisher<Integer> {

    final AtomicLong asked = new AtomicLong();
    final AtomicInteger sent = new AtomicInteger();
    final AtomicBoolean cancelled = new AtomicBoolean();
    final AtomicInteger subscriptions = new AtomicInteger();

    private final int first;
    private final int count;
    private final Executor executor;

    Faucet(int first, int count, Executor executor) {
        this.first = first;
        this.count = count;
        this.executor = executor;
    }

    /** Sends on the thread that asks. */
    static Faucet direct(int first, int count) {
        return new Faucet(first, count, Runnable::run);
    }

    @Override
    public void subscribe(Subscriber<? super Integer> subscriber) {
        subscriptions.incrementAndGet();
        subscriber.onSubscribe(new Flow(subscriber));
    }

    private final class Flow implements Subscription, Runnable {

        private final Subscriber<? super Integer> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private final AtomicInteger wip = new AtomicInteger();
        private int next;
        private boolean ended;

        Flow(Subscriber<? super Integer> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            asked.accumulateAndGet(n, Operators::addCap);
            demand.accumulateAndGet(n, Operators::addCap);
            wake();
        }

        @Override
        public void cancel() {
            cancelled.set(true);
        }

        private void wake() {
            if (wip.getAndIncrement() == 0) {
                executor.execute(this);
            }
        }

        @Override
        public void run() {
            int missed = 1;
            do {
                long limit = demand.get();
                while (!cancelled.get() && next < count && next < limit) {
                    int element = first + next++;
                    sent.incrementAndGet();
                    subscriber.onNext(element);
                }
                if (next == count && !ended && !cancelled.get()) {
                    ended = true;
                    subscriber.onComplete();
                }
                missed = wip.addAndGet(-missed);
            } while (missed != 0);
        }
    }
}
