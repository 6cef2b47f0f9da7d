package dev.sluice.channel.contract;

import static dev.sluice.channel.contract.Fixture.eventually;
import static dev.sluice.channel.contract.Fixture.sendNow;
import static dev.sluice.channel.contract.Fixture.stats;
import static dev.sluice.channel.contract.Fixture.subscribe;
import static dev.sluice.channel.contract.Fixture.take;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import dev.sluice.channel.WhenNoGroup;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

/** Retention: late listeners and new groups replay exactly what is retained. */
interface RetentionContract extends Fixture {

    private ChannelOptions.Builder topic(Retention retention) {
        return ChannelOptions.builder().capacity(8).retention(retention).whenNoGroup(WhenNoGroup.DISCARD);
    }

    /** What a listener from the earliest position sees at once. */
    private static TestSubscriber<Integer> replay(Channel<Integer> channel) {
        TestSubscriber<Integer> listener = subscribe(channel.listen(Position.earliest()));
        stats(channel); // Answered after the listener has joined, wherever the channel is.
        return listener;
    }

    @Test
    default void retention_none_keepsNothing() {
        Channel<Integer> channel = open(topic(Retention.none()).build());
        sendNow(channel, 1, 2);

        TestSubscriber<Integer> late = replay(channel);
        sendNow(channel, 3);

        eventually(() -> assertThat(late.getReceivedOnNext()).containsExactly(3));
        assertThat(stats(channel).retained()).isZero();
    }

    @Test
    default void retention_last_keepsTheLast() {
        Channel<Integer> channel = open(topic(Retention.last(3)).build());

        for (int i = 0; i < 1_000; i++) {
            sendNow(channel, i);
        }

        assertThat(take(channel.listen(Position.earliest()), 3)).containsExactly(997, 998, 999);
        assertThat(stats(channel).retained()).isEqualTo(3);
    }

    @Test
    default void retention_all_keepsEverything() {
        Channel<Integer> channel = open(topic(Retention.all()).build());

        for (int i = 0; i < 5_000; i++) {
            sendNow(channel, i);
        }

        assertThat(take(channel.listen(Position.earliest()), 5_000))
                .hasSize(5_000)
                .isSorted();
        assertThat(stats(channel).retained()).isEqualTo(5_000);
    }

    @Test
    default void retention_bytes_keepsTheNewestThatFit() {
        Channel<Integer> channel = openMeasured(topic(Retention.bytes(11)).build());

        sendNow(channel, 1, 2, 3, 4);

        assertThat(take(channel.listen(Position.earliest()), 2)).containsExactly(3, 4);
        assertThat(stats(channel).retained()).isEqualTo(2);
    }

    @Test
    default void retention_forLast_keepsForThatTime() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create();
        Channel<Integer> channel = open(
                topic(Retention.forLast(Duration.ofMinutes(10))).clock(clock).build());
        sendNow(channel, 1);
        clock.advanceTimeBy(Duration.ofMinutes(6));
        sendNow(channel, 2);
        TestSubscriber<Integer> early = replay(channel);
        clock.advanceTimeBy(Duration.ofMinutes(6));

        TestSubscriber<Integer> late = replay(channel);
        sendNow(channel, 3);

        eventually(() -> assertThat(early.getReceivedOnNext()).containsExactly(1, 2, 3));
        eventually(() -> assertThat(late.getReceivedOnNext()).containsExactly(2, 3));
        clock.advanceTimeBy(Duration.ofHours(1));
        TestSubscriber<Integer> muchLater = replay(channel);
        sendNow(channel, 4);
        eventually(() -> assertThat(muchLater.getReceivedOnNext()).containsExactly(4));
    }

    @Test
    default void retention_newGroup_replaysThenGoesOnLive() {
        Channel<Integer> channel = open(ChannelOptions.builder()
                .capacity(8)
                .retention(Retention.last(2))
                .build());
        TestSubscriber<Integer> first = subscribe(channel.receive("first"));
        sendNow(channel, 1, 2, 3);
        eventually(() -> assertThat(first.getReceivedOnNext()).hasSize(3));

        TestSubscriber<Integer> second = subscribe(channel.receive("second"));
        sendNow(channel, 4);

        eventually(() -> assertThat(second.getReceivedOnNext()).containsExactly(2, 3, 4));
        eventually(() -> assertThat(first.getReceivedOnNext()).containsExactly(1, 2, 3, 4));
    }

    @Test
    default void retention_joinedGroup_doesNotReplayAgain() {
        Channel<Integer> channel = open(
                ChannelOptions.builder().capacity(8).retention(Retention.all()).build());
        sendNow(channel, 1, 2);
        assertThat(take(channel, 2)).containsExactly(1, 2);

        TestSubscriber<Integer> again = subscribe(channel.receive());
        sendNow(channel, 3);

        eventually(() -> assertThat(again.getReceivedOnNext()).containsExactly(3));
    }

    @Test
    default void retention_neverTakesFromAReceiver() {
        Channel<Integer> channel = open(ChannelOptions.builder()
                .capacity(8)
                .retention(Retention.last(1))
                .build());
        sendNow(channel, 1, 2, 3);

        assertThat(take(channel, 3)).containsExactly(1, 2, 3);
    }

    @Test
    default void retention_afterClose_isStillReplayed() {
        Channel<Integer> channel = open(topic(Retention.all()).build());
        sendNow(channel, 1, 2);

        channel.close();

        TestSubscriber<Integer> late = replay(channel);
        eventually(() -> assertThat(late.getReceivedOnNext()).containsExactly(1, 2));
        eventually(() -> assertThat(late.isTerminatedComplete()).isTrue());
    }
}
