package dev.sluice.channel.contract;

import static dev.sluice.channel.contract.Fixture.LONG;
import static dev.sluice.channel.contract.Fixture.eventually;
import static dev.sluice.channel.contract.Fixture.sendNow;
import static dev.sluice.channel.contract.Fixture.stats;
import static dev.sluice.channel.contract.Fixture.subscribe;
import static dev.sluice.channel.contract.Fixture.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.SendResult;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.subscriber.TestSubscriber;

/** Resizing a channel in use. */
interface ResizeContract extends Fixture {

    @Test
    default void resize_grow_admitsWaitingSendsInOrder() {
        Channel<Integer> channel = open(1);
        sendNow(channel, 0);
        List<TestSubscriber<Void>> waiting =
                IntStream.range(1, 5).mapToObj(i -> subscribe(channel.send(i))).toList();

        channel.resize(3).block(LONG);

        eventually(() -> assertThat(waiting)
                .extracting(TestSubscriber::isTerminatedComplete)
                .containsExactly(true, true, false, false));
        assertThat(channel.capacity()).isEqualTo(3);
        assertThat(stats(channel).capacity()).isEqualTo(3);
        assertThat(take(channel, 5)).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    default void resize_shrink_evictsNothingAndAcceptsAgainBelowTheNewCapacity() {
        Channel<Integer> channel = open(4);
        sendNow(channel, 1, 2, 3, 4);

        channel.resize(2).block(LONG);

        assertThat(stats(channel).buffered()).isEqualTo(4);
        assertThat(channel.trySend(5)).isEqualTo(SendResult.FULL);
        assertThat(take(channel, 2)).containsExactly(1, 2);
        assertThat(channel.trySend(5)).isEqualTo(SendResult.FULL);
        assertThat(take(channel, 1)).containsExactly(3);
        assertThat(channel.trySend(5)).isEqualTo(SendResult.ACCEPTED);
        assertThat(channel.trySend(6)).isEqualTo(SendResult.FULL);
        assertThat(take(channel, 2)).containsExactly(4, 5);
    }

    @Test
    default void resize_toRendezvousAndBack_losesNothing() {
        Channel<Integer> channel = open(2);
        sendNow(channel, 1, 2);

        channel.resize(0).block(LONG);

        TestSubscriber<Void> waiting = subscribe(channel.send(3));
        assertThat(take(channel, 2)).containsExactly(1, 2);
        assertThat(waiting.isTerminated()).isFalse();
        channel.resize(1).block(LONG);
        eventually(() -> assertThat(waiting.isTerminatedComplete()).isTrue());
        assertThat(channel.trySend(4)).isEqualTo(SendResult.FULL);
        assertThat(take(channel, 1)).containsExactly(3);
    }

    @Test
    default void resize_farBeyondTheFirstCapacity_holdsThatMany() {
        Channel<Integer> channel = open(1);
        channel.resize(10_000).block(LONG);

        for (int i = 0; i < 10_000; i++) {
            assertThat(channel.trySend(i)).isEqualTo(SendResult.ACCEPTED);
        }

        assertThat(channel.trySend(0)).isEqualTo(SendResult.FULL);
        channel.resize(1).block(LONG);
        assertThat(take(channel, 10_000)).hasSize(10_000).isSorted();
    }

    @Test
    default void resize_notSubscribed_changesNothing() {
        Channel<Integer> channel = open(1);

        Mono<Void> lazy = channel.resize(5);

        assertThat(channel.capacity()).isEqualTo(1);
        lazy.block(LONG);
        assertThat(channel.capacity()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, ChannelOptions.MAX_CAPACITY + 1, Integer.MAX_VALUE})
    default void resize_toAnAbsurdCapacity_isRefusedWithTheBounds(int capacity) {
        Channel<Integer> channel = open(1);

        assertThatThrownBy(() -> channel.resize(capacity).block(LONG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(capacity))
                .hasMessageContaining(String.valueOf(ChannelOptions.MAX_CAPACITY));
        assertThat(channel.capacity()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, ChannelOptions.MAX_CAPACITY + 1})
    default void open_withAnAbsurdCapacity_isRefusedWithTheBounds(int capacity) {
        assertThatThrownBy(() -> open(capacity))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(capacity))
                .hasMessageContaining(String.valueOf(ChannelOptions.MAX_CAPACITY));
    }
}
