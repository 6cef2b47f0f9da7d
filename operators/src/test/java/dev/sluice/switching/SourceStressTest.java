package dev.sluice.switching;

import static dev.sluice.switching.Ends.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/** Four readers whose upstream is switched between two channels while they read, rest and are replaced. */
@SuppressWarnings("ThreadPriorityCheck") // whoever waits lets the others run
class SourceStressTest {

    private static final int READERS = 4;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void switchTo_whileReadersReadAndLeave_losesNothing(long seed) throws Exception {
        readAll(seed, 100_000);
    }

    @Test
    @Tag("long")
    void switchTo_tenMillionElements() throws Exception {
        readAll(System.nanoTime(), 10_000_000);
    }

    private static void readAll(long seed, int elements) throws Exception {
        int each = elements / 2;
        Ledger ledger = new Ledger(2, each);
        AtomicLong received = new AtomicLong();
        List<Channel<Long>> channels = List.of(Ends.channel("left", 100), Ends.channel("right", 0));
        SwitchableSource<Long> source =
                SwitchableSource.create("reader", channels.get(0).receive(), UpstreamEnd.WAIT);
        CountDownLatch sent = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            int id = i;
            Thread sender = new Thread(() -> {
                channels.get(id)
                        .sendAll(Flux.range(0, each).map(number -> Ledger.element(id, number)))
                        .subscribe(count -> sent.countDown());
            });
            sender.start();
        }
        Random random = new Random(seed);
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(new Reader(ledger, received, source));
        }
        AtomicBoolean over = new AtomicBoolean();
        Thread demander = demand(readers, over, seed);
        int switches = 0;
        while (received.get() < elements) {
            source.switchTo(channels.get(switches % 2).receive()).block(LONG);
            switches++;
            if (random.nextInt(10) == 0) {
                int index = random.nextInt(READERS);
                readers.get(index).cancel();
                synchronized (readers) {
                    readers.set(index, new Reader(ledger, received, source));
                }
            }
            if (random.nextInt(20) == 0) {
                source.hold().then(source.resume()).block(LONG);
            }
            Thread.yield();
        }
        over.set(true);
        demander.join();
        assertThat(sent.getCount()).isZero();
        ledger.verify(elements);
        assertThat(switches).as("switches with seed %d", seed).isGreaterThan(10);
    }

    private static Thread demand(List<Reader> readers, AtomicBoolean over, long seed) {
        Random random = new Random(seed);
        Thread demander = new Thread(() -> {
            while (!over.get()) {
                Reader reader;
                synchronized (readers) {
                    reader = readers.get(random.nextInt(READERS));
                }
                reader.request(1 + random.nextInt(40));
                Thread.yield();
            }
        });
        demander.start();
        return demander;
    }

    /** Keeps the order of each channel, as one reader of several sees it: it never goes back. */
    private static final class Reader extends BaseSubscriber<Long> {
        private final Ledger.Order order;
        private final AtomicLong received;
        private final AtomicBoolean busy = new AtomicBoolean();
        private final Ledger ledger;

        Reader(Ledger ledger, AtomicLong received, SwitchableSource<Long> source) {
            this.ledger = ledger;
            this.order = ledger.new Order("reader");
            this.received = received;
            source.asFlux().subscribe(this);
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        protected void hookOnNext(Long element) {
            if (!busy.compareAndSet(false, true)) {
                ledger.report("two signals at once");
            }
            order.received(element);
            received.incrementAndGet();
            busy.set(false);
        }
    }
}
