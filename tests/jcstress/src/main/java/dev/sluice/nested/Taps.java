package dev.sluice.nested;

import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** A publisher that lets the test give its signals by hand, and has no use for demand. */
final class Taps<T> implements Publisher<T>, Subscription {

    /** Has no stack trace: to fill one in takes longer than the race. */
    private static final class Gone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Gone() {
            super("gone", null, false, false);
        }
    }

    private final Gone gone = new Gone();
    private volatile Subscriber<? super T> subscriber;

    @Override
    public void subscribe(Subscriber<? super T> whom) {
        subscriber = whom;
        whom.onSubscribe(this);
    }

    void next(T element) {
        subscriber.onNext(element);
    }

    void fail() {
        subscriber.onError(gone);
    }

    void complete() {
        subscriber.onComplete();
    }

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
}
