package dev.sluice.channel.spi;

import dev.sluice.channel.Delivery;
import java.util.ArrayList;
import java.util.List;

/**
 * A delivery that can be acknowledged together with others of its receiver, which then looks for more once instead of once for each: for those who
 * carry acknowledgements from elsewhere, where many come at a time.
 */
public interface AckedTogether {

    /** Whose delivery it is; those of one holder can be acknowledged together. */
    Object holder();

    /** Acknowledges deliveries of this one's holder; those that were settled before are left as they are. */
    void ackAll(List<? extends Delivery<?>> deliveries);

    /** Acknowledges all, together where that is possible, each as {@link Delivery#ack()} does. */
    static void all(List<? extends Delivery<?>> deliveries) {
        List<Delivery<?>> together = new ArrayList<>(deliveries.size());
        AckedTogether first = null;
        for (Delivery<?> delivery : deliveries) {
            if (delivery instanceof AckedTogether one && (first == null || one.holder() == first.holder())) {
                first = first == null ? one : first;
                together.add(delivery);
            } else {
                delivery.ack();
            }
        }
        if (first != null) {
            first.ackAll(together);
        }
    }
}
