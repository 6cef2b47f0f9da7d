package dev.sluice.channel.memory;

import static dev.sluice.channel.SendResult.ACCEPTED;
import static dev.sluice.channel.SendResult.FULL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Delivery;
import dev.sluice.channel.GroupOptions;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Overflow;
import dev.sluice.channel.Position;
import dev.sluice.channel.WhenNoGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.subscriber.TestSubscriber;

/** What nobody is going to get is counted, and goes to the discard hook, exactly once; what somebody got does not. */
class UnwantedElementsTest {
    private final List<Object> discarded = new ArrayList<>();

    @Test
    void removeGroup_theLast_discardsOnlyWhatItHadNotTaken() {
        MemoryChannel<Integer> channel = channel(ChannelOptions.builder().capacity(10_000));
        TestSubscriber<Integer> receiver = subscribe(channel, 500);
        for (int i = 0; i < 503; i++) {
            channel.trySend(i);
        }

        channel.removeGroup("default").block();

        assertThat(receiver.getReceivedOnNext()).hasSize(500);
        assertThat(discarded).containsExactly(500, 501, 502);
        assertThat(channel.reading().dropped()).isEqualTo(3);
        assertThat(channel.reading().delivered()).isEqualTo(500);
    }

    @Test
    void removeGroup_theLast_discardsOnce_alsoWhenOthersComeAndGo() {
        MemoryChannel<Integer> channel = channel(ChannelOptions.builder().capacity(10));
        for (int i = 0; i < 3; i++) {
            channel.trySend(i);
        }

        for (int i = 0; i < 3; i++) {
            channel.createGroup("g", GroupOptions.defaults()).block();
            channel.removeGroup("g").block();
        }

        assertThat(discarded).containsExactly(0, 1, 2);
        assertThat(channel.reading().dropped()).isEqualTo(3);
    }

    @Test
    void removeGroup_whileAnotherHasItsElements_discardsNothing() {
        MemoryChannel<Integer> channel = channel(ChannelOptions.builder().capacity(10));
        channel.createGroup("a", GroupOptions.defaults()).block();
        channel.createGroup("b", GroupOptions.defaults()).block();
        channel.trySend(1);

        channel.removeGroup("a").block();
        assertThat(discarded).isEmpty();
        TestSubscriber<Integer> other = TestSubscriber.create();
        channel.receive("b").subscribe(other);

        assertThat(other.getReceivedOnNext()).containsExactly(1);
        channel.removeGroup("b").block();
        assertThat(discarded).isEmpty();
    }

    @Test
    void removeGroup_withDeliveriesInHand_leavesThemToWhoHasThem() {
        MemoryChannel<Integer> channel = channel(ChannelOptions.builder().capacity(10));
        TestSubscriber<Delivery<Integer>> receiver =
                TestSubscriber.builder().initialRequest(2).build();
        channel.receiveAcked("g").subscribe(receiver);
        for (int i = 0; i < 5; i++) {
            channel.trySend(i);
        }

        channel.removeGroup("g").block();

        assertThat(receiver.isTerminatedComplete()).isTrue();
        assertThat(receiver.getReceivedOnNext()).extracting(Delivery::value).containsExactly(0, 1);
        assertThat(discarded).containsExactly(2, 3, 4);
        assertThat(channel.reading().dropped()).isEqualTo(3);
    }

    @Test
    void removeGroup_whileAReceiverHasABatch_accountsForEachElementOnce() {
        MemoryChannel<Integer> channel = channel(ChannelOptions.builder().capacity(10));
        for (int i = 0; i < 5; i++) {
            channel.trySend(i);
        }
        List<Integer> received = new ArrayList<>();
        channel.receiveAcked("g").subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(Delivery<Integer> delivery) {
                received.add(delivery.value());
                if (received.size() == 2) {
                    channel.removeGroup("g").block();
                    cancel();
                }
            }
        });

        assertThat(received).containsExactly(0, 1);
        assertThat(discarded).containsExactly(2, 3, 4);
        assertThat(channel.reading().dropped()).isEqualTo(3);
        assertThat(channel.reading().delivered()).isEqualTo(2);
    }

    @Test
    void removeGroup_thatSheds_alsoDiscardsWhatHasNotReachedItsBuffer() {
        MemoryChannel<Integer> channel = channel(ChannelOptions.builder().capacity(10));
        channel.createGroup("g", new GroupOptions(Overflow.DROP_OLDEST, 4, Position.latest()))
                .block();
        channel.trySend(1);
        channel.offer(2, null, false);

        channel.removeGroup("g").block();

        assertThat(discarded).containsExactly(1, 2);
        assertThat(channel.reading().dropped()).isEqualTo(2);
    }

    @Test
    void createGroup_thatBeginsLater_discardsWhatWaitedForIt() {
        MemoryChannel<Integer> channel = channel(ChannelOptions.builder().capacity(3));
        IntStream.range(0, 3).forEach(channel::trySend);

        channel.createGroup("g", new GroupOptions(Overflow.BACKPRESSURE, 1, Position.offset(2)))
                .block();

        assertThat(discarded).containsExactly(0, 1);
        assertThat(channel.reading().dropped()).isEqualTo(2);
        assertThat(List.of(channel.trySend(3), channel.trySend(4), channel.trySend(5)))
                .containsExactly(ACCEPTED, ACCEPTED, FULL);
        TestSubscriber<Integer> receiver = TestSubscriber.create();
        channel.receive("g").subscribe(receiver);
        assertThat(receiver.getReceivedOnNext()).containsExactly(2, 3, 4);
    }

    @Test
    void topic_elementsFromBeforeTheFirstGroup_goWhenListenersHavePassedThem() {
        MemoryChannel<Integer> channel =
                channel(ChannelOptions.builder().capacity(5).whenNoGroup(WhenNoGroup.DISCARD));
        TestSubscriber<Integer> listener =
                TestSubscriber.builder().initialRequest(0).build();
        channel.listen().subscribe(listener);
        channel.trySend(1);
        TestSubscriber<Integer> receiver = subscribe(channel, Long.MAX_VALUE);
        channel.trySend(2);
        channel.removeGroup("default").block();
        channel.trySend(3);
        subscribe(channel, Long.MAX_VALUE);
        assertThat(discarded).isEmpty();

        listener.request(10);
        channel.trySend(4);
        listener.cancel();

        assertThat(receiver.getReceivedOnNext()).containsExactly(2);
        assertThat(listener.getReceivedOnNext()).containsExactly(1, 2, 3, 4);
        assertThat(discarded).containsExactly(1, 3);
        assertThat(channel.reading().dropped()).isEqualTo(2);
    }

    @Test
    void topic_manySendsThatWaitedForAListener_areAllLetGo() {
        MemoryChannel<Integer> channel =
                channel(ChannelOptions.builder().capacity(1).whenNoGroup(WhenNoGroup.DISCARD));
        TestSubscriber<Integer> listener =
                TestSubscriber.builder().initialRequest(0).build();
        channel.listen(Position.latest(), ListenOptions.defaults()).subscribe(listener);
        int[] completed = new int[1];
        for (int i = 0; i < 100_000; i++) {
            channel.send(i).doOnTerminate(() -> completed[0]++).subscribe();
        }

        listener.cancel();

        assertThat(completed[0]).isEqualTo(100_000);
        assertThat(discarded).hasSize(100_000);
        assertThat(channel.reading().dropped()).isEqualTo(100_000);
    }

    @Test
    void topic_withoutRoomAndWithoutReaders_dropsAtOnce() {
        MemoryChannel<Integer> channel =
                channel(ChannelOptions.builder().capacity(0).whenNoGroup(WhenNoGroup.DISCARD));

        TestSubscriber<Void> send = TestSubscriber.create();
        channel.send(1).subscribe(send);

        assertThat(send.isTerminatedComplete()).isTrue();
        assertThat(channel.trySend(2)).isEqualTo(ACCEPTED);
        assertThat(discarded).containsExactly(1, 2);
    }

    @Test
    void stats_countWhatALeavingListenerGot() {
        MemoryChannel<Integer> channel = channel(ChannelOptions.builder().capacity(5));
        TestSubscriber<Integer> receiver = subscribe(channel, Long.MAX_VALUE);
        channel.listen().take(3).subscribe();
        for (int i = 0; i < 5; i++) {
            channel.trySend(i);
        }

        assertThat(receiver.getReceivedOnNext()).hasSize(5);
        assertThat(channel.reading().listened()).isEqualTo(3);
        assertThat(channel.reading().listeners()).isZero();
    }

    private MemoryChannel<Integer> channel(ChannelOptions.Builder options) {
        return new MemoryChannel<>(options.onDiscard(discarded::add).build());
    }

    private static TestSubscriber<Integer> subscribe(MemoryChannel<Integer> channel, long demand) {
        TestSubscriber<Integer> receiver =
                TestSubscriber.builder().initialRequest(demand).build();
        channel.receive().subscribe(receiver);
        return receiver;
    }
}
