package dev.sluice.rsocket.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Operators;

/** Deliveries on their way to a receiver elsewhere, and what it says of them. */
class DeliveredSourceTest {

    private final DeliveredSource source = new DeliveredSource(Frame.EMPTY);
    private final List<Long> acked = new ArrayList<>();
    private final List<Long> nacked = new ArrayList<>();

    private void subscribe() {
        source.onSubscribe(Operators.emptySubscription());
        source.frames().subscribe();
    }

    private void deliver(int count) {
        for (int i = 0; i < count; i++) {
            source.onNext(new Told(i));
        }
    }

    private final class Told implements Delivery<Frame> {
        private final long offset;

        Told(long offset) {
            this.offset = offset;
        }

        @Override
        public Frame value() {
            return Frame.EMPTY;
        }

        @Override
        public long offset() {
            return offset;
        }

        @Override
        public boolean redelivered() {
            return false;
        }

        @Override
        public boolean ack() {
            return acked.add(offset);
        }

        @Override
        public boolean nack() {
            return nacked.add(offset);
        }
    }

    @Test
    void deliveries_acknowledgedInRanges_areSettledInOrderAndOnce() {
        subscribe();
        deliver(10);

        source.acknowledged(2, 3, true);
        source.acknowledged(0, 4, false);
        source.acknowledged(0, Long.MAX_VALUE, true);

        assertThat(acked).containsExactly(2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(nacked).containsExactly(0L, 1L);
    }

    @Test
    void delivery_thatIsNeverSettled_holdsBackNoneBehindIt() {
        subscribe();
        for (int i = 0; i < 10_000; i++) {
            deliver(1);
            if (i > 0) {
                source.acknowledged(i, 1, true);
            }
        }

        assertThat(acked).hasSize(9_999);
        assertThat(source.unsettled()).isEqualTo(1);
    }
}
