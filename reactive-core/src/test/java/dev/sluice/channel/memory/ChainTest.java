package dev.sluice.channel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.test.subscriber.TestSubscriber;

/** However many channels forward to each other, the stack stays flat. */
class ChainTest {
    private static final int LENGTH = 100_000;

    private final List<Channel<Integer>> chain = new ArrayList<>();

    private Channel<Integer> first() {
        return chain.get(0);
    }

    private Channel<Integer> last() {
        return chain.get(chain.size() - 1);
    }

    private void build(int capacity) {
        for (int i = 0; i < LENGTH; i++) {
            chain.add(Channel.create(capacity));
        }
    }

    @Test
    void chain_ofReceiversThatSend_passesElementsAndTheEndOn() {
        build(1);
        for (int i = 1; i < LENGTH; i++) {
            Channel<Integer> next = chain.get(i);
            chain.get(i - 1).receive().subscribe(next::trySend, error -> {}, next::close);
        }
        TestSubscriber<Integer> end = TestSubscriber.create();
        last().receive().subscribe(end);

        first().trySend(1);
        first().trySend(2);
        first().close();

        assertThat(end.getReceivedOnNext()).containsExactly(1, 2);
        assertThat(end.isTerminatedComplete()).isTrue();
    }

    @Test
    void chain_thatIsFull_movesUpWhenItsEndTakes() {
        build(0);
        for (int i = 1; i < LENGTH; i++) {
            chain.get(i).sendAll(chain.get(i - 1).receive()).subscribe();
        }
        TestSubscriber<Void> sending = TestSubscriber.create();
        first().send(1).then(first().send(2)).then(first().send(3)).subscribe(sending);
        TestSubscriber<Integer> end = TestSubscriber.builder().initialRequest(0).build();
        last().receive().subscribe(end);

        for (int taken : IntStream.rangeClosed(1, 3).toArray()) {
            end.request(1);
            assertThat(end.getReceivedOnNext()).hasSize(taken);
        }
        assertThat(end.getReceivedOnNext()).containsExactly(1, 2, 3);
        assertThat(sending.isTerminatedComplete()).isTrue();
    }
}
