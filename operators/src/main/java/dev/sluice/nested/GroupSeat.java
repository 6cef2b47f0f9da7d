package dev.sluice.nested;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One group: its buffer, its subscriber, and how it stands between the two.
 *
 * <p>Subscribe, request, cancel and discard come from any thread; they write a word and post the seat. The rest is owned
 * by the drain of {@link GroupRouter}. A seat goes OPEN → ENDING → OVER, or OPEN → OVER when cancelled:
 *
 * <ul>
 *   <li>open: elements of its key go into the buffer, at most {@code bufferSize} of them;
 *   <li>ending: it takes no more; what is buffered is still to be taken, then the end is signalled;
 *   <li>over: its end was signalled, or it was cancelled; the buffer is empty and stays so.
 * </ul>
 *
 * @param <K> the key
 * @param <T> the elements
 */
final class GroupSeat<K, T> extends Mailbox.Node<GroupSeat<K, T>> implements Subscription, Scannable {

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<GroupSeat> CLAIM =
            AtomicIntegerFieldUpdater.newUpdater(GroupSeat.class, "claim");

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<GroupSeat> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(GroupSeat.class, "requested");

    private static final int FREE = 0;
    private static final int SUBSCRIBED = 1;
    private static final int DISCARDED = 2;

    private final K key;
    private final GroupRouter<K, T> router;

    /** FREE → SUBSCRIBED by the one subscriber, or FREE → DISCARDED. */
    private volatile int claim;

    /** null → the subscriber, after it was given its subscription. */
    private volatile @Nullable CoreSubscriber<? super T> actual;

    /** Demand not yet met; Long.MAX_VALUE = without bound. Raised by request, lowered by the drain. */
    private volatile long requested;

    /** false → true by cancel or discard. */
    private volatile boolean cancelled;

    /** null → what is wrong with a request of 0 or less. */
    private volatile @Nullable Throwable badRequest;

    /** Raised by the drain alone. */
    private volatile long dropped;

    // Owned by the drain.
    private final ArrayDeque<T> buffer = new ArrayDeque<>();
    private boolean ending;
    private boolean over;
    private @Nullable Throwable failure;

    /** It was ended for not being drained: what it held is gone, and it is not announced any more. */
    private boolean shut;

    GroupSeat(K key, GroupRouter<K, T> router) {
        this.key = key;
        this.router = router;
    }

    void subscribe(CoreSubscriber<? super T> subscriber) {
        if (!CLAIM.compareAndSet(this, FREE, SUBSCRIBED)) {
            String why = claim == DISCARDED ? " was discarded" : " has its one subscriber already";
            Operators.error(subscriber, new IllegalStateException("Group " + Keys.shown(key) + why));
            return;
        }
        subscriber.onSubscribe(this);
        actual = subscriber;
        router.look(this);
    }

    void discard() {
        if (CLAIM.compareAndSet(this, FREE, DISCARDED)) {
            cancel();
        }
    }

    @Override
    public void request(long n) {
        if (n > 0) {
            Operators.addCap(REQUESTED, this, n);
        } else {
            badRequest = Exceptions.nullOrNegativeRequestException(n);
        }
        router.look(this);
    }

    @Override
    public void cancel() {
        cancelled = true;
        router.look(this);
    }

    K key() {
        return key;
    }

    long dropped() {
        return dropped;
    }

    // The rest runs inside the drain.

    boolean isSubscribed() {
        return actual != null;
    }

    boolean isClaimed() {
        return claim != FREE;
    }

    boolean isOpen() {
        return !ending && !over;
    }

    boolean isOver() {
        return over;
    }

    boolean isShut() {
        return shut;
    }

    boolean isEmpty() {
        return buffer.isEmpty();
    }

    int size() {
        return buffer.size();
    }

    void add(T element) {
        buffer.add(element);
    }

    @Nullable T takeOldest() {
        return buffer.poll();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void countDropped(long count) {
        dropped += count;
    }

    /** Takes no more elements; ends once the buffer is empty. The first reason stays. */
    void end(@Nullable Throwable reason) {
        if (!ending) {
            ending = true;
            failure = reason;
        }
    }

    /** Ends at once with this reason, and never to be announced; the buffer was emptied before. */
    void shut(Throwable reason) {
        ending = true;
        failure = reason;
        shut = true;
    }

    /** Passes on what is asked for, and the end when it is due. Afterwards see {@link #isOver()}. */
    void serve() {
        if (over) {
            return;
        }
        CoreSubscriber<? super T> subscriber = actual;
        if (cancelled) {
            leave();
        } else if (subscriber != null) {
            try {
                serve(subscriber);
            } catch (RuntimeException | Error thrown) {
                // Rule 2.13: who throws is taken as cancelled. The other groups must not suffer for it.
                leave();
                Exceptions.throwIfJvmFatal(thrown);
                Operators.onErrorDropped(thrown, subscriber.currentContext());
            }
        }
    }

    private void serve(CoreSubscriber<? super T> subscriber) {
        long demand = requested;
        long emitted = 0;
        while (emitted != demand && badRequest == null) {
            T element = buffer.poll();
            if (element == null) {
                break;
            }
            subscriber.onNext(element);
            emitted++;
            if (cancelled) {
                leave();
                return;
            }
        }
        // Read after the last element: a bad request made within that comes before the end.
        Throwable broken = badRequest;
        if (broken != null) {
            leave();
            subscriber.onError(broken);
            return;
        }
        if (emitted != 0) {
            Operators.produced(REQUESTED, this, emitted);
        }
        if (ending && buffer.isEmpty()) {
            over = true;
            Throwable reason = failure;
            if (reason == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(reason);
            }
        }
    }

    /** Lets go of everything, unsignalled. */
    void leave() {
        over = true;
        discardBuffer();
    }

    void discardBuffer() {
        Operators.onDiscardQueueWithClear(buffer, currentContext(), null);
    }

    Context currentContext() {
        CoreSubscriber<? super T> subscriber = actual;
        return subscriber == null ? router.currentContext() : subscriber.currentContext();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) return router;
        if (key == Attr.ACTUAL) return actual;
        if (key == Attr.CAPACITY) return router.bufferSize();
        // Read beside the drain, so only roughly right while elements flow.
        if (key == Attr.BUFFERED) return buffer.size();
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) return requested;
        if (key == Attr.CANCELLED) return cancelled;
        if (key == Attr.TERMINATED) return over && !cancelled;
        if (key == Attr.ERROR) return failure;
        if (key == Attr.RUN_STYLE) return Attr.RunStyle.SYNC;
        return null;
    }
}
