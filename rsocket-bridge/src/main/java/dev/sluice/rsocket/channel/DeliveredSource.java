package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Acknowledged deliveries of a channel on their way to a receiver elsewhere. {@code open} holds those it has not settled, by their number: the
 * first is number {@code first}. Guarded by itself; deliveries are settled outside of the lock.
 */
final class DeliveredSource extends JoinedSource<Delivery<Frame>> {

    private final ArrayDeque<Slot> open = new ArrayDeque<>();
    private long first;

    DeliveredSource(Frame header) {
        super(
                header,
                delivery ->
                        Elements.encode((delivery.offset() << 1) | (delivery.redelivered() ? 1 : 0), delivery.value()));
    }

    /** A delivery, or none once it is settled. */
    private static final class Slot {
        private @Nullable Delivery<Frame> delivery;

        Slot(Delivery<Frame> delivery) {
            this.delivery = delivery;
        }
    }

    @Override
    public void onNext(Delivery<Frame> delivery) {
        synchronized (open) {
            open.add(new Slot(delivery));
        }
        super.onNext(delivery);
    }

    @Override
    public void acknowledged(long from, long count, boolean taken) {
        ArrayDeque<Delivery<Frame>> settled = new ArrayDeque<>();
        synchronized (open) {
            long skip = Math.max(0, from - first);
            long end = from + count - first;
            long at = 0;
            for (Slot slot : open) {
                if (at >= end) {
                    break;
                }
                if (at++ >= skip && slot.delivery != null) {
                    settled.add(slot.delivery);
                    slot.delivery = null;
                }
            }
            for (Slot oldest = open.peek(); oldest != null && oldest.delivery == null; oldest = open.peek()) {
                open.remove();
                first++;
            }
        }
        for (Delivery<Frame> delivery : settled) {
            if (taken) {
                delivery.ack();
            } else {
                delivery.nack();
            }
        }
    }
}
