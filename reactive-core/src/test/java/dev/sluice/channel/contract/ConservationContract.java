package dev.sluice.channel.contract;

import static dev.sluice.channel.contract.Fixture.LONG;
import static dev.sluice.channel.contract.Fixture.eventually;
import static dev.sluice.channel.contract.Fixture.stats;
import static dev.sluice.channel.contract.Fixture.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Delivery;
import dev.sluice.channel.Entry;
import dev.sluice.channel.GroupOptions;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Position;
import dev.sluice.channel.SendResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** Under race nothing is lost, nothing doubled, nothing out of order: seeded, and bounded in time. */
interface ConservationContract extends Fixture {

    /** Elements per sender. */
    int COUNT = 4_000;

    /** Each sender numbers its elements from a multiple of this. */
    int SENDER = 1_000_000;

    /** What became of the elements of one sender, by its own account; what was withdrawn may be told later. */
    record Account(List<Integer> sent, Set<Integer> withdrawn) {

        List<Integer> accepted() {
            return sent.stream().filter(element -> !withdrawn.contains(element)).toList();
        }
    }

    /** Sends in every way there is, and sometimes changes its mind. */
    private static Account sendInEveryWay(Channel<Integer> channel, int sender, Random random) {
        List<Integer> kept = new ArrayList<>();
        Set<Integer> withdrawn = ConcurrentHashMap.newKeySet();
        int next = sender * SENDER;
        int end = next + COUNT;
        while (next < end) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    if (channel.trySend(next) == SendResult.ACCEPTED) {
                        kept.add(next);
                    }
                    next++;
                }
                case 1 -> {
                    channel.send(next).block(LONG);
                    kept.add(next++);
                }
                case 2 -> {
                    Disposable send = channel.send(next)
                            .doOnDiscard(Integer.class, withdrawn::add)
                            .subscribe();
                    for (int spins = random.nextInt(200); spins > 0; spins--) {
                        Thread.onSpinWait();
                    }
                    send.dispose();
                    kept.add(next++);
                }
                default -> {
                    int count = Math.min(end - next, 1 + random.nextInt(20));
                    Flux<Integer> some = Flux.range(next, count);
                    channel.sendAll(random.nextBoolean() ? some : some.hide()).block(LONG);
                    IntStream.range(next, next + count).forEach(kept::add);
                    next += count;
                }
            }
        }
        return new Account(kept, withdrawn);
    }

    private static List<Callable<Account>> senders(Channel<Integer> channel, int count, long seed) {
        List<Callable<Account>> senders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int sender = i;
            senders.add(() -> sendInEveryWay(channel, sender, new Random(seed * 31 + sender)));
        }
        return senders;
    }

    private static Runnable resizing(Channel<Integer> channel, long seed) {
        Random random = new Random(seed);
        int[] capacities = {0, 1, 2, 7, 300};
        return () ->
                channel.resize(capacities[random.nextInt(capacities.length)]).block(LONG);
    }

    /** A receiver that asks for a few elements and leaves, sometimes before it got them. */
    private static Runnable comingAndGoing(Channel<Integer> channel, Collection<Integer> received, long seed) {
        Random random = new Random(seed);
        return () -> {
            Recorder receiver = new Recorder(received, 1 + random.nextInt(40));
            channel.receive().subscribe(receiver);
            for (int spins = random.nextInt(2_000); spins > 0; spins--) {
                Thread.onSpinWait();
            }
            receiver.cancel();
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    default void race_sendersReceiversCancelsResizes_conserveEveryElement(long seed) throws Exception {
        Channel<Integer> channel = open((int) (seed % 4));
        Queue<Integer> received = new ConcurrentLinkedQueue<>();
        List<Account> accounts;
        try (Race race = new Race()) {
            subscribeRecording(channel, received);
            subscribeRecording(channel, received);
            race.meanwhile(resizing(channel, seed));
            accounts = race.together(senders(channel, 3, seed));
        }
        channel.close();
        channel.receive().doOnNext(received::add).blockLast(LONG);

        assertConserved(channel, accounts, received);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    default void race_receiversThatComeAndGo_strandNothing(long seed) throws Exception {
        Channel<Integer> channel = open((int) (seed % 4));
        Queue<Integer> received = new ConcurrentLinkedQueue<>();
        List<Account> accounts;
        try (Race race = new Race()) {
            race.meanwhile(comingAndGoing(channel, received, seed));
            race.meanwhile(comingAndGoing(channel, received, seed + 100));
            accounts = race.together(senders(channel, 2, seed));
        }
        channel.close();
        channel.receive().doOnNext(received::add).blockLast(LONG);

        assertConserved(channel, accounts, received);
    }

    private static void subscribeRecording(Channel<Integer> channel, Collection<Integer> received) {
        channel.receive().subscribe(new Recorder(received, Long.MAX_VALUE));
    }

    private static void assertConserved(
            Channel<Integer> channel, List<Account> accounts, Collection<Integer> received) {
        eventually(() -> assertThat(received).hasSize(accepted(accounts).size()));
        List<Integer> accepted = accepted(accounts);
        assertThat(received).doesNotHaveDuplicates();
        assertThat(Set.copyOf(received)).isEqualTo(Set.copyOf(accepted));
        long withdrawn = accounts.stream().mapToLong(a -> a.withdrawn().size()).sum();
        eventually(() -> assertThat(deliveredOnce(stats(channel))).isEqualTo(accepted.size()));
        assertThat(stats(channel).accepted()).isEqualTo(accepted.size());
        assertThat(stats(channel).buffered()).isZero();
        assertThat(stats(channel).waitingSends()).isZero();
        assertThat(stats(channel).withdrawn()).isLessThanOrEqualTo(withdrawn);
    }

    /** What goes to a receiver elsewhere that leaves before it gets it comes back, and is delivered again. */
    private static long deliveredOnce(ChannelStats stats) {
        return stats.delivered()
                - stats.groups().stream()
                        .mapToLong(ChannelStats.GroupStats::redelivered)
                        .sum();
    }

    private static List<Integer> accepted(List<Account> accounts) {
        return accounts.stream().flatMap(a -> a.accepted().stream()).toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    default void race_order_isTheSenders_andByOffset_andTheSameForAll(long seed) throws Exception {
        Channel<Integer> channel =
                open(ChannelOptions.builder().capacity((int) (seed * 3)).build());
        channel.createGroup("many", GroupOptions.defaults()).block(LONG);
        TestSubscriber<Integer> one = subscribe(channel.receive("one"));
        List<TestSubscriber<Integer>> many =
                List.of(subscribe(channel.receive("many")), subscribe(channel.receive("many")));
        TestSubscriber<Entry<Integer>> listener =
                subscribe(channel.listenEntries(Position.latest(), ListenOptions.defaults()));
        List<Account> accounts;
        try (Race race = new Race()) {
            race.meanwhile(resizing(channel, seed));
            accounts = race.together(senders(channel, 3, seed));
        }
        channel.close();
        eventually(() -> assertThat(one.isTerminatedComplete()).isTrue());
        eventually(() -> assertThat(listener.isTerminatedComplete()).isTrue());
        eventually(() -> assertThat(many).allMatch(TestSubscriber::isTerminatedComplete));

        List<Integer> inOrder = one.getReceivedOnNext();
        assertThat(listener.getReceivedOnNext()).extracting(Entry::value).isEqualTo(inOrder);
        assertThat(listener.getReceivedOnNext())
                .extracting(Entry::offset)
                .isSorted()
                .doesNotHaveDuplicates();
        for (int sender = 0; sender < accounts.size(); sender++) {
            List<Integer> its = ofSender(inOrder, sender);
            Account account = accounts.get(sender);
            eventually(() -> assertThat(its).isEqualTo(account.accepted()));
            for (TestSubscriber<Integer> member : many) {
                assertThat(ofSender(member.getReceivedOnNext(), sender)).isSorted();
            }
        }
        List<Integer> shared = new ArrayList<>();
        many.forEach(member -> shared.addAll(member.getReceivedOnNext()));
        assertThat(shared.stream().sorted().toList())
                .isEqualTo(inOrder.stream().sorted().toList());
    }

    private static List<Integer> ofSender(List<Integer> elements, int sender) {
        return elements.stream().filter(element -> element / SENDER == sender).toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    default void race_ackedReceivers_settleEveryElementExactlyOnce(long seed) throws Exception {
        Channel<Integer> channel = open((int) (seed % 3) * 10);
        Queue<Integer> acked = new ConcurrentLinkedQueue<>();
        List<Account> accounts;
        try (Race race = new Race()) {
            race.meanwhile(ackingSome(channel, acked, seed));
            race.meanwhile(ackingSome(channel, acked, seed + 100));
            accounts = race.together(senders(channel, 2, seed));
        }
        channel.close();
        channel.receiveAcked("g").doOnNext(delivery -> ackInto(delivery, acked)).blockLast(LONG);

        assertThat(acked).doesNotHaveDuplicates();
        eventually(() -> assertThat(Set.copyOf(acked)).isEqualTo(Set.copyOf(accepted(accounts))));
    }

    private static void ackInto(Delivery<Integer> delivery, Collection<Integer> acked) {
        if (delivery.ack()) {
            acked.add(delivery.value());
        }
    }

    /** A receiver that acks some, gives some back, forgets some, and leaves. */
    private static Runnable ackingSome(Channel<Integer> channel, Collection<Integer> acked, long seed) {
        Random random = new Random(seed);
        return () -> {
            Disposable receiver = channel.receiveAcked("g", 1 + random.nextInt(20))
                    .subscribe(delivery -> {
                        switch (random.nextInt(5)) {
                            case 0 -> delivery.nack();
                            case 1 -> {}
                            default -> ackInto(delivery, acked);
                        }
                    });
            for (int spins = random.nextInt(3_000); spins > 0; spins--) {
                Thread.onSpinWait();
            }
            receiver.dispose();
        };
    }
}
