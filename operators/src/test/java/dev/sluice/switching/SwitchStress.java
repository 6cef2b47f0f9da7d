package dev.sluice.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Codec;
import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Eight senders of four kinds and four receivers at two channels, while somebody switches all the time. Elements may also
 * end in a sinkhole, or be withdrawn; nowhere else.
 */
@SuppressWarnings("ThreadPriorityCheck") // whoever waits lets the others run
final class SwitchStress implements AutoCloseable {
    static final int SENDERS = 8;

    /** How many elements some of the senders send between two switches, unless they wait: about 100 µs. */
    private static final int PACE = 64;

    private final int each;
    private final Random random;
    private final Scheduler receivers = Schedulers.newParallel("receiver", 4);
    private final CountDownLatch received = new CountDownLatch(4);
    private final CountDownLatch sent = new CountDownLatch(SENDERS);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicInteger progress = new AtomicInteger();

    final Ledger ledger;
    final Channel<Long> left;
    final Channel<Long> right;

    /** Shares no lock with the others, so it is left in several steps. */
    final Channel<Long> viewOfRight;

    final Sinkhole<Long> sinkhole;
    final SwitchableSink<Long> first;
    final SwitchableSink<Long> second;
    final SwitchableSink<Long> follower;
    int switches;

    SwitchStress(long seed, int elements, int capacity) {
        this.each = elements / SENDERS;
        this.random = new Random(seed);
        this.ledger = new Ledger(SENDERS, each);
        this.left = Ends.channel("left", capacity);
        this.right = Ends.channel("right", capacity);
        this.viewOfRight = right.as(new Same());
        this.sinkhole =
                Sinkhole.<Long>builder("sinkhole").onDiscard(ledger::discarded).build();
        this.first = SwitchableSink.create("first", left);
        this.second = SwitchableSink.create("second", right);
        this.follower = SwitchableSink.create("follower", first);
    }

    /** Sends everything while the operator works; then accounts for it. */
    void run(List<Sender<Long>> sinks, Operator operator) throws Exception {
        for (Channel<Long> channel : List.of(left, right)) {
            for (int i = 0; i < 2; i++) {
                receive(channel, ledger.new Order(channel.name() + i));
            }
        }
        for (int i = 0; i < SENDERS; i++) {
            start(i, sinks.get(i % sinks.size()));
        }
        while (sent.getCount() > 0) {
            int before = progress.get();
            operator.act(random);
            switches++;
            while (progress.get() - before < PACE && sent.getCount() > 0 && !isStuck()) {
                Thread.onSpinWait();
            }
        }
        operator.finish();
        left.close();
        right.close();
        assertThat(received.await(60, TimeUnit.SECONDS)).as("all receivers end").isTrue();
        assertThat(failure.get()).isNull();
        ledger.verify((long) each * SENDERS);
    }

    private static final class Same implements Codec<Long, Long> {
        @Override
        public Long encode(Long value) {
            return value;
        }

        @Override
        public Long decode(Long wire) {
            return wire;
        }
    }

    interface Operator {
        void act(Random random);

        /** All sends are done. */
        default void finish() {}
    }

    /** Whether senders may be waiting for the operator: always possible, so it never waits long for progress. */
    private boolean isStuck() {
        Thread.yield();
        return random.nextInt(64) == 0;
    }

    private void receive(Channel<Long> channel, Ledger.Order order) {
        channel.receive()
                .publishOn(receivers, 16)
                .doFinally(end -> received.countDown())
                .subscribe(order::received, error -> failure.compareAndSet(null, error));
    }

    private void start(int id, Sender<Long> sink) {
        Thread thread = new Thread(
                () -> {
                    try {
                        switch (id % 4) {
                            case 0 -> trySendAll(id, sink);
                            case 1 -> sendAllInTurn(id, sink);
                            case 2 -> sendPublisher(id, sink);
                            default -> sendAndCancel(id, sink);
                        }
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                    } finally {
                        sent.countDown();
                    }
                },
                "sender-" + id);
        thread.setDaemon(true);
        thread.start();
    }

    private void trySendAll(int id, Sender<Long> sink) {
        for (int i = 0; i < each; i++) {
            while (sink.trySend(Ledger.element(id, i)) != SendResult.ACCEPTED) {
                Thread.yield();
            }
            progress.lazySet(progress.get() + 1);
        }
    }

    private void sendAllInTurn(int id, Sender<Long> sink) {
        for (int i = 0; i < each; i++) {
            AtomicBoolean done = new AtomicBoolean();
            sink.send(Ledger.element(id, i)).subscribe(any -> {}, this::fail, () -> done.set(true));
            await(done);
            progress.lazySet(progress.get() + 1);
        }
    }

    private void sendPublisher(int id, Sender<Long> sink) {
        Flux<Long> elements = Flux.range(0, each).map(i -> Ledger.element(id, i));
        if (id % 8 == 2) {
            // What is at hand is committed together.
            elements = Flux.fromArray(elements.collectList().block().toArray(Long[]::new));
        }
        Long count = sink.sendAll(elements).block(Duration.ofMinutes(60));
        assertThat(count).isEqualTo(each);
    }

    /** Leaves several sends open at once, and cancels some of them after a while. */
    private void sendAndCancel(int id, Sender<Long> sink) {
        SplittableRandom dice = new SplittableRandom(id);
        List<AtomicBoolean> open = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            long element = Ledger.element(id, i);
            AtomicBoolean done = new AtomicBoolean();
            AtomicBoolean discarded = new AtomicBoolean();
            Disposable send = sink.send(element)
                    .doOnDiscard(Long.class, any -> {
                        discarded.set(true);
                        ledger.withdrawn(element);
                    })
                    .subscribe(any -> {}, this::fail, () -> done.set(true));
            open.add(done);
            if (dice.nextInt(4) == 0) {
                for (int spin = dice.nextInt(50); spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                send.dispose();
                done.set(true);
            }
            if (open.size() == 8) {
                open.forEach(this::await);
                open.clear();
            }
        }
        open.forEach(this::await);
    }

    private void await(AtomicBoolean done) {
        while (!done.get() && failure.get() == null) {
            Thread.yield();
        }
    }

    private void fail(Throwable error) {
        failure.compareAndSet(null, error);
    }

    @Override
    public void close() {
        receivers.dispose();
    }
}
