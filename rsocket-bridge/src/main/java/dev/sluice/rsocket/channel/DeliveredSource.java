package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Acknowledged deliveries of a channel on their way to a receiver elsewhere. {@code open} holds those it has not settled, by their number, and
 * nothing of the others: one that is never settled holds back none behind it. Guarded by itself; deliveries are settled outside of the lock.
 */
final class DeliveredSource extends JoinedSource<Delivery<Frame>> {

    private final NavigableMap<Long, Delivery<Frame>> open = new TreeMap<>();
    private long next;

    DeliveredSource(Frame header) {
        super(
                header,
                delivery ->
                        Elements.encode((delivery.offset() << 1) | (delivery.redelivered() ? 1 : 0), delivery.value()));
    }

    @Override
    public void onNext(Delivery<Frame> delivery) {
        synchronized (open) {
            open.put(next++, delivery);
        }
        super.onNext(delivery);
    }

    /** How many it holds. */
    int unsettled() {
        synchronized (open) {
            return open.size();
        }
    }

    @Override
    public void acknowledged(long from, long count, boolean taken) {
        List<Delivery<Frame>> settled;
        synchronized (open) {
            Map<Long, Delivery<Frame>> told = open.subMap(from, from + count);
            settled = new ArrayList<>(told.values());
            told.clear();
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
