package dev.sluice.rsocket.channel;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
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

    // Bytes besides those of elements and outcomes, about, as measured in a full heap.

    /** One that goes on: itself, what waits at the channel, and the call that waits for the outcome. */
    private static final int WAITING = 1_024;

    /** One whose outcome is kept. */
    private static final int KEPT = 512;

    /** What an error takes up: most of it says where it was thrown. */
    private static final int ERROR = 1_536;

    private final PublisherState publisher;
    private final Sinks.One<Frame> outcome = Sinks.one();
    private final AtomicBoolean settled = new AtomicBoolean();
    private final Context context = Operators.enableOnDiscard(Context.empty(), this::discarded);
    private volatile Work.@Nullable Resumable resumable;
    private volatile @Nullable Subscription subscription;
    private volatile boolean withdrawn;

    // Guarded by the publisher.
    private long weight;
    private boolean forgotten;

    /**
     * One that has not begun.
     *
     * @param bytes held until it is settled, besides what every one costs
     */
    Attempt(PublisherState publisher, Work work, long bytes) {
        this.publisher = publisher;
        this.resumable = work instanceof Work.Resumable known ? known : null;
        this.weight = bytes + WAITING;
    }

    /** Bytes it holds, about. Under the publisher's lock. */
    long weight() {
        return weight;
    }

    /** It is counted no longer. Under the publisher's lock. */
    void forget() {
        forgotten = true;
    }

    boolean isForgotten() {
        return forgotten;
    }

    /** Begins the operation. What it is does not stay: the call it came with would be held as long as it waits. */
    void begin(Work work) {
        try {
            work.begin().subscribe(this);
        } catch (RuntimeException refused) {
            onError(refused);
        }
    }

    /** It is asked for again. */
    void resume(Request again) {
        Work.Resumable now = resumable;
        if (now != null) {
            now.resume(again);
        }
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

    /** Only an element was withdrawn: an operation may discard things of its own. */
    private void discarded(Object element) {
        if (element instanceof Frame) {
            fail(Failures.of(Code.WITHDRAWN, "withdrawn"));
        }
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
        if (settle(frame.size())) {
            outcome.tryEmitValue(frame);
        }
    }

    @Override
    public void onError(Throwable failure) {
        // A channel elsewhere again: what became of it there nobody here knows, and this session is not the one that
        // was lost.
        fail(
                failure instanceof ConnectionLostException
                        ? Failures.of(Code.FORGOTTEN, "behind this server: " + failure.getMessage())
                        : failure);
    }

    private void fail(Throwable failure) {
        if (settle(ERROR + Failures.text(failure).length())) {
            outcome.tryEmitError(failure);
        }
    }

    @Override
    public void onComplete() {
        if (settle(0)) {
            outcome.tryEmitEmpty();
        }
    }

    /** What it held for the operation it lets go; the outcome is what it holds now. */
    private boolean settle(int bytes) {
        if (!settled.compareAndSet(false, true)) {
            return false;
        }
        resumable = null;
        subscription = null;
        synchronized (publisher) {
            long before = weight;
            weight = (long) bytes + KEPT;
            publisher.weighs(this, weight - before);
        }
        return true;
    }
}
