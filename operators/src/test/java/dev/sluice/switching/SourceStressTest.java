package dev.sluice.switching;

import static dev.sluice.switching.Ends.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * Readers whose upstream is switched between two channels while they read, rest and are replaced. Every element is received
 * by one of them, or discarded by one that left. A reader alone also sees each channel in order; one of several need not,
 * for what another gives back when it leaves may be older than what it has got.
 */
@SuppressWarnings("ThreadPriorityCheck") // whoever waits lets the others run
class SourceStressTest {
    /** Demand rests when so many elements to a switch have come, so that there are many switches. */
    private static final int EACH_SWITCH = 100;

    /** The most one reader wants. */
    private static final int MOST = 40;

    private final Random random = new Random();
    private final List<Channel<Long>> channels = List.of(Ends.channel("left", 100), Ends.channel("right", 0));
    private final SwitchableSource<Long> source =
            SwitchableSource.create("reader", channels.get(0).receive(), UpstreamEnd.WAIT);
    private final AtomicLong arrived = new AtomicLong();
    private final AtomicInteger switches = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();

    /** The channel all readers have been switched to; -1 while they are being switched. */
    private volatile int current = -1;

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 2", "4, 4", "5, 4"})
    void switchTo_whileReadersReadAndLeave_losesNothing(long seed, int readers) throws Exception {
        random.setSeed(seed);
        readAll(readers, 100_000);
    }

    @Test
    @Tag("long")
    void switchTo_tenMillionElements() throws Exception {
        readAll(4, 10_000_000);
    }

    @Test
    @Tag("long")
    void switchTo_tenMillionElements_ofOneReader() throws Exception {
        readAll(1, 10_000_000);
    }

    private void readAll(int count, int elements) throws Exception {
        Ledger ledger = new Ledger(2, elements / 2);
        CountDownLatch sent = send(elements / 2);
        List<Reader> readers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            readers.add(new Reader(ledger, count == 1));
        }
        Thread demander = demand(readers, random.nextLong());
        try {
            while (arrived.get() < elements) {
                change(readers);
            }
        } finally {
            over.set(true);
        }
        demander.join();

        assertThat(sent.await(10, TimeUnit.SECONDS)).isTrue();
        ledger.verify(elements);
        assertThat(switches.get()).isGreaterThan(elements / (EACH_SWITCH + count * MOST) - 1);
    }

    private CountDownLatch send(int each) {
        CountDownLatch sent = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            int id = i;
            Thread sender = new Thread(() -> channels.get(id)
                    .sendAll(Flux.range(0, each).map(number -> Ledger.element(id, number)))
                    .subscribe(count -> sent.countDown()));
            sender.setDaemon(true);
            sender.start();
        }
        return sent;
    }

    private void change(List<Reader> readers) {
        int next = switches.get() % 2;
        current = -1;
        source.switchTo(channels.get(next).receive()).block(LONG);
        current = next;
        switches.incrementAndGet();
        if (random.nextInt(10) == 0) {
            int index = random.nextInt(readers.size());
            Reader leaving = readers.get(index);
            leaving.cancel();
            synchronized (readers) {
                readers.set(index, new Reader(leaving.ledger, leaving.inOrder));
            }
        }
        if (random.nextInt(20) == 0) {
            source.hold().then(source.resume()).block(LONG);
        }
        Thread.yield();
    }

    private Thread demand(List<Reader> readers, long seed) {
        Random choice = new Random(seed);
        Thread demander = new Thread(() -> {
            while (!over.get()) {
                Reader reader;
                synchronized (readers) {
                    reader = readers.get(choice.nextInt(readers.size()));
                }
                if (arrived.get() <= (switches.get() + 1L) * EACH_SWITCH) {
                    reader.want(1 + choice.nextInt(MOST));
                }
                Thread.yield();
            }
        });
        demander.setDaemon(true);
        demander.start();
        return demander;
    }

    private final class Reader extends BaseSubscriber<Long> {
        private final Ledger ledger;
        private final boolean inOrder;
        private final Ledger.Order order;
        private final AtomicBoolean busy = new AtomicBoolean();
        private final AtomicLong wanted = new AtomicLong(1);

        Reader(Ledger ledger, boolean inOrder) {
            this.ledger = ledger;
            this.inOrder = inOrder;
            this.order = ledger.new Order("reader");
            source.asFlux().subscribe(this);
        }

        void want(int more) {
            if (wanted.get() == 0) {
                wanted.addAndGet(more);
                request(more);
            }
        }

        @Override
        public Context currentContext() {
            return Operators.enableOnDiscard(Context.empty(), element -> discarded((Long) element));
        }

        /** A reader that leaves may have elements in hand; one that stays never loses any. */
        private void discarded(Long element) {
            if (!isDisposed()) {
                ledger.report(element + " was discarded by a reader that has not left");
            }
            ledger.discarded(element);
            arrived.incrementAndGet();
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
            int expected = current;
            if (expected >= 0 && expected != Ledger.sender(element) && !isDisposed()) {
                ledger.report(element + " came after the switch to another channel was done");
            }
            if (element % 16 == 0) {
                Thread.yield();
            }
            if (inOrder) {
                order.received(element);
            } else {
                ledger.received(element);
            }
            busy.set(false);
            wanted.decrementAndGet();
            arrived.incrementAndGet();
        }
    }
}
