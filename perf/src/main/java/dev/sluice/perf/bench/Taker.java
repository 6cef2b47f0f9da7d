package dev.sluice.perf.bench;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** A subscriber that asks for messages when it is told to, on the thread that tells it. */
final class Taker implements CoreSubscriber<Payload> {
    private @Nullable Subscription upstream;
    private @Nullable Payload last;
    private long taken;

    /** Asks for so many messages, which must be there; whether they were. */
    boolean take(int count) {
        Subscription s = upstream;
        if (s == null) {
            return false;
        }
        long before = taken;
        s.request(count);
        return taken - before == count && last != null;
    }

    @Override
    public void onSubscribe(Subscription s) {
        upstream = s;
    }

    @Override
    public void onNext(Payload message) {
        last = message;
        taken++;
    }

    @Override
    public void onError(Throwable cause) {
        throw new IllegalStateException("a channel failed", cause);
    }

    @Override
    public void onComplete() {
        upstream = null;
    }
}
