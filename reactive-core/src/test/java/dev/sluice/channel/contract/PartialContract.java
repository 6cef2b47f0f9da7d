package dev.sluice.channel.contract;

import static dev.sluice.channel.contract.Fixture.LONG;
import static dev.sluice.channel.contract.Fixture.eventually;
import static dev.sluice.channel.contract.Fixture.sendNow;
import static dev.sluice.channel.contract.Fixture.stats;
import static dev.sluice.channel.contract.Fixture.subscribe;
import static dev.sluice.channel.contract.Fixture.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Delivery;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import dev.sluice.channel.SendResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.test.subscriber.TestSubscriber;

/** Elements of which a receiver takes the beginning and gives the rest back. */
public interface PartialContract extends Fixture {

    private static Delivery<Integer> one(Channel<Integer> channel) {
        return deliveries(channel, 1).getReceivedOnNext().get(0);
    }

    private static TestSubscriber<Delivery<Integer>> deliveries(Channel<Integer> channel, int count) {
        TestSubscriber<Delivery<Integer>> receiver = subscribe(channel.receiveAcked("g"), count);
        eventually(() -> assertThat(receiver.getReceivedOnNext()).hasSize(count));
        return receiver;
    }

    @Test
    default void nackOfTheRest_deliversTheRestAtTheOldPlaceMarked() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 10, 20, 30);
        TestSubscriber<Delivery<Integer>> receiver = deliveries(channel, 2);
        Delivery<Integer> first = receiver.getReceivedOnNext().get(0);
        assertThat(first.partial()).isFalse();

        assertThat(first.nack(7)).isTrue();
        receiver.request(2);

        eventually(() -> assertThat(receiver.getReceivedOnNext())
                .extracting(Delivery::value)
                .containsExactly(10, 20, 7, 30));
        Delivery<Integer> rest = receiver.getReceivedOnNext().get(2);
        assertThat(rest.offset()).isEqualTo(first.offset());
        assertThat(rest.redelivered()).isTrue();
        assertThat(rest.partial()).isTrue();
        assertThat(rest.toString()).contains("partial");
        assertThat(receiver.getReceivedOnNext().get(3).partial()).isFalse();
        assertThat(stats(channel).groups().get(0).redelivered()).isEqualTo(1);
    }

    @Test
    default void nackOfTheRest_settlesOnce() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 10);
        Delivery<Integer> delivery = one(channel);

        assertThat(delivery.nack(7)).isTrue();
        assertThat(delivery.nack(6)).isFalse();
        assertThat(delivery.nack()).isFalse();
        assertThat(delivery.ack()).isFalse();

        assertThat(take(channel.receive("g"), 1)).containsExactly(7);
    }

    @Test
    default void nackOfTheRest_afterAck_isFalseAndGivesNothingBack() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 10, 20);
        Delivery<Integer> delivery = one(channel);
        delivery.ack();

        assertThat(delivery.nack(7)).isFalse();

        assertThat(take(channel.receive("g"), 1)).containsExactly(20);
    }

    @Test
    default void nackOfTheRest_afterTheReceiverWentAway_isFalseAndTheElementIsWhole() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 10);
        TestSubscriber<Delivery<Integer>> receiver = deliveries(channel, 1);
        receiver.cancel();

        assertThat(receiver.getReceivedOnNext().get(0).nack(7)).isFalse();

        Delivery<Integer> again = one(channel);
        assertThat(again.value()).isEqualTo(10);
        assertThat(again.partial()).isFalse();
    }

    @Test
    default void nackOfTheRest_ofNull_failsAndTheDeliveryStaysOpen() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 10);
        Delivery<Integer> delivery = one(channel);

        assertThatNullPointerException().isThrownBy(() -> delivery.nack(null)).withMessage("rest");

        assertThat(delivery.ack()).isTrue();
    }

    @Test
    default void partial_outlastsWholeGiveBacksCancelsAndFurtherRests() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 10);
        one(channel).nack(7);

        assertThat(one(channel).nack()).isTrue();
        TestSubscriber<Delivery<Integer>> second = deliveries(channel, 1);
        assertThat(second.getReceivedOnNext().get(0).partial()).isTrue();
        second.cancel();
        Delivery<Integer> third = one(channel);
        assertThat(third.partial()).isTrue();
        assertThat(third.value()).isEqualTo(7);
        third.nack(3);

        Delivery<Integer> fourth = one(channel);
        assertThat(fourth.partial()).isTrue();
        assertThat(fourth.value()).isEqualTo(3);
        assertThat(fourth.ack()).isTrue();
    }

    @Test
    default void partial_outlastsAPlainReceiverThatLeavesWithoutIt() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 10, 20);
        TestSubscriber<Delivery<Integer>> acked = deliveries(channel, 2);
        acked.getReceivedOnNext().get(1).nack(7);
        acked.getReceivedOnNext().get(0).nack(8);
        acked.cancel();

        // Both are in its batch when it leaves with the first.
        assertThat(channel.receive("g").takeUntil(first -> true).collectList().block(LONG))
                .containsExactly(8);

        Delivery<Integer> left = one(channel);
        assertThat(left.value()).isEqualTo(7);
        assertThat(left.partial()).isTrue();
        assertThat(left.redelivered()).isTrue();
    }

    @Test
    default void nackOfTheRest_isPassedToAPlainReceiverAsItIs() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 10);
        Delivery<Integer> delivery = one(channel);
        TestSubscriber<Integer> plain = subscribe(channel.receive("g"));

        delivery.nack(7);

        eventually(() -> assertThat(plain.getReceivedOnNext()).containsExactly(7));
    }

    @Test
    default void nackOfTheRest_leavesTheOtherGroupsAndWhatIsRetainedWhole() {
        Channel<Integer> channel = open(
                ChannelOptions.builder().capacity(5).retention(Retention.all()).build());
        TestSubscriber<Integer> other = subscribe(channel.receive("other"), 0);
        sendNow(channel, 10);

        one(channel).nack(7);
        other.request(1);

        eventually(() -> assertThat(other.getReceivedOnNext()).containsExactly(10));
        assertThat(take(channel.listen(Position.earliest()), 1)).containsExactly(10);
        assertThat(take(channel.receive("g"), 1)).containsExactly(7);
    }

    @Test
    default void nackOfTheRest_takesTheRoomOfTheElement() {
        Channel<Integer> channel = open(1);
        sendNow(channel, 10);
        Delivery<Integer> delivery = one(channel);
        sendNow(channel, 20);

        delivery.nack(7);

        assertThat(channel.trySend(30)).isEqualTo(SendResult.FULL);
        assertThat(take(channel.receive("g"), 2)).containsExactly(7, 20);
        assertThat(channel.trySend(30)).isEqualTo(SendResult.ACCEPTED);
    }

    @Test
    default void nackOfTheRest_afterTheChannelClosed_isStillDelivered() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 10);
        Delivery<Integer> delivery = one(channel);
        channel.close();

        delivery.nack(7);

        assertThat(channel.receive("g").collectList().block(LONG)).containsExactly(7);
    }

    /** Each element is a number of units; receivers take some units at a time, give the rest back, nack, forget and leave. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    default void race_takersOfParts_takeEveryUnitOnce(long seed) throws Exception {
        int units = 100;
        int elements = 300;
        Channel<Integer> channel = open((int) (seed % 3) * 10);
        AtomicIntegerArray taken = new AtomicIntegerArray(elements);
        AtomicLong wrong = new AtomicLong();
        try (Race race = new Race()) {
            race.meanwhile(takingParts(channel, taken, wrong, units, seed));
            race.meanwhile(takingParts(channel, taken, wrong, units, seed + 100));
            race.together(List.of(() -> {
                for (int i = 0; i < elements; i++) {
                    channel.send(i * units).block(LONG);
                }
                return true;
            }));
        }
        channel.close();
        channel.receiveAcked("g")
                .doOnNext(delivery -> takePart(delivery, taken, wrong, units, units))
                .blockLast(LONG);

        assertThat(wrong).as("deliveries with the wrong mark").hasValue(0);
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < elements; i++) {
            if (taken.get(i) != units) {
                left.add(i);
            }
        }
        assertThat(left).as("elements not taken whole").isEmpty();
    }

    /** The last two digits of an element say how much of it is gone; what is taken counts once that is settled. */
    private static void takePart(
            Delivery<Integer> delivery, AtomicIntegerArray taken, AtomicLong wrong, int units, int most) {
        int gone = delivery.value() % units;
        if (delivery.partial() != gone > 0) {
            wrong.incrementAndGet();
        }
        int part = Math.min(most, units - gone);
        if (gone + part == units ? delivery.ack() : delivery.nack(delivery.value() + part)) {
            taken.addAndGet(delivery.value() / units, part);
        }
    }

    private static Runnable takingParts(
            Channel<Integer> channel, AtomicIntegerArray taken, AtomicLong wrong, int units, long seed) {
        Random random = new Random(seed);
        return () -> {
            Disposable receiver = channel.receiveAcked("g", 1 + random.nextInt(20))
                    .subscribe(delivery -> {
                        switch (random.nextInt(6)) {
                            case 0 -> delivery.nack();
                            case 1 -> {}
                            default -> takePart(delivery, taken, wrong, units, 1 + random.nextInt(40));
                        }
                    });
            for (int spins = random.nextInt(3_000); spins > 0; spins--) {
                Thread.onSpinWait();
            }
            receiver.dispose();
        };
    }
}
