package dev.sluice.nested;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;

/** What the user holds of a group. */
final class GroupFlux<K, T> extends Group<K, T> implements Scannable {

    private final GroupSeat<K, T> seat;

    GroupFlux(GroupSeat<K, T> seat) {
        this.seat = seat;
    }

    @Override
    public K key() {
        return seat.key();
    }

    @Override
    public void discard() {
        seat.discard();
    }

    @Override
    public long dropped() {
        return seat.dropped();
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        seat.subscribe(actual);
    }

    @Override
    public int getPrefetch() {
        return 0;
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return seat.scanUnsafe(key);
    }

    @Override
    public String stepName() {
        return "group";
    }

    @Override
    public String toString() {
        return "Group(" + Keys.shown(seat.key()) + ")";
    }
}
