package dev.sluice.rsocket.channel;

import dev.sluice.ChannelExpiredException;
import dev.sluice.Frame;
import dev.sluice.channel.spi.Progress;
import dev.sluice.channel.spi.Withdrawal;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * The count of a {@code sendAll} as a frame; what a cancel has left over as an error, WITHDRAWN with the count as its text. Where the elements come from
 * hears how many were accepted. A channel that was deleted as idle before any of them was sent is looked up again.
 */
final class CountedSend implements CoreSubscriber<Long>, Progress, Withdrawal, Subscription {

    private final CoreSubscriber<? super Frame> actual;
    private final Arrivals elements;
    private final Runnable whenSettled;
    private final AtomicBoolean settled = new AtomicBoolean();
    private volatile @Nullable Subscription sending;
    private volatile boolean cancelled;

    CountedSend(CoreSubscriber<? super Frame> actual, Arrivals elements, Runnable whenSettled) {
        this.actual = actual;
        this.elements = elements;
        this.whenSettled = whenSettled;
    }

    private boolean settle() {
        if (!settled.compareAndSet(false, true)) {
            return false;
        }
        whenSettled.run();
        return true;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        boolean again = sending != null;
        sending = subscription;
        if (!again) {
            actual.onSubscribe(this);
            return;
        }
        subscription.request(Long.MAX_VALUE);
        if (cancelled) {
            subscription.cancel();
        }
    }

    @Override
    public void onNext(Long count) {
        if (settle()) {
            actual.onNext(Frame.text(Long.toString(count)));
            actual.onComplete();
        }
    }

    @Override
    public void onError(Throwable error) {
        Mono<Long> again = error instanceof ChannelExpiredException ? elements.sendingAfresh() : null;
        if (again != null) {
            again.subscribe(this);
        } else if (settle()) {
            actual.onError(error);
        }
    }

    @Override
    public void onComplete() {}

    @Override
    public void accepted(long count) {
        elements.accepted(count);
    }

    @Override
    public void withdrawn(long accepted) {
        if (settle()) {
            actual.onError(Failures.of(Code.WITHDRAWN, Long.toString(accepted)));
        }
    }

    @Override
    public void request(long n) {
        Subscription subscription = sending;
        if (subscription != null) {
            subscription.request(n);
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        Subscription subscription = sending;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
