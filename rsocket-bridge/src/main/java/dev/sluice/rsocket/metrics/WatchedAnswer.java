package dev.sluice.rsocket.metrics;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/**
 * Passes an answer on as it is, and tells the call how it ended. Whoever produces it finds the call's observation in the context.
 *
 * @param <T> the items
 */
final class WatchedAnswer<T> implements CoreSubscriber<T>, Subscription {

    private final CoreSubscriber<? super T> actual;
    private final OpenCall call;
    private final Context context;
    private @Nullable Subscription upstream;

    WatchedAnswer(CoreSubscriber<? super T> actual, OpenCall call) {
        this.actual = actual;
        this.call = call;
        this.context = Observing.with(actual.currentContext(), call.observation());
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        upstream = subscription;
        actual.onSubscribe(this);
    }

    @Override
    public void onNext(T item) {
        actual.onNext(item);
    }

    @Override
    public void onError(Throwable failure) {
        call.failed(failure);
        actual.onError(failure);
    }

    @Override
    public void onComplete() {
        call.completed();
        actual.onComplete();
    }

    @Override
    public void request(long n) {
        Subscription subscription = upstream;
        if (subscription != null) {
            subscription.request(n);
        }
    }

    @Override
    public void cancel() {
        call.cancelled();
        Subscription subscription = upstream;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
