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
import dev.sluice.channel.Delivery;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.subscriber.TestSubscriber;

/** Acknowledged deliveries: at least once, back in order, marked. */
interface AckedContract extends Fixture {

    @Test
    default void receiveAcked_ack_settlesOnce() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 1);
        TestSubscriber<Delivery<Integer>> receiver = subscribe(channel.receiveAcked("g"));
        eventually(() -> assertThat(receiver.getReceivedOnNext()).hasSize(1));
        Delivery<Integer> delivery = receiver.getReceivedOnNext().get(0);

        assertThat(delivery.value()).isEqualTo(1);
        assertThat(delivery.redelivered()).isFalse();
        assertThat(stats(channel).groups().get(0).unacked()).isEqualTo(1);
        assertThat(delivery.ack()).isTrue();
        assertThat(delivery.ack()).isFalse();
        assertThat(delivery.nack()).isFalse();

        eventually(() -> assertThat(stats(channel).groups().get(0).unacked()).isZero());
        receiver.cancel();
        sendNow(channel, 2);
        assertThat(take(channel.receive("g"), 1)).containsExactly(2);
    }

    @Test
    default void receiveAcked_receiverGoesAway_unackedReturnInOrderAndMarked() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 1, 2, 3, 4, 5);
        TestSubscriber<Delivery<Integer>> first = subscribe(channel.receiveAcked("g"), 4);
        eventually(() -> assertThat(first.getReceivedOnNext()).hasSize(4));
        first.getReceivedOnNext().get(1).ack();

        first.cancel();

        List<Delivery<Integer>> second = take(channel.receiveAcked("g"), 4);
        assertThat(second).extracting(Delivery::value).containsExactly(1, 3, 4, 5);
        assertThat(second).extracting(Delivery::redelivered).containsExactly(true, true, true, false);
        assertThat(second).extracting(Delivery::offset).isSorted();
    }

    @Test
    default void receiveAcked_afterTheReceiverWentAway_ackIsFalse() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 1);
        TestSubscriber<Delivery<Integer>> receiver = subscribe(channel.receiveAcked("g"));
        eventually(() -> assertThat(receiver.getReceivedOnNext()).hasSize(1));
        Delivery<Integer> delivery = receiver.getReceivedOnNext().get(0);

        receiver.cancel();

        assertThat(delivery.ack()).isFalse();
        assertThat(delivery.nack()).isFalse();
        assertThat(take(channel.receive("g"), 1)).containsExactly(1);
    }

    @Test
    default void receiveAcked_nack_givesBackToTheFront() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 1, 2, 3);
        TestSubscriber<Delivery<Integer>> receiver = subscribe(channel.receiveAcked("g"), 1);
        eventually(() -> assertThat(receiver.getReceivedOnNext()).hasSize(1));

        assertThat(receiver.getReceivedOnNext().get(0).nack()).isTrue();
        receiver.request(3);

        eventually(() -> assertThat(receiver.getReceivedOnNext())
                .extracting(Delivery::value)
                .containsExactly(1, 1, 2, 3));
        assertThat(receiver.getReceivedOnNext())
                .extracting(Delivery::redelivered)
                .containsExactly(false, true, false, false);
        assertThat(receiver.getReceivedOnNext().get(1).offset())
                .isEqualTo(receiver.getReceivedOnNext().get(0).offset());
        assertThat(stats(channel).groups().get(0).redelivered()).isEqualTo(1);
    }

    @Test
    default void receiveAcked_nack_goesToAnotherMemberWithDemand() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 1);
        TestSubscriber<Delivery<Integer>> first = subscribe(channel.receiveAcked("g"), 1);
        eventually(() -> assertThat(first.getReceivedOnNext()).hasSize(1));
        TestSubscriber<Integer> plain = subscribe(channel.receive("g"));

        first.getReceivedOnNext().get(0).nack();

        eventually(() -> assertThat(plain.getReceivedOnNext()).containsExactly(1));
    }

    @Test
    default void receiveAcked_maxUnacked_holdsBackFurtherDeliveries() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 1, 2, 3, 4);

        TestSubscriber<Delivery<Integer>> receiver = subscribe(channel.receiveAcked("g", 2));

        eventually(() -> assertThat(receiver.getReceivedOnNext()).hasSize(2));
        assertThat(stats(channel).groups().get(0).unacked()).isEqualTo(2);
        receiver.getReceivedOnNext().get(0).ack();
        eventually(() -> assertThat(receiver.getReceivedOnNext())
                .extracting(Delivery::value)
                .containsExactly(1, 2, 3));
        receiver.getReceivedOnNext().get(1).nack();
        eventually(() -> assertThat(receiver.getReceivedOnNext())
                .extracting(Delivery::value)
                .containsExactly(1, 2, 3, 2));
    }

    @Test
    default void receiveAcked_maxUnackedBelowOne_isRefused() {
        Channel<Integer> channel = open(5);

        assertThatThrownBy(() -> channel.receiveAcked("g", 0).blockFirst(LONG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxUnacked");
    }

    @Test
    default void receiveAcked_ackFromWithinOnNext_keepsTheStreamGoing() {
        Channel<Integer> channel = open(1_000);
        for (int i = 0; i < 1_000; i++) {
            sendNow(channel, i);
        }

        TestSubscriber<Integer> receiver =
                subscribe(channel.receiveAcked("g", 1).map(delivery -> {
                    delivery.ack();
                    return delivery.value();
                }));

        eventually(() -> assertThat(receiver.getReceivedOnNext()).hasSize(1_000).isSorted());
    }

    @Test
    default void receiveAcked_channelCloses_completesOnlyWhenAllIsAcked() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 1, 2);
        TestSubscriber<Delivery<Integer>> holder = subscribe(channel.receiveAcked("g"), 1);
        eventually(() -> assertThat(holder.getReceivedOnNext()).hasSize(1));
        TestSubscriber<Delivery<Integer>> other = subscribe(channel.receiveAcked("g"));
        eventually(() -> assertThat(other.getReceivedOnNext()).hasSize(1));

        channel.close();
        other.getReceivedOnNext().get(0).ack();
        assertThat(other.isTerminated()).isFalse();
        holder.cancel();

        eventually(() -> assertThat(other.getReceivedOnNext())
                .extracting(Delivery::value)
                .containsExactly(2, 1));
        assertThat(other.isTerminated()).isFalse();
        other.getReceivedOnNext().get(1).ack();
        eventually(() -> assertThat(other.isTerminatedComplete()).isTrue());
    }

    @Test
    default void receiveAcked_receiverThrows_unackedReturn() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 1, 2);

        TestSubscriber<Integer> failing = subscribe(channel.receiveAcked("g").map(delivery -> {
            throw new IllegalStateException("cannot take " + delivery.value());
        }));

        eventually(() -> assertThat(Fixture.errorOf(failing)).hasMessage("cannot take 1"));
        assertThat(take(channel.receiveAcked("g"), 2))
                .extracting(Delivery::value)
                .containsExactly(1, 2);
    }
}
