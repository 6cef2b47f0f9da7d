package dev.sluice.channel.memory;

import static dev.sluice.channel.SendResult.ACCEPTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import dev.sluice.channel.WhenNoGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.subscriber.TestSubscriber;

/** When the gate is shut very often between two elements, a ticket is left out: nobody may notice. */
class LeftOutTicketTest {

    @Test
    void ticket_leftOutByListenersWhoComeAndGo_isNoElement() {
        MemoryChannel<Integer> channel = channel(ChannelOptions.builder().capacity(3));
        channel.trySend(1);
        for (int i = 0; i < 3_000; i++) {
            Disposable listening = channel.listen().subscribe();
            listening.dispose();
        }
        assertThat(channel.skips()).isPositive();

        assertThat(fill(channel, 2)).isEqualTo(2);
        assertThat(channel.reading().buffered()).isEqualTo(3);
        assertThat(channel.reading().accepted()).isEqualTo(3);
        assertThat(received(channel)).containsExactly(1, 2, 3);
    }

    @Test
    void ticket_leftOutAsAListenerJoins_isNoElement() {
        MemoryChannel<Integer> channel = channel(ChannelOptions.builder().capacity(3));
        channel.trySend(1);
        List<TestSubscriber<Integer>> listeners = new ArrayList<>();
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            for (int i = 0; i < 2_500; i++) {
                listeners.add(TestSubscriber.create());
                channel.listen().subscribe(listeners.get(i));
            }
        });
        assertThat(channel.skips()).isPositive();

        assertThat(fill(channel, 2)).isEqualTo(2);
        channel.close();

        assertThat(listeners).allSatisfy(listener -> {
            assertThat(listener.getReceivedOnNext()).containsExactly(2, 3);
            assertThat(listener.isTerminatedComplete()).isTrue();
        });
        assertThat(received(channel)).containsExactly(1, 2, 3);
        assertThat(channel.groups).hasSize(1);
    }

    @Test
    void tickets_leftOutWhileNothingWaits_takeNoRoom() {
        MemoryChannel<Integer> channel = channel(ChannelOptions.builder().capacity(ChannelOptions.MAX_CAPACITY));
        leaveOut(channel, 3);

        assertThat(fill(channel, 1, 5)).isEqualTo(5);
        assertThat(channel.reading().buffered()).isEqualTo(5);
        assertThat(received(channel)).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void ticket_leftOutWhileTheRingStillGrows_doesNotLetItOverflow() {
        MemoryChannel<Integer> channel = channel(ChannelOptions.builder().capacity(10_000));
        channel.trySend(0);
        leaveOut(channel, 1);
        int more = (int) (1024 - channel.nextOffset());

        assertThat(fill(channel, 1, more)).isEqualTo(more);
        assertThat(received(channel))
                .isEqualTo(IntStream.rangeClosed(0, more).boxed().toList());
    }

    @Test
    void tickets_leftOutWhileTheOnlyReceiverIsBusy_growTheRing() {
        MemoryChannel<Integer> channel = channel(ChannelOptions.builder().capacity(100));
        List<Integer> received = new ArrayList<>();
        List<Integer> accepted = new ArrayList<>(List.of(0));
        channel.receive().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(Integer element) {
                if (element == 0) {
                    leaveOut(channel, 300);
                    for (int i = 1; channel.trySend(i) == ACCEPTED; i++) {
                        accepted.add(i);
                    }
                }
                received.add(element);
            }
        });
        channel.trySend(0);

        assertThat(accepted).hasSizeGreaterThan(300);
        assertThat(received).isEqualTo(accepted);
    }

    @Test
    void ticket_leftOutAtTheEndOfWhatIsReplayed_doesNotHoldTheReaderUp() {
        MemoryChannel<Integer> channel = channel(
                ChannelOptions.builder().capacity(4).retention(Retention.all()).whenNoGroup(WhenNoGroup.DISCARD));
        TestSubscriber<Integer> slow =
                TestSubscriber.builder().initialRequest(0).build();
        channel.listen().subscribe(slow);
        fill(channel, 1, 3);
        leaveOut(channel, 1);
        TestSubscriber<Integer> late =
                TestSubscriber.builder().initialRequest(0).build();
        channel.listen(Position.earliest()).subscribe(late);
        slow.cancel();
        channel.trySend(4);

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> late.request(10));
        assertThat(late.getReceivedOnNext()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void ticket_leftOutAndPassedInTheHistory_givesNoRoom() {
        MemoryChannel<Integer> channel = channel(
                ChannelOptions.builder().capacity(4).retention(Retention.all()).whenNoGroup(WhenNoGroup.DISCARD));
        TestSubscriber<Integer> slow =
                TestSubscriber.builder().initialRequest(0).build();
        channel.listen().subscribe(slow);
        fill(channel, 1, 2);
        leaveOut(channel, 2);
        fill(channel, 3, 2);
        TestSubscriber<Integer> late =
                TestSubscriber.builder().initialRequest(0).build();
        channel.listen(Position.earliest()).subscribe(late);
        slow.cancel();

        late.request(4);
        assertThat(late.getReceivedOnNext()).containsExactly(1, 2, 3, 4);
        assertThat(fill(channel, 5, 100)).isEqualTo(4);
        late.request(100);
        assertThat(late.getReceivedOnNext())
                .isEqualTo(IntStream.rangeClosed(1, 8).boxed().toList());
    }

    @Test
    void ticket_leftOutAtTheEnd_doesNotKeepReceiversFromCompleting() {
        MemoryChannel<Integer> channel = channel(ChannelOptions.builder().capacity(4));
        TestSubscriber<Integer> busy =
                TestSubscriber.builder().initialRequest(0).build();
        TestSubscriber<Integer> idle =
                TestSubscriber.builder().initialRequest(0).build();
        channel.receive().subscribe(busy);
        channel.receive().subscribe(idle);
        channel.trySend(1);
        leaveOut(channel, 1);
        channel.close();

        busy.request(1);

        assertThat(busy.isTerminatedComplete()).isTrue();
        assertThat(idle.isTerminatedComplete()).isTrue();
    }

    private static MemoryChannel<Integer> channel(ChannelOptions.Builder options) {
        return new MemoryChannel<>(options.build());
    }

    /** Shuts the gate, as everything rare does, until so many tickets are left out. */
    private static void leaveOut(MemoryChannel<?> channel, int tickets) {
        long until = channel.nextOffset() + tickets;
        while (channel.nextOffset() < until) {
            channel.resize(channel.capacity()).block();
        }
    }

    private static int fill(MemoryChannel<Integer> channel, int first) {
        return fill(channel, first, Integer.MAX_VALUE);
    }

    private static int fill(MemoryChannel<Integer> channel, int first, int most) {
        int accepted = 0;
        while (accepted < most && channel.trySend(first + accepted) == ACCEPTED) {
            accepted++;
        }
        return accepted;
    }

    private static List<Integer> received(MemoryChannel<Integer> channel) {
        TestSubscriber<Integer> receiver = TestSubscriber.create();
        channel.receive().subscribe(receiver);
        return receiver.getReceivedOnNext();
    }
}
