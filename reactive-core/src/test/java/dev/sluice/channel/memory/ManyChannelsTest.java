package dev.sluice.channel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channels;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** A registry of a million idle channels. */
class ManyChannelsTest {

    private static final int MANY = 1_000_000;

    /** Far above what a channel needs, far below what would make idle channels a burden. */
    private static final long MOST_BYTES_PER_CHANNEL = 450;

    @Test
    void aMillionIdleChannels_areCreatedListedAndSmall(TestReporter reporter) {
        Channels channels = Channels.inMemory();
        long before = usedHeap();

        for (int i = 0; i < MANY; i++) {
            channels.channel("device/" + i / 1_000 + "/" + i % 1_000);
        }

        long bytes = (usedHeap() - before) / MANY;
        reporter.publishEntry("bytes per idle channel, name included", String.valueOf(bytes));
        assertThat(bytes).as("bytes per channel").isLessThan(MOST_BYTES_PER_CHANNEL);
        assertThat(channels.count().block()).isEqualTo(MANY);
        AtomicLong listed = new AtomicLong();
        channels.list("").subscribe(new InBatches(listed, 100));
        assertThat(listed).hasValue(MANY);
        assertThat(channels.list("device/77/*").count().block()).isEqualTo(1_000);
    }

    /** Asks for some at a time, and sees that it gets no more. */
    private static final class InBatches extends BaseSubscriber<String> {
        private final AtomicLong listed;
        private final int batch;
        private long asked;
        private String last = "";

        InBatches(AtomicLong listed, int batch) {
            this.listed = listed;
            this.batch = batch;
        }

        @Override
        protected void hookOnSubscribe(Subscription s) {
            ask();
        }

        private void ask() {
            asked += batch;
            request(batch);
        }

        @Override
        protected void hookOnNext(String name) {
            assertThat(name.compareTo(last)).isPositive();
            last = name;
            assertThat(listed.incrementAndGet()).isLessThanOrEqualTo(asked);
            if (listed.get() == asked) {
                ask();
            }
        }

        @Override
        protected void hookOnError(Throwable error) {
            throw new AssertionError(error);
        }
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
