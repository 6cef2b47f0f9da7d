package dev.sluice.rsocket.channel;

import dev.sluice.ChannelExpiredException;
import dev.sluice.Frame;
import dev.sluice.rsocket.session.AcknowledgedSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * A source that takes part in a channel from the moment it is announced, though nobody has asked for anything yet: it subscribes at once, and asks
 * when it is asked.
 *
 * <p>What ends before anybody subscribed ends for the subscriber when it comes: whichever of {@link #frames()}' subscription and the terminal signal is
 * second passes that signal on.
 *
 * @param <T> the items, made frames on their way
 */
class JoinedSource<T> implements AcknowledgedSource, CoreSubscriber<T>, Subscription {

    private static final Object OPEN = new Object();
    private static final Object COMPLETE = new Object();

    private final Frame header;
    private final Function<? super T, Frame> encode;
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile @Nullable CoreSubscriber<? super Frame> actual;
    private volatile @Nullable Subscription channel;
    private volatile Object end = OPEN;
    private final AtomicBoolean ended = new AtomicBoolean();

    JoinedSource(Frame header, Function<? super T, Frame> encode) {
        this.header = header;
        this.encode = encode;
    }

    /** Subscribes now. */
    static <T, S extends JoinedSource<T>> S join(Publisher<T> items, S source) {
        items.subscribe(source);
        return source;
    }

    /** Whether there was nothing to join: the channel had been deleted as idle. */
    final boolean isExpired() {
        return end instanceof ChannelExpiredException;
    }

    @Override
    public Frame header() {
        return header;
    }

    @Override
    public Flux<Frame> frames() {
        return new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Frame> subscriber) {
                if (!taken.compareAndSet(false, true)) {
                    Operators.error(subscriber, new IllegalStateException("a channel is joined once for each call"));
                    return;
                }
                subscriber.onSubscribe(JoinedSource.this);
                actual = subscriber;
                tellEnd();
            }
        };
    }

    @Override
    public void discard() {
        if (taken.compareAndSet(false, true)) {
            cancel();
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        channel = subscription;
    }

    @Override
    public void onNext(T item) {
        // Nothing is asked for before there is a subscriber.
        Objects.requireNonNull(actual).onNext(encode.apply(item));
    }

    @Override
    public void onError(Throwable error) {
        end = error;
        tellEnd();
    }

    @Override
    public void onComplete() {
        end = COMPLETE;
        tellEnd();
    }

    private void tellEnd() {
        CoreSubscriber<? super Frame> subscriber = actual;
        Object how = end;
        if (subscriber == null || how == OPEN || !ended.compareAndSet(false, true)) {
            return;
        }
        if (how == COMPLETE) {
            subscriber.onComplete();
        } else {
            subscriber.onError((Throwable) how);
        }
    }

    @Override
    public void request(long n) {
        Objects.requireNonNull(channel).request(n);
    }

    @Override
    public void cancel() {
        Subscription subscription = channel;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    @Override
    public void acknowledged(long first, long count, boolean wereTaken) {}

    @Override
    public void left() {}
}
