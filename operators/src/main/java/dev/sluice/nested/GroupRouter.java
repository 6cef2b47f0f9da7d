package dev.sluice.nested;

import dev.sluice.nested.GroupOptions.WhenTooMany;
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
 *   <li>An element is in one place: the inbox, {@code held}, one seat's buffer, a subscriber, or the discard hook.
 *   <li>Bounds: the inbox the prefetch, each buffer the buffer size, the seats the most groups; {@code held} is one.
 *   <li>Only {@code held} ever waits for room, and only while {@link AcceptTimer} runs. So the source stands still for
 *       no longer than that before somebody who takes nothing is ended and {@code held} has its way.
 *   <li>Demand is given back to the source as elements leave the inbox, not as they leave groups: a group nobody takes
 *       from costs the others nothing until it is full.
 *   <li>A key has at most one seat in the map. It leaves when its subscriber saw its end or cancelled, or for good when
 *       its place is needed after it was shut.
 *   <li>Every element lost to a limit is counted at its seat and reported, then it is discarded.
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
    private final Function<? super T, ? extends K> keyOf;
    private final GroupOptions options;
    private final GroupLosses losses;
    private final AcceptTimer timer;
    private final Seats<K, T> seats;
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
    private @Nullable T held;
    private @Nullable K heldKey;
    private int taken;

    private boolean cancelSeen;

    /** No more elements are sorted: the source ended and all were, or something ended it. */
    private boolean closed;

    /** The subscriber of the groups was given its terminal signal, or wants none. */
    private boolean outerOver;

    GroupRouter(
            CoreSubscriber<? super Group<K, T>> actual, Function<? super T, ? extends K> keyOf, GroupOptions options) {
        this.actual = actual;
        this.keyOf = keyOf;
        this.options = options;
        this.seats = new Seats<>(options);
        this.serve = seats::serve;
        this.losses = new GroupLosses(options.onDrop());
        this.timer = new AcceptTimer(options, this);
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
            shutWhoHoldsUp();
        }
        for (; ; ) {
            mailbox.collect(serve);
            seeCancel();
            Throwable broken = fault;
            if (broken != null && !outerOver) {
                fail(broken);
            }
            announce();
            if (mailbox.isEmpty() && (closed || !sortOne())) {
                break;
            }
        }
        if (closed) {
            Operators.onDiscardQueueWithClear(inbox, currentContext(), null);
        } else if (done && held == null && inbox.isEmpty()) {
            close(failure);
        }
        completeOuter();
    }

    @Override
    void giveUp() {
        cancelled = true;
        seeCancel();
    }

    /** Takes one element to its group. False when there is none, or it has to wait. */
    private boolean sortOne() {
        T element = held;
        K key = heldKey;
        if (element == null || key == null) {
            element = inbox.poll();
            if (element == null) {
                return false;
            }
            countTaken();
            try {
                key = Objects.requireNonNull(keyOf.apply(element), "The key of an element is null");
            } catch (Throwable thrown) {
                Operators.onDiscard(element, currentContext());
                fail(Operators.onOperatorError(s, thrown, element, currentContext()));
                return false;
            }
        }
        held = null;
        heldKey = null;
        GroupSeat<K, T> seat = seats.find(key);
        if (seat == null) {
            seat = openSeat(key, element);
            if (seat == null) {
                return !closed && held == null;
            }
        }
        return put(seat, element);
    }

    /** Null when the element was dealt with, or waits for a place. */
    private @Nullable GroupSeat<K, T> openSeat(K key, T element) {
        if (cancelled) {
            Operators.onDiscard(element, currentContext());
            return null;
        }
        if (!seats.hasPlace()) {
            // While some are not even asked for, it is the consumer that is slow, not the keys that are too many.
            if (options.whenTooMany() == WhenTooMany.FAIL && !seats.hasUnannounced()) {
                Operators.onDiscard(element, currentContext());
                fail(new TooManyGroupsException(key, options.maxGroups()));
            } else {
                hold(element, key, null);
            }
            return null;
        }
        GroupSeat<K, T> seat = new GroupSeat<>(key, this);
        seats.open(seat);
        return seat;
    }

    private boolean put(GroupSeat<K, T> seat, T element) {
        if (!seat.isOpen()) {
            losses.drop(seat, element, GroupDrop.Reason.GROUP_ENDED);
        } else if (seat.size() < options.bufferSize()) {
            seat.add(element);
        } else {
            switch (options.whenFull()) {
                case WAIT -> {
                    hold(element, seat.key(), seat);
                    return false;
                }
                case DROP_LATEST -> losses.drop(seat, element, GroupDrop.Reason.BUFFER_FULL);
                case DROP_OLDEST -> {
                    T oldest = Objects.requireNonNull(seat.takeOldest(), "A full buffer is empty");
                    seat.add(element);
                    losses.drop(seat, oldest, GroupDrop.Reason.BUFFER_FULL);
                }
                case FAIL_GROUP -> {
                    losses.drop(seat, element, GroupDrop.Reason.BUFFER_FULL);
                    seat.end(new GroupFullException(seat.key(), options.bufferSize()));
                }
            }
        }
        timer.noWait();
        seats.serve(seat);
        return true;
    }

    private void hold(T element, K key, @Nullable GroupSeat<K, T> full) {
        held = element;
        heldKey = key;
        Throwable refused = timer.await(full == null ? this : full);
        if (refused != null) {
            fail(Operators.onOperatorError(s, refused, element, currentContext()));
        }
    }

    private void countTaken() {
        if (++taken == lowTide) {
            taken = 0;
            if (!done) {
                s.request(lowTide);
            }
        }
    }

    private void shutWhoHoldsUp() {
        Object awaited = timer.expired();
        if (awaited == null || closed) {
            return;
        }
        for (GroupSeat<K, T> seat : seats.all()) {
            if (seat == awaited) {
                shut(seat);
                return;
            }
        }
        GroupSeat<K, T> occupant = seats.leastWanted();
        if (awaited == this && occupant != null) {
            shut(occupant);
        }
    }

    private void shut(GroupSeat<K, T> seat) {
        losses.dropAll(seat, GroupDrop.Reason.NOT_ACCEPTED);
        seats.shut(seat, new GroupNotDrainedException(seat.key(), options.acceptTimeout()));
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
            for (GroupSeat<K, T> seat : seats.all()) {
                if (!seat.isClaimed()) {
                    shut(seat);
                    seats.remove(seat);
                }
            }
        }
        if (seats.isEmpty()) {
            outerOver = true;
            stopSorting();
        }
    }

    /** Ends everything by an error of the operator's own. */
    private void fail(Throwable thrown) {
        stopSorting();
        close(thrown);
    }

    private void stopSorting() {
        closed = true;
        if (!done) {
            s.cancel();
        }
        timer.dispose();
        T waiting = held;
        held = null;
        heldKey = null;
        if (waiting != null) {
            Operators.onDiscard(waiting, currentContext());
        }
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
        if (closed && !outerOver && !cancelled && !seats.hasUnannounced()) {
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
