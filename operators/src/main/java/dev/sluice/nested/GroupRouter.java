package dev.sluice.nested;

import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Sorts elements into groups.
 *
 * <p>The source signals from one thread; the subscriber of the groups, each group's subscriber and the accept timer from
 * any. All of them write a word, post the seat they concern and enter the {@link Drain}: so all groups are signalled one
 * after the other, and every count below is exact.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>An element is in one place: the inbox, the sorter's hand, one seat's buffer, a subscriber, or the discard hook.
 *   <li>Bounds: the inbox the prefetch, each buffer the buffer size, the seats the most groups; in hand is one.
 *   <li>Demand is given back to the source as elements leave the inbox, not as they leave groups: a group nobody takes
 *       from costs the others nothing until it is full. Then the source stands still until there is room again, which
 *       {@link GroupSorter} sees to.
 *   <li>The source is cancelled when nobody is left who could be given anything.
 * </ol>
 *
 * @param <K> the keys
 * @param <T> the elements
 */
final class GroupRouter<K, T> extends Drain implements CoreSubscriber<T>, Subscription, Scannable {

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<GroupRouter> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(GroupRouter.class, "requested");

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<GroupRouter, @Nullable Throwable> FAULT =
            AtomicReferenceFieldUpdater.newUpdater(GroupRouter.class, Throwable.class, "fault");

    private final CoreSubscriber<? super Group<K, T>> actual;
    private final GroupOptions options;
    private final Seats<K, T> seats;
    private final AcceptTimer timer;
    private final GroupSorter<K, T> sorter;
    private final Mailbox<GroupSeat<K, T>> mailbox = new Mailbox<>();
    private final Consumer<GroupSeat<K, T>> serve;
    private final Queue<T> inbox;
    private final int lowTide;

    @SuppressWarnings("NullAway.Init") // set by onSubscribe, before which nobody has this
    private Subscription s;

    /** Demand for groups not yet met. Raised by request, lowered by the drain. */
    private volatile long requested;

    /** false → true when no more groups are wanted; those given out live on. */
    private volatile boolean cancelled;

    /** false → true by the source's end, after {@code failure} was written. */
    private volatile boolean done;

    private @Nullable Throwable failure;

    /** null → what ends everything at once: a bad request, or a source that does not respect demand. */
    private volatile @Nullable Throwable fault;

    // Owned by the drain.
    private int taken;
    private boolean cancelSeen;

    /** No more elements are sorted: the source ended and all were, or something ended it. */
    private boolean closed;

    /** The subscriber of the groups was given its terminal signal, or wants none. */
    private boolean outerOver;

    GroupRouter(
            CoreSubscriber<? super Group<K, T>> actual, Function<? super T, ? extends K> keyOf, GroupOptions options) {
        this.actual = actual;
        this.options = options;
        this.seats = new Seats<>(options);
        this.serve = seats::serve;
        this.timer = new AcceptTimer(options, this);
        this.sorter = new GroupSorter<>(this, keyOf, options, seats, timer);
        this.inbox = Queues.<T>get(options.prefetch()).get();
        this.lowTide = Math.max(1, options.prefetch() - (options.prefetch() >> 2));
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    int bufferSize() {
        return options.bufferSize();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(s, subscription)) {
            s = subscription;
            actual.onSubscribe(this);
            subscription.request(options.prefetch());
        }
    }

    @Override
    public void onNext(T element) {
        Objects.requireNonNull(element, "onNext of null, see rule 2.13");
        if (done) {
            Operators.onNextDropped(element, currentContext());
            return;
        }
        if (!inbox.offer(element)) {
            Operators.onDiscard(element, currentContext());
            fault(Exceptions.failWithOverflow("The source of a groupBy sent more than the " + options.prefetch()
                    + " elements it was asked for: it does not respect demand"));
        }
        drain();
    }

    @Override
    public void onError(Throwable thrown) {
        Objects.requireNonNull(thrown, "onError of null, see rule 2.13");
        if (done) {
            Operators.onErrorDropped(thrown, currentContext());
            return;
        }
        failure = thrown;
        done = true;
        drain();
    }

    @Override
    public void onComplete() {
        done = true;
        drain();
    }

    @Override
    public void request(long n) {
        if (n > 0) {
            Operators.addCap(REQUESTED, this, n);
        } else {
            fault(Exceptions.nullOrNegativeRequestException(n));
        }
        drain();
    }

    @Override
    public void cancel() {
        cancelled = true;
        drain();
    }

    /** A seat's subscriber did something. */
    void look(GroupSeat<K, T> seat) {
        mailbox.post(seat);
        drain();
    }

    private void fault(Throwable thrown) {
        if (!FAULT.compareAndSet(this, null, thrown)) {
            Operators.onErrorDropped(thrown, currentContext());
        }
    }

    @Override
    void advance() {
        if (timer.isDue()) {
            sorter.shutWhoHoldsUp();
        }
        for (; ; ) {
            mailbox.collect(serve);
            seeCancel();
            seeFault();
            announce();
            if (mailbox.isEmpty() && (closed || !sorter.sortOne())) {
                break;
            }
        }
        if (closed) {
            Operators.onDiscardQueueWithClear(inbox, currentContext(), null);
        } else if (done && !sorter.isWaiting() && inbox.isEmpty() && !seeFault()) {
            close(failure);
        }
        completeOuter();
    }

    @Override
    void giveUp() {
        cancelled = true;
        seeCancel();
    }

    boolean isCancelled() {
        return cancelled;
    }

    boolean isClosed() {
        return closed;
    }

    /** Takes one element, and asks for more at low tide, in one go. */
    @Nullable T takeFromInbox() {
        T element = inbox.poll();
        if (element != null && ++taken == lowTide) {
            taken = 0;
            if (!done) {
                s.request(lowTide);
            }
        }
        return element;
    }

    private void announce() {
        while (requested != 0 && !cancelled) {
            GroupSeat<K, T> seat = seats.nextToAnnounce();
            if (seat == null) {
                return;
            }
            actual.onNext(new GroupFlux<>(seat));
            Operators.produced(REQUESTED, this, 1);
        }
    }

    /** Once no more groups are wanted, those given out live on, but not for ever without a subscriber. */
    private void seeCancel() {
        if (!cancelled || outerOver) {
            return;
        }
        boolean giveUpUnclaimed = timer.isAbandonDue();
        if (!cancelSeen) {
            cancelSeen = true;
            seats.discardUnannounced();
            giveUpUnclaimed = !seats.isEmpty() && timer.abandon() != null;
        }
        if (giveUpUnclaimed) {
            sorter.shutUnclaimed();
        }
        if (seats.isEmpty()) {
            outerOver = true;
            stopSorting();
        }
    }

    /**
     * Whether everything ended by a fault just now. Looked for once more before every end: a fault may have come since the
     * last look and before what ends the groups, and then it comes first.
     */
    private boolean seeFault() {
        Throwable broken = fault;
        if (broken == null || outerOver) {
            return false;
        }
        fail(broken);
        return true;
    }

    /** Ends everything by an error of the operator's own. */
    void fail(Throwable thrown) {
        stopSorting();
        close(thrown);
    }

    /** Ends everything by what happened over an element. */
    void failOn(T element, Throwable thrown) {
        fail(Operators.onOperatorError(s, thrown, element, currentContext()));
    }

    private void stopSorting() {
        closed = true;
        if (!done) {
            s.cancel();
        }
        timer.dispose();
        sorter.discardHeld();
    }

    /** No more elements: every group ends after what it holds. */
    private void close(@Nullable Throwable reason) {
        closed = true;
        timer.dispose();
        if (reason != null) {
            seats.discardUnannounced();
        }
        List<GroupSeat<K, T>> all = seats.removeAll();
        for (GroupSeat<K, T> seat : all) {
            seat.end(reason);
            seats.serve(seat);
        }
        if (reason != null && !outerOver) {
            outerOver = true;
            if (!cancelled) {
                actual.onError(reason);
            } else if (all.isEmpty()) {
                Operators.onErrorDropped(reason, currentContext());
            }
        }
    }

    private void completeOuter() {
        if (closed && !outerOver && !cancelled && !seats.hasUnannounced() && !seeFault()) {
            outerOver = true;
            actual.onComplete();
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) return s;
        if (key == Attr.ACTUAL) return actual;
        if (key == Attr.PREFETCH) return options.prefetch();
        if (key == Attr.BUFFERED) return inbox.size();
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) return requested;
        if (key == Attr.CANCELLED) return cancelled;
        if (key == Attr.TERMINATED) return done && inbox.isEmpty();
        if (key == Attr.ERROR) return done ? failure : fault;
        if (key == Attr.RUN_STYLE) return Attr.RunStyle.SYNC;
        return null;
    }
}
