package dev.sluice.channel.memory;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * Passes deliveries on, and keeps them until they are acknowledged.
 *
 * @param <T> the element
 */
final class AckedReceiver<T> extends Receiver<T> {
    private final int maxUnacked;

    /** Given and not settled, by offset. Guarded by the group's lock. */
    private final TreeMap<Long, MemoryDelivery<T>> unsettled = new TreeMap<>();

    AckedReceiver(CoreSubscriber<?> actual, int maxUnacked) {
        super(actual);
        this.maxUnacked = maxUnacked;
    }

    @Override
    long available() {
        return Math.min(demand, maxUnacked - unsettled.size());
    }

    @Override
    void give(long offset, T value, boolean redelivered) {
        unsettled.put(offset, new MemoryDelivery<>(this, offset, value, redelivered));
        super.give(offset, value, redelivered);
    }

    @Override
    void emit(long offset, Object value, boolean redelivered) {
        MemoryDelivery<T> delivery = group().claim(this, offset);
        if (delivery != null) {
            actual.onNext(delivery);
        }
    }

    /** Under the lock: the delivery at an offset, which is with the subscriber from now on. */
    @Nullable MemoryDelivery<T> claim(long offset) {
        MemoryDelivery<T> delivery = unsettled.get(offset);
        if (delivery != null) {
            delivery.seen = true;
        }
        return delivery;
    }

    /** Under the lock: takes a delivery out; false when it was settled before. */
    boolean settle(MemoryDelivery<T> delivery) {
        return unsettled.remove(delivery.offset(), delivery);
    }

    @Override
    boolean holds() {
        return !unsettled.isEmpty();
    }

    @Override
    int delivered(int settled) {
        return 0;
    }

    /** They go back as deliveries. */
    @Override
    void giveBack(Group<T> into, long offset, T value, boolean redelivered) {}

    @Override
    int reclaim(Group<T> into) {
        int unclaimed = super.reclaim(into);
        int seen = 0;
        for (MemoryDelivery<T> delivery : unsettled.values()) {
            // When the group is no more, who has seen an element keeps it.
            if (!(delivery.seen && into.isRemoved())) {
                into.takeBack(delivery.offset(), delivery.value(), delivery.redelivered() || delivery.seen);
            }
            seen += delivery.seen ? 1 : 0;
        }
        unsettled.clear();
        into.unackedGone(seen);
        return unclaimed;
    }
}
