package dev.sluice.channel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Delivery;
import dev.sluice.channel.GroupOptions;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Overflow;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import dev.sluice.channel.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/**
 * Everything a channel can do, at random and at the same time: and in the end sent = received + withdrawn + dropped, for
 * every group by itself.
 */
class ConservationProofTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int SENDERS = 3;
    private static final List<Retention> RETENTIONS =
            List.of(Retention.none(), Retention.last(10), Retention.forLast(Duration.ofMillis(1)), Retention.last(500));

    private final AtomicLong withdrawn = new AtomicLong();
    private volatile boolean over;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everything_atTheSameTime_losesNothing(long seed) throws Exception {
        run(seed, 4_000);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void everything_atTheSameTimeForLong_losesNothing(long seed) throws Exception {
        run(seed, 2_000_000);
    }

    private void run(long seed, int each) throws Exception {
        MemoryChannel<Integer> channel = new MemoryChannel<>(ChannelOptions.builder()
                .capacity((int) (seed % 4) * 3)
                .retention(seed % 2 == 0 ? Retention.none() : Retention.last(10))
                .build());
        channel.createGroup("shed", new GroupOptions(Overflow.DROP_OLDEST, 8, Position.earliest()))
                .block(LONG);
        Tally plain = new Tally(SENDERS * each);
        Tally acked = new Tally(SENDERS * each);
        Tally shed = new Tally(SENDERS * each);
        channel.createGroup("plain", GroupOptions.defaults()).block(LONG);
        channel.createGroup("acked", GroupOptions.defaults()).block(LONG);
        channel.receive("shed").subscribe(shed);
        BitSet accepted = race(channel, seed, each, plain, acked);

        channel.close();
        channel.receive("plain").doOnNext(plain::onNext).blockLast(LONG);
        channel.receiveAcked("acked")
                .doOnNext(delivery -> settle(delivery, acked))
                .blockLast(LONG);

        ChannelStats stats = channel.reading();
        assertThat(stats.accepted()).isEqualTo(accepted.cardinality());
        assertThat(plain.exactly(accepted)).as("received by the plain group").isEqualTo("each once");
        assertThat(acked.exactly(accepted)).as("acknowledged").isEqualTo("each once");
        assertThat(shed.count() + droppedBy(stats, "shed")).isEqualTo(accepted.cardinality());
        assertThat(accepted.cardinality() + withdrawn.get() + plain.refused.get())
                .as("sent")
                .isEqualTo((long) SENDERS * each);
        assertThat(stats.buffered()).isZero();
        assertThat(stats.waitingSends()).isZero();
    }

    private static long droppedBy(ChannelStats stats, String name) {
        return stats.groups().stream()
                .filter(group -> group.name().equals(name))
                .mapToLong(ChannelStats.GroupStats::dropped)
                .sum();
    }

    private BitSet race(MemoryChannel<Integer> channel, long seed, int each, Tally plain, Tally acked)
            throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        List<Future<BitSet>> senders = new ArrayList<>();
        List<Future<?>> others = new ArrayList<>();
        try {
            others.add(pool.submit(() -> repeat(new Random(seed + 1), random -> receiveSome(channel, plain, random))));
            others.add(pool.submit(() -> repeat(new Random(seed + 2), random -> ackSome(channel, acked, random))));
            others.add(pool.submit(() -> repeat(new Random(seed + 3), random -> disturb(channel, random))));
            for (int i = 0; i < SENDERS; i++) {
                int from = i * each;
                Random random = new Random(seed * 31 + i);
                senders.add(pool.submit(() -> send(channel, from, from + each, random, plain.refused)));
            }
            BitSet accepted = new BitSet(SENDERS * each);
            for (Future<BitSet> sender : senders) {
                accepted.or(sender.get(LONG.toSeconds(), TimeUnit.SECONDS));
            }
            over = true;
            for (Future<?> other : others) {
                other.get(LONG.toSeconds(), TimeUnit.SECONDS);
            }
            return accepted;
        } finally {
            over = true;
            pool.shutdownNow();
        }
    }

    private interface Step {
        void run(Random random);
    }

    private void repeat(Random random, Step step) {
        while (!over) {
            step.run(random);
        }
    }

    private static void spin(int most, Random random) {
        for (int spins = random.nextInt(most); spins > 0; spins--) {
            Thread.onSpinWait();
        }
    }

    /** Sends a range in every way there is; gives what was accepted. */
    private BitSet send(MemoryChannel<Integer> channel, int from, int to, Random random, AtomicLong refused) {
        BitSet accepted = new BitSet();
        int next = from;
        while (next < to) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    if (channel.trySend(next) == SendResult.ACCEPTED) {
                        accepted.set(next);
                    } else {
                        refused.incrementAndGet();
                    }
                    next++;
                }
                case 1 -> {
                    channel.send(next).block(LONG);
                    accepted.set(next++);
                }
                case 2 -> {
                    int element = next++;
                    accepted.set(element);
                    Disposable send = channel.send(element)
                            .doOnDiscard(Integer.class, mine -> {
                                accepted.clear(mine);
                                withdrawn.incrementAndGet();
                            })
                            .subscribe();
                    spin(200, random);
                    send.dispose();
                }
                default -> {
                    int count = Math.min(to - next, 1 + random.nextInt(40));
                    Flux<Integer> some = Flux.range(next, count);
                    channel.sendAll(random.nextBoolean() ? some : some.hide()).block(LONG);
                    accepted.set(next, next + count);
                    next += count;
                }
            }
        }
        return accepted;
    }

    /** Receives some and leaves, in the middle or before it has got anything. */
    private static void receiveSome(MemoryChannel<Integer> channel, Tally tally, Random random) {
        Member member = new Member(tally, 1 + random.nextInt(60));
        channel.receive("plain").subscribe(member);
        spin(3_000, random);
        member.cancel();
    }

    /** Acknowledges some, gives some back, forgets some, and leaves. */
    private static void ackSome(MemoryChannel<Integer> channel, Tally tally, Random random) {
        Disposable receiver = channel.receiveAcked("acked", 1 + random.nextInt(30))
                .subscribe(delivery -> {
                    switch (random.nextInt(6)) {
                        case 0 -> delivery.nack();
                        case 1 -> {}
                        default -> settle(delivery, tally);
                    }
                });
        spin(3_000, random);
        receiver.dispose();
    }

    private static void settle(Delivery<Integer> delivery, Tally tally) {
        if (delivery.ack()) {
            tally.onNext(delivery.value());
        }
    }

    /** Resizes, retains, listens, and adds and removes groups, so that tickets are left out as well. */
    private static void disturb(MemoryChannel<Integer> channel, Random random) {
        switch (random.nextInt(6)) {
            case 0 -> channel.resize(random.nextInt(10)).block(LONG);
            case 1 ->
                channel.listen(Position.earliest()).take(1 + random.nextInt(20)).subscribe();
            case 2 -> {
                Disposable listening = channel.listen(Position.latest(), new ListenOptions(Overflow.DROP_LATEST, 2))
                        .subscribe();
                spin(500, random);
                listening.dispose();
            }
            case 3 -> {
                channel.createGroup("guest", GroupOptions.defaults()).block(LONG);
                Disposable guest = channel.receive("guest").subscribe();
                spin(500, random);
                guest.dispose();
                channel.removeGroup("guest").block(LONG);
            }
            case 4 ->
                channel.retain(RETENTIONS.get(random.nextInt(RETENTIONS.size())))
                        .block(LONG);
            default -> {
                for (int i = 0; i < 200; i++) {
                    channel.listen().subscribe().dispose();
                }
            }
        }
    }

    /** How often each element came. Counts what is on its way when somebody cancels, for that was received (rule 2.8). */
    private static final class Tally implements CoreSubscriber<Integer> {
        private final AtomicIntegerArray times;
        private final AtomicLong refused = new AtomicLong();

        Tally(int elements) {
            times = new AtomicIntegerArray(elements);
        }

        long count() {
            long count = 0;
            for (int i = 0; i < times.length(); i++) {
                count += times.get(i);
            }
            return count;
        }

        String exactly(BitSet accepted) {
            for (int i = 0; i < times.length(); i++) {
                int expected = accepted.get(i) ? 1 : 0;
                if (times.get(i) != expected) {
                    return "element " + i + " came " + times.get(i) + " times, not " + expected;
                }
            }
            return "each once";
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Integer element) {
            times.incrementAndGet(element);
        }

        @Override
        public void onError(Throwable error) {
            throw new AssertionError(error);
        }

        @Override
        public void onComplete() {}
    }

    private static final class Member implements CoreSubscriber<Integer> {
        private final Tally tally;
        private final long demand;
        private volatile Subscription subscription;

        Member(Tally tally, long demand) {
            this.tally = tally;
            this.demand = demand;
        }

        void cancel() {
            subscription.cancel();
        }

        @Override
        public void onSubscribe(Subscription s) {
            subscription = s;
            s.request(demand);
        }

        @Override
        public void onNext(Integer element) {
            tally.onNext(element);
        }

        @Override
        public void onError(Throwable error) {
            tally.onError(error);
        }

        @Override
        public void onComplete() {}
    }
}
