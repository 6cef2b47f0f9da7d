package dev.sluice.channel.memory;

import dev.sluice.channel.Delivery;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final Map<Long, MemoryDelivery<T>> unsettled = new HashMap<>();

    AckedReceiver(CoreSubscriber<?> actual, int maxUnacked) {
        super(actual);
        this.maxUnacked = maxUnacked;
    }

    @Override
    long available() {
        return Math.min(demand, maxUnacked - unsettled.size());
    }

    @Override
    void give(long offset, T value, Mark mark) {
        unsettled.put(offset, new MemoryDelivery<>(this, offset, value, mark));
        super.give(offset, value, mark);
    }

    @Override
    void emit(long offset, Object value) {
        MemoryDelivery<T> delivery = claim(offset);
        if (delivery != null) {
            actual.onNext(delivery);
        }
    }

    /** The delivery at an offset goes to its subscriber now; {@code null} when it went back meanwhile. */
    private @Nullable MemoryDelivery<T> claim(long offset) {
        Group<T> group = group();
        group.lock();
        try {
            MemoryDelivery<T> delivery = unsettled.get(offset);
            if (delivery != null) {
                delivery.seen = true;
                group.tally.claimed(delivery.redelivered());
            }
            return delivery;
        } finally {
            group.unlock();
        }
    }

    boolean ack(MemoryDelivery<T> delivery) {
        Group<T> group = group();
        group.lock();
        boolean settled = settle(group, delivery);
        group.unlock();
        group.run();
        return settled;
    }

    /** Acknowledges several of this receiver's, as one step. */
    void ackAll(List<? extends Delivery<?>> deliveries) {
        Group<T> group = group();
        group.lock();
        int settled = 0;
        for (Delivery<?> delivery : deliveries) {
            settled += unsettled.remove(delivery.offset(), delivery) ? 1 : 0;
        }
        if (settled > 0) {
            group.tally.unackedGone(settled);
            group.wantsMore(this);
        }
        group.unlock();
        group.run();
    }

    /** Gives back what is left of a delivery's element, which may be all of it. */
    boolean nack(MemoryDelivery<T> delivery, T left, Mark mark) {
        Group<T> group = group();
        boolean[] settled = new boolean[1];
        group.exclude(() -> {
            settled[0] = settle(group, delivery);
            if (settled[0]) {
                group.takeBack(delivery.offset(), left, mark);
            }
        });
        group.run();
        return settled[0];
    }

    /** Under the lock: takes a delivery out, which makes room for another; false when it was settled before. */
    private boolean settle(Group<T> group, MemoryDelivery<T> delivery) {
        if (!unsettled.remove(delivery.offset(), delivery)) {
            return false;
        }
        group.tally.unackedGone(1);
        group.wantsMore(this);
        return true;
    }

    @Override
    long lowest() {
        long lowest = Long.MAX_VALUE;
        for (long offset : unsettled.keySet()) {
            lowest = Math.min(lowest, offset);
        }
        return lowest;
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
    void giveBack(Group<T> into, long offset, T value, Mark mark) {}

    @Override
    int reclaim(Group<T> into) {
        int unclaimed = super.reclaim(into);
        int seen = 0;
        for (MemoryDelivery<T> delivery : unsettled.values()) {
            // When the group is no more, who has seen an element keeps it.
            if (!(delivery.seen && into.isRemoved())) {
                Mark mark = delivery.seen ? delivery.mark.seen() : delivery.mark;
                into.takeBack(delivery.offset(), delivery.value(), mark);
            }
            seen += delivery.seen ? 1 : 0;
        }
        unsettled.clear();
        into.tally.unackedGone(seen);
        return unclaimed;
    }
}
