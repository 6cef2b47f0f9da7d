package dev.sluice.nested;

import dev.sluice.nested.GroupOptions.WhenTooMany;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Operators;

/**
 * Puts one element after the other into its group, or lets it wait. Owned by the drain of {@link GroupRouter}.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>At most one element waits, {@code held}, and only while {@link AcceptTimer} runs. When that is over, somebody who
 *       took nothing all the time is ended, and there is room.
 *   <li>Every element lost to a limit is counted at its seat and reported, then it is discarded.
 * </ol>
 *
 * @param <K> the keys
 * @param <T> the elements
 */
final class GroupSorter<K, T> {

    private final GroupRouter<K, T> router;
    private final Function<? super T, ? extends K> keyOf;
    private final GroupOptions options;
    private final Seats<K, T> seats;
    private final AcceptTimer timer;
    private final GroupLosses losses;

    private @Nullable T held;
    private @Nullable K heldKey;

    GroupSorter(
            GroupRouter<K, T> router,
            Function<? super T, ? extends K> keyOf,
            GroupOptions options,
            Seats<K, T> seats,
            AcceptTimer timer) {
        this.router = router;
        this.keyOf = keyOf;
        this.options = options;
        this.seats = seats;
        this.timer = timer;
        this.losses = new GroupLosses(options.onDrop());
    }

    boolean isWaiting() {
        return held != null;
    }

    /** Takes one element to its group. False when there is none, or it has to wait, or it ended everything. */
    boolean sortOne() {
        T element = held;
        K key = heldKey;
        if (element == null || key == null) {
            element = router.takeFromInbox();
            key = element == null ? null : keyOf(element);
            if (element == null || key == null) {
                return false;
            }
        }
        held = null;
        heldKey = null;
        GroupSeat<K, T> seat = seats.find(key);
        if (seat == null) {
            seat = openSeat(key, element);
            if (seat == null) {
                return !router.isClosed() && held == null;
            }
        }
        return put(seat, element);
    }

    private @Nullable K keyOf(T element) {
        try {
            return Objects.requireNonNull(keyOf.apply(element), "The key of an element is null");
        } catch (Throwable thrown) {
            Operators.onDiscard(element, router.currentContext());
            router.failOn(element, thrown);
            return null;
        }
    }

    /** Null when the element was dealt with, or waits for a place. */
    private @Nullable GroupSeat<K, T> openSeat(K key, T element) {
        if (router.isCancelled()) {
            Operators.onDiscard(element, router.currentContext());
            return null;
        }
        if (!seats.hasPlace()) {
            // While some are not even asked for, it is the consumer that is slow, not the keys that are too many.
            if (options.whenTooMany() == WhenTooMany.FAIL && !seats.hasUnannounced()) {
                Operators.onDiscard(element, router.currentContext());
                router.fail(new TooManyGroupsException(key, options.maxGroups()));
            } else {
                hold(element, key, seats);
            }
            return null;
        }
        GroupSeat<K, T> seat = new GroupSeat<>(key, router);
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

    /** Awaits a seat, or a place among all of them. */
    private void hold(T element, K key, Object awaited) {
        held = element;
        heldKey = key;
        Throwable refused = timer.await(awaited);
        if (refused != null) {
            router.failOn(element, refused);
        }
    }

    void discardHeld() {
        T waiting = held;
        held = null;
        heldKey = null;
        if (waiting != null) {
            Operators.onDiscard(waiting, router.currentContext());
        }
    }

    /** The timer is due: ends whoever took nothing for as long as it ran. */
    void shutWhoHoldsUp() {
        Object awaited = timer.expired();
        if (awaited == null || router.isClosed()) {
            return;
        }
        GroupSeat<K, T> guilty = null;
        if (awaited == seats) {
            guilty = seats.leastWanted();
        } else {
            for (GroupSeat<K, T> seat : seats.all()) {
                if (seat == awaited) {
                    guilty = seat;
                }
            }
        }
        if (guilty != null) {
            shut(guilty);
        }
    }

    /** Nobody asks for groups any more, and these found no subscriber in time. */
    void shutUnclaimed() {
        for (GroupSeat<K, T> seat : seats.all()) {
            if (!seat.isClaimed()) {
                shut(seat);
                seats.remove(seat);
            }
        }
    }

    private void shut(GroupSeat<K, T> seat) {
        losses.dropAll(seat, GroupDrop.Reason.NOT_ACCEPTED);
        seats.shut(seat, new GroupNotDrainedException(seat.key(), options.acceptTimeout()));
    }
}
