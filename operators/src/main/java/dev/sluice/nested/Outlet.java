package dev.sluice.nested;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * The way down for operators that pass elements on as they come, without a queue.
 *
 * <p>Elements and completion come from above, one after the other. A failure may also come from below, by a request of
 * 0 or less on any thread at any time (rule 3.9). Invariants: the subscriber is signalled serially; at most one terminal
 * signal reaches it; nothing follows that, nor a cancel. An element that loses to either goes to the discard hook.
 *
 * @param <T> the elements
 */
final class Outlet<T> {

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<Outlet> BUSY =
            AtomicIntegerFieldUpdater.newUpdater(Outlet.class, "busy");

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<Outlet, @Nullable Object> END =
            AtomicReferenceFieldUpdater.newUpdater(Outlet.class, Object.class, "end");

    private static final int ENDED = 1 << 30;

    private static final Object COMPLETED = new Object();
    private static final Object CANCELLED = new Object();

    private final CoreSubscriber<? super T> actual;

    /**
     * How many elements are being passed on: one, or more when a source answers a request from within onNext by the next
     * element, as rule 3.3 lets it. Raised by {@code ENDED}, once and for good, by the terminal signal; that signal is
     * given by whoever brings the word to exactly {@code ENDED}.
     */
    private volatile int busy;

    /** null → COMPLETED, CANCELLED or the failure, whichever is first. */
    private volatile @Nullable Object end;

    Outlet(CoreSubscriber<? super T> actual) {
        this.actual = actual;
    }

    void next(T element) {
        if (!enter()) {
            LeftOut.tell(element, context());
            return;
        }
        try {
            actual.onNext(element);
        } finally {
            if (BUSY.decrementAndGet(this) == ENDED) {
                signalEnd();
            }
        }
    }

    private boolean enter() {
        int before;
        do {
            before = busy;
            if (before >= ENDED) {
                return false;
            }
        } while (!BUSY.compareAndSet(this, before, before + 1));
        return true;
    }

    void complete() {
        if (END.compareAndSet(this, null, COMPLETED)) {
            enterEnd();
        }
    }

    /** Passes the failure on, or hands it to the dropped-error hook when the end came before it. */
    void fail(Throwable failure) {
        if (END.compareAndSet(this, null, failure)) {
            enterEnd();
        } else {
            Operators.onErrorDropped(failure, context());
        }
    }

    /** A request of 0 or less. Does nothing after the end, as rule 3.6 says. */
    void refuse(long n) {
        if (!isEnded()) {
            fail(Exceptions.nullOrNegativeRequestException(n));
        }
    }

    /** Lets nothing more through: elements are discarded, a failure goes to the dropped-error hook. */
    void cancel() {
        if (END.compareAndSet(this, null, CANCELLED)) {
            enterEnd();
        }
    }

    boolean isCancelled() {
        return end == CANCELLED;
    }

    boolean isEnded() {
        return end != null;
    }

    Context context() {
        return actual.currentContext();
    }

    CoreSubscriber<? super T> actual() {
        return actual;
    }

    private void enterEnd() {
        if (BUSY.getAndAdd(this, ENDED) == 0) {
            signalEnd();
        }
    }

    private void signalEnd() {
        Object how = end;
        if (how instanceof Throwable failure) {
            actual.onError(failure);
        } else if (how == COMPLETED) {
            actual.onComplete();
        }
    }
}
