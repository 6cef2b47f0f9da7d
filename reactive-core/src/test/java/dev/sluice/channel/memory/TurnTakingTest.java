package dev.sluice.channel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.subscriber.TestSubscriber;

/** Who comes first when a channel has not been able to look yet: its thread is deep inside of other channels. */
class TurnTakingTest {
    /** More channels inside of each other than run at once. */
    private static final int DEEP = 20;

    private final Channel<Integer> channel = Channel.create(1);
    private final List<SendResult> results = new ArrayList<>();

    /** Runs an action inside of many receivers. What it wakes runs when it is done. */
    private static void deep(Runnable action) {
        Channel<Integer> first = Channel.create(1);
        Channel<Integer> last = first;
        for (int i = 0; i < DEEP; i++) {
            Channel<Integer> next = Channel.create(1);
            last.receive().subscribe(next::trySend);
            last = next;
        }
        last.receive().subscribe(any -> action.run());
        first.trySend(0);
    }

    @Test
    void trySend_whenRoomWasMadeForWhoWaits_doesNotOvertake() {
        TestSubscriber<Integer> receiver =
                TestSubscriber.builder().initialRequest(0).build();
        channel.receive().subscribe(receiver);
        channel.trySend(1);
        TestSubscriber<Void> waiting = TestSubscriber.create();
        channel.send(2).subscribe(waiting);

        deep(() -> {
            receiver.request(1);
            results.add(channel.trySend(3));
        });

        assertThat(results).containsExactly(SendResult.FULL);
        assertThat(waiting.isTerminatedComplete()).isTrue();
        receiver.request(1);
        assertThat(receiver.getReceivedOnNext()).containsExactly(1, 2);
    }

    @Test
    void receivers_whenManyElementsWait_shareThem() {
        Channel<Integer> roomy = Channel.create(10);
        List<String> received = new ArrayList<>();
        roomy.receive().subscribe(element -> received.add("a" + element));
        roomy.receive().subscribe(element -> received.add("b" + element));

        deep(() -> {
            for (int element = 0; element < 8; element++) {
                roomy.trySend(element);
            }
        });

        assertThat(received).containsExactly("a0", "a1", "a2", "a3", "b4", "b5", "a6", "b7");
    }
}
