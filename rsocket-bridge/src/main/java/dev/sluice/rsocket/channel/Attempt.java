package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * An operation that is done once and whose outcome is kept, for whoever asks again after a lost connection. It goes on when the call that
 * began it is gone; only {@link #withdraw} ends it before its time.
 *
 * <p>{@code settled} goes false → true once: by the operation's own end, or by a withdrawn element that comes back through the discard hook.
 */
final class Attempt implements CoreSubscriber<Frame> {

    private final Sinks.One<Frame> outcome = Sinks.one();
    private final AtomicBoolean settled = new AtomicBoolean();
    private final Context context = Operators.enableOnDiscard(Context.empty(), this::discarded);
    private volatile @Nullable Subscription subscription;
    private volatile boolean withdrawn;

    /** Begins the operation. */
    void begin(Publisher<Frame> operation) {
        operation.subscribe(this);
    }

    /** The outcome: a frame, nothing, or an error; the same for all. */
    Mono<Frame> outcome() {
        return outcome.asMono();
    }

    /** Takes back what is not accepted yet; {@link #outcome} tells whether it was. */
    void withdraw() {
        withdrawn = true;
        Subscription known = subscription;
        if (known != null) {
            known.cancel();
        }
    }

    private void discarded(Object element) {
        fail(Failures.of(Code.WITHDRAWN, "withdrawn"));
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription s) {
        subscription = s;
        s.request(Long.MAX_VALUE);
        if (withdrawn) {
            s.cancel();
        }
    }

    @Override
    public void onNext(Frame frame) {
        if (settled.compareAndSet(false, true)) {
            outcome.tryEmitValue(frame);
        }
    }

    @Override
    public void onError(Throwable failure) {
        fail(failure);
    }

    private void fail(Throwable failure) {
        if (settled.compareAndSet(false, true)) {
            outcome.tryEmitError(failure);
        }
    }

    @Override
    public void onComplete() {
        if (settled.compareAndSet(false, true)) {
            outcome.tryEmitEmpty();
        }
    }
}
