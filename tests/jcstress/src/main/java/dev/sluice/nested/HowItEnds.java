package dev.sluice.nested;

import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** A subscriber that remembers its end, asks for nothing by itself, and lets the elements go. */
final class HowItEnds<T> implements CoreSubscriber<T> {

    private final AtomicReference<String> end = new AtomicReference<>("open");
    private volatile Subscription subscription;

    @Override
    public void onSubscribe(Subscription s) {
        subscription = s;
    }

    @Override
    public void onNext(T element) {}

    @Override
    public void onError(Throwable failure) {
        end("failed");
    }

    @Override
    public void onComplete() {
        end("completed");
    }

    private void end(String how) {
        end.accumulateAndGet(how, (before, now) -> before.equals("open") ? now : before + " and " + now);
    }

    void request(long n) {
        subscription.request(n);
    }

    /** {@code open}, {@code failed}, {@code completed}, or more than one end, which is one too many. */
    @Override
    public String toString() {
        return end.get();
    }
}
