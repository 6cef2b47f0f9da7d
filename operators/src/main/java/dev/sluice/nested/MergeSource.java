package dev.sluice.nested;

import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * One source of a merge: its subscription and the elements it sent ahead of its turns.
 *
 * <p>Two threads at most: the source's own, which calls the four signal methods and is the only producer of
 * {@code queue}, and whichever holds the drain of {@link MergeMain}, which is its only consumer and alone reads and
 * writes the fields under that heading. The source never has more than {@code prefetch} elements asked for and not yet
 * taken.
 *
 * @param <T> what the source carries
 */
final class MergeSource<T> extends Mailbox.Node<MergeSource<T>> implements CoreSubscriber<T>, Scannable {

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<MergeSource, @Nullable Subscription> SUBSCRIPTION =
            AtomicReferenceFieldUpdater.newUpdater(MergeSource.class, Subscription.class, "subscription");

    private final MergeMain<?, T> main;
    private final int prefetch;
    private final int lowTide;
    final int priority;

    /** null → the source's → cancelled; or null → cancelled when the cancel came first. */
    private volatile @Nullable Subscription subscription;

    /** Made by the first element that cannot pass at once: a source that never waits costs no queue. */
    private volatile @Nullable Queue<T> queue;

    /** false → true by the source's terminal signal, or by its breach of the prefetch. */
    private volatile boolean done;

    // Owned by the drain.
    int place;
    boolean admitted;
    boolean closed;
    private int taken;

    MergeSource(MergeMain<?, T> main, int prefetch, int priority) {
        this.main = main;
        this.prefetch = prefetch;
        this.lowTide = Math.max(1, prefetch - (prefetch >> 2));
        this.priority = priority;
    }

    @Override
    public Context currentContext() {
        return main.currentContext();
    }

    @Override
    public void onSubscribe(Subscription s) {
        if (Operators.setOnce(SUBSCRIPTION, this, s)) {
            s.request(prefetch);
        }
    }

    @Override
    public void onNext(T element) {
        Objects.requireNonNull(element, "onNext of null, see rule 2.13");
        if (done) {
            Operators.onNextDropped(element, currentContext());
            return;
        }
        main.emit(this, element);
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure, "onError of null, see rule 2.13");
        if (done) {
            Operators.onErrorDropped(failure, currentContext());
            return;
        }
        main.note(failure);
        done = true;
        main.look(this);
    }

    @Override
    public void onComplete() {
        if (!done) {
            done = true;
            main.look(this);
        }
    }

    /** Called by the source's thread: keeps the element until its turn. */
    void keep(T element) {
        Queue<T> waiting = queue;
        if (waiting == null) {
            waiting = Queues.<T>get(prefetch).get();
            queue = waiting;
        }
        if (!waiting.offer(element)) {
            Operators.onDiscard(element, currentContext());
            cancel();
            onError(Exceptions.failWithOverflow("A source sent more than the " + prefetch
                    + " elements it was asked for: it does not respect demand"));
        }
    }

    boolean isEmpty() {
        Queue<T> waiting = queue;
        return waiting == null || waiting.isEmpty();
    }

    boolean isDone() {
        return done;
    }

    @Nullable T poll() {
        Queue<T> waiting = queue;
        return waiting == null ? null : waiting.poll();
    }

    /** Counts one element taken and asks for more at low tide, in one go. */
    void countTaken() {
        if (++taken == lowTide) {
            taken = 0;
            Subscription s = subscription;
            if (s != null && !done) {
                s.request(lowTide);
            }
        }
    }

    /** Not after the source's own end: that is over, and rule 2.3 forbids it within its last signal. */
    void cancel() {
        if (!done) {
            Operators.terminate(SUBSCRIPTION, this);
        }
    }

    /** The drain's last word to a source: nothing of it will be passed on any more. */
    void release() {
        closed = true;
        cancel();
        Operators.onDiscardQueueWithClear(queue, currentContext(), null);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        Queue<T> waiting = queue;
        if (key == Attr.PARENT) return subscription;
        if (key == Attr.ACTUAL) return main;
        if (key == Attr.PREFETCH) return prefetch;
        if (key == Attr.BUFFERED) return waiting == null ? 0 : waiting.size();
        if (key == Attr.TERMINATED) return done && isEmpty();
        if (key == Attr.CANCELLED) return subscription == Operators.cancelledSubscription();
        if (key == Attr.RUN_STYLE) return Attr.RunStyle.SYNC;
        return null;
    }
}
