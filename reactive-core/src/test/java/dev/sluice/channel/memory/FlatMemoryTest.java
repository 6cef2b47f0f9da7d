package dev.sluice.channel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Delivery;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Overflow;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** However many elements pass, a channel with slow receivers needs no more memory than at the beginning. */
class FlatMemoryTest {
    private static final int SAMPLES = 20;

    /** What the heap of a test process moves by in any case. */
    private static final long NOISE = 512 << 10;

    @Test
    void memory_ofAShortRun_isFlat(TestReporter reporter) {
        run(50_000, reporter);
    }

    @Test
    @Tag("long")
    void memory_ofALongRun_isFlat(TestReporter reporter) {
        run(5_000_000, reporter);
    }

    /** Sends so many elements between two samples, each of them some hundred bytes. */
    private static void run(int elements, TestReporter reporter) {
        Channel<byte[]> channel = Channel.create(ChannelOptions.builder()
                .capacity(100)
                .retention(Retention.last(50))
                .build());
        List<Slow> receivers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            receivers.add(channel.receive().subscribeWith(new Slow()));
        }
        Acking acking = new Acking();
        channel.receiveAcked("acked", 7).subscribe(acking);
        channel.listen(Position.latest(), new ListenOptions(Overflow.DROP_OLDEST, 20))
                .subscribe(new Slow());
        List<Long> heap = new ArrayList<>();
        for (int sample = 0; sample < SAMPLES; sample++) {
            for (int i = 0; i < elements; i++) {
                channel.send(new byte[200]).subscribe();
                receivers.get(i % receivers.size()).request(1);
                acking.settle(i);
                if (i % 100 == 0) {
                    comeAndGo(channel);
                }
            }
            heap.add(usedHeap());
        }
        reporter.publishEntry("heap in use after each " + elements + " elements", heap.toString());

        long early = Collections.min(heap.subList(0, SAMPLES / 2));
        long late = Collections.min(heap.subList(SAMPLES / 2, SAMPLES));
        assertThat(late).isLessThan(early + NOISE);
        assertThat(channel.stats().block().waitingSends()).isLessThanOrEqualTo(1);
    }

    /** Readers that stay for a moment, with and without having read. */
    private static void comeAndGo(Channel<byte[]> channel) {
        channel.listen(Position.earliest()).take(5).subscribe();
        channel.listen().subscribe().dispose();
        channel.receive().subscribeWith(new Slow()).dispose();
        channel.send(new byte[200]).subscribe().dispose();
        channel.resize(100).subscribe();
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Asks for what it is told to, and for nothing before. */
    private static final class Slow extends BaseSubscriber<byte[]> {
        @Override
        protected void hookOnSubscribe(Subscription subscription) {}
    }

    /** Gives one back out of ten. */
    private static final class Acking extends BaseSubscriber<Delivery<byte[]>> {
        private final List<Delivery<byte[]>> open = new ArrayList<>();

        @Override
        protected void hookOnNext(Delivery<byte[]> delivery) {
            open.add(delivery);
        }

        void settle(int turn) {
            List<Delivery<byte[]>> settling = List.copyOf(open);
            open.clear();
            for (Delivery<byte[]> delivery : settling) {
                if (turn % 10 == 0) {
                    delivery.nack();
                } else {
                    delivery.ack();
                }
            }
        }
    }
}
