package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import dev.sluice.channel.spi.AckedTogether;
import java.util.ArrayList;
import java.util.List;

/**
 * Acknowledged deliveries of a channel on their way to a receiver elsewhere. {@code open} holds those it has not settled, by their number, and
 * nothing of the others: one that is never settled holds back none behind it. Guarded by itself; deliveries are settled outside of the lock.
 */
final class DeliveredSource extends JoinedSource<Delivery<Frame>> {

    private final Numbered<Delivery<Frame>> open = new Numbered<>();

    DeliveredSource(Frame header) {
        super(
                header,
                delivery ->
                        Elements.encode((delivery.offset() << 1) | (delivery.redelivered() ? 1 : 0), delivery.value()));
    }

    @Override
    public void onNext(Delivery<Frame> delivery) {
        synchronized (open) {
            open.add(delivery);
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
        List<Delivery<Frame>> settled = take(from, count);
        if (taken) {
            AckedTogether.all(settled);
        } else {
            settled.forEach(Delivery::nack);
        }
    }

    /** Takes out those of a range, which a peer may make as long as it likes. */
    private List<Delivery<Frame>> take(long from, long count) {
        List<Delivery<Frame>> settled = new ArrayList<>();
        synchronized (open) {
            open.remove(from, count, settled);
        }
        return settled;
    }
}
