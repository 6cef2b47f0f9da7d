package dev.sluice.switching;

import dev.sluice.channel.spi.ExactSubscription;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The subscription of a {@link Follower} to one upstream.
 *
 * <p>{@link #asked} is written by who has the follower's turn, {@link #come} by the upstream, whose signals are serial.
 */
final class Inlet<T> implements CoreSubscriber<T> {
    private static final int LOW = SwitchableSource.BATCH / 4;

    private final Follower<T> follower;
    private long asked;
    private volatile long come;
    private volatile boolean left;
    private volatile boolean ended;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Subscription subscription;

    Inlet(Follower<T> follower) {
        this.follower = follower;
    }

    /** How much more to ask for now, which counts as asked. */
    long share(long wanted) {
        long open = asked - come;
        if (subscription == null || open > LOW) {
            return 0;
        }
        long share = Math.max(0, Math.min(SwitchableSource.BATCH, wanted) - open);
        asked += share;
        return share;
    }

    void ask(long share) {
        Subscription s = subscription;
        if (s != null) {
            s.request(share);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // signals of one upstream are serial
    void came() {
        come++;
    }

    boolean hasEnded() {
        return ended;
    }

    @Nullable Throwable failure() {
        return failure;
    }

    /** Cancels, and has the follower told when nothing is on its way any more, as far as the upstream knows that. */
    void leave() {
        left = true;
        Subscription s = subscription;
        Throwable unheard = failure;
        if (unheard != null) {
            Operators.onErrorDropped(unheard, currentContext());
        }
        if (s instanceof ExactSubscription exact) {
            exact.cancel(follower::left);
        } else {
            if (s != null) {
                s.cancel();
            }
            follower.left();
        }
    }

    void cancel() {
        left = true;
        Subscription s = subscription;
        if (s != null) {
            s.cancel();
        }
    }

    /** The upstream threw when it was subscribed to. */
    void fail(Throwable thrown) {
        onError(thrown);
        cancel();
    }

    @Override
    public Context currentContext() {
        return follower.actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (Operators.validate(subscription, s)) {
            subscription = s;
            if (left) {
                s.cancel();
            } else {
                follower.trigger();
            }
        }
    }

    @Override
    public void onNext(T element) {
        follower.receive(this, element);
    }

    @Override
    public void onError(Throwable cause) {
        if (left || ended) {
            Operators.onErrorDropped(cause, currentContext());
            return;
        }
        failure = cause;
        ended = true;
        follower.trigger();
    }

    @Override
    public void onComplete() {
        ended = true;
        follower.trigger();
    }
}
