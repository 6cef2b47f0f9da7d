package dev.sluice.nested;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A subscriber that does nothing by itself, keeps what it gets, and notices signals that overlap. */
class Collector<T> implements CoreSubscriber<T> {

    final Queue<T> elements = new ConcurrentLinkedQueue<>();
    final Queue<Object> discarded = new ConcurrentLinkedQueue<>();
    final AtomicReference<Throwable> error = new AtomicReference<>();
    final AtomicInteger terminals = new AtomicInteger();
    final AtomicInteger violations = new AtomicInteger();
    final CountDownLatch terminated = new CountDownLatch(1);
    volatile Subscription subscription;

    private final AtomicReference<Thread> inside = new AtomicReference<>();
    private final Context context = Operators.enableOnDiscard(Context.of("who", "collector"), discarded::add);

    /** What to do on each element; runs within onNext. */
    void on(T element) {}

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription s) {
        subscription = s;
    }

    @Override
    public void onNext(T element) {
        Thread before = inside.getAndSet(Thread.currentThread());
        if ((before != null && before != Thread.currentThread()) || terminals.get() > 0) {
            violations.incrementAndGet();
        }
        elements.add(element);
        on(element);
        inside.set(before);
    }

    @Override
    public void onError(Throwable failure) {
        error.set(failure);
        end();
    }

    @Override
    public void onComplete() {
        end();
    }

    private void end() {
        Thread now = inside.get();
        if (terminals.incrementAndGet() > 1 || (now != null && now != Thread.currentThread())) {
            violations.incrementAndGet();
        }
        terminated.countDown();
    }

    Collector<T> request(long n) {
        subscription.request(n);
        return this;
    }

    void cancel() {
        subscription.cancel();
    }

    boolean isCompleted() {
        return terminals.get() == 1 && error.get() == null;
    }

    boolean awaitEnd() throws InterruptedException {
        return terminated.await(30, TimeUnit.SECONDS);
    }

    List<T> got() {
        return List.copyOf(elements);
    }
}
