package dev.sluice.channel.memory;

import dev.sluice.channel.Delivery;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/**
 * Passes deliveries on, and keeps them until they are acknowledged.
 *
 * @param <T> the element
 */
final class AckedReceiver<T> extends Receiver<T> {
    private final int maxUnacked;

    /** The first and the last that was given and is not settled. Guarded by the group's lock, as their links and {@link #count}. */
    private @Nullable MemoryDelivery<T> first;

    private @Nullable MemoryDelivery<T> last;
    private int count;

    AckedReceiver(CoreSubscriber<?> actual, int maxUnacked) {
        super(actual);
        this.maxUnacked = maxUnacked;
    }

    @Override
    long available() {
        return Math.min(demand, maxUnacked - count);
    }

    /** The batch holds deliveries in the place of elements. */
    @Override
    @SuppressWarnings("unchecked")
    void give(long offset, T value, Mark mark) {
        MemoryDelivery<T> delivery = new MemoryDelivery<>(this, offset, value, mark);
        link(delivery);
        super.give(offset, (T) delivery, Mark.NONE);
    }

    private void link(MemoryDelivery<T> delivery) {
        MemoryDelivery<T> before = last;
        delivery.previous = before;
        if (before == null) {
            first = delivery;
        } else {
            before.next = delivery;
        }
        last = delivery;
        delivery.open = true;
        count++;
    }

    private void unlink(MemoryDelivery<T> delivery) {
        MemoryDelivery<T> before = delivery.previous;
        MemoryDelivery<T> after = delivery.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        delivery.previous = null;
        delivery.next = null;
        delivery.open = false;
        count--;
    }

    @Override
    @SuppressWarnings("unchecked")
    void emit(long offset, Object value) {
        MemoryDelivery<T> delivery = (MemoryDelivery<T>) value;
        if (claim(delivery)) {
            actual.onNext(delivery);
        }
    }

    /** The delivery goes to its subscriber now; false when it went back meanwhile. */
    private boolean claim(MemoryDelivery<T> delivery) {
        Group<T> group = group();
        group.lock();
        try {
            if (delivery.open) {
                delivery.seen = true;
                group.tally.claimed(delivery.redelivered());
            }
            return delivery.open;
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
    @SuppressWarnings("unchecked")
    void ackAll(List<? extends Delivery<?>> deliveries) {
        Group<T> group = group();
        group.lock();
        int settled = 0;
        for (Delivery<?> delivery : deliveries) {
            MemoryDelivery<T> own = (MemoryDelivery<T>) delivery;
            if (own.open) {
                unlink(own);
                settled++;
            }
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
        if (!delivery.open) {
            return false;
        }
        unlink(delivery);
        group.tally.unackedGone(1);
        group.wantsMore(this);
        return true;
    }

    @Override
    long lowest() {
        long lowest = Long.MAX_VALUE;
        for (MemoryDelivery<T> delivery = first; delivery != null; delivery = delivery.next) {
            lowest = Math.min(lowest, delivery.offset());
        }
        return lowest;
    }

    @Override
    boolean holds() {
        return count > 0;
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
        for (MemoryDelivery<T> delivery = first; delivery != null; delivery = first) {
            unlink(delivery);
            // When the group is no more, who has seen an element keeps it.
            if (!(delivery.seen && into.isRemoved())) {
                Mark mark = delivery.seen ? delivery.mark.seen() : delivery.mark;
                into.takeBack(delivery.offset(), delivery.value(), mark);
            }
            seen += delivery.seen ? 1 : 0;
        }
        into.tally.unackedGone(seen);
        return unclaimed;
    }
}
