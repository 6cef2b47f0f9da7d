package dev.sluice.channel.contract;

import static dev.sluice.channel.contract.Fixture.LONG;
import static dev.sluice.channel.contract.Fixture.eventually;
import static dev.sluice.channel.contract.Fixture.sendNow;
import static dev.sluice.channel.contract.Fixture.stats;
import static dev.sluice.channel.contract.Fixture.subscribe;
import static dev.sluice.channel.contract.Fixture.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ChannelClosedException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.SendResult;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import reactor.test.subscriber.TestSubscriber;

/** Closing: senders are refused at once, receivers get what is left and then the end. */
interface ClosingContract extends Fixture {

    @Test
    default void close_receiversGetWhatIsLeftThenComplete() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 1, 2, 3);
        TestSubscriber<Integer> receiver = subscribe(channel.receive(), 1);

        channel.close();

        eventually(() -> assertThat(receiver.getReceivedOnNext()).containsExactly(1));
        assertThat(receiver.isTerminated()).isFalse();
        receiver.request(2);
        eventually(() -> assertThat(receiver.getReceivedOnNext()).containsExactly(1, 2, 3));
        eventually(() -> assertThat(receiver.isTerminatedComplete()).isTrue());
    }

    @Test
    default void close_emptyChannel_completesReceiversWithoutDemand() {
        Channel<Integer> channel = open(5);
        TestSubscriber<Integer> receiver = subscribe(channel.receive(), 0);
        TestSubscriber<Integer> listener = subscribe(channel.listen(), 0);

        channel.close();

        eventually(() -> assertThat(receiver.isTerminatedComplete()).isTrue());
        eventually(() -> assertThat(listener.isTerminatedComplete()).isTrue());
    }

    @Test
    default void close_receiversThatComeLater_getWhatIsLeft() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 1, 2);

        channel.close();

        StepVerifier.create(channel.receive()).expectNext(1, 2).verifyComplete();
        StepVerifier.create(channel.receive()).verifyComplete();
        StepVerifier.create(channel.listen()).verifyComplete();
    }

    @Test
    default void close_withoutAnyGroup_keepsWhatIsLeftForTheFirst() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 1);

        channel.close();

        StepVerifier.create(channel.receive("late")).expectNext(1).verifyComplete();
    }

    @Test
    default void close_waitingSends_failAndAreNotDelivered() {
        Channel<Integer> channel = open(1);
        sendNow(channel, 1);
        List<TestSubscriber<Void>> waiting = List.of(subscribe(channel.send(2)), subscribe(channel.send(3)));

        channel.close();

        eventually(() -> assertThat(waiting)
                .allSatisfy(send -> assertThat(Fixture.errorOf(send)).isInstanceOf(ChannelClosedException.class)));
        StepVerifier.create(channel.receive()).expectNext(1).verifyComplete();
        assertThat(stats(channel).waitingSends()).isZero();
    }

    @Test
    default void close_laterSends_areRefusedByName() {
        Channel<Integer> channel =
                open(ChannelOptions.builder().name("orders/eu").capacity(5).build());

        channel.close();

        assertThat(channel.isClosed()).isTrue();
        assertThat(stats(channel).closed()).isTrue();
        assertThat(channel.trySend(1)).isEqualTo(SendResult.CLOSED);
        assertThatThrownBy(() -> channel.send(1).block(LONG))
                .isInstanceOf(ChannelClosedException.class)
                .hasMessageContaining("orders/eu");
    }

    @Test
    default void closeWithCause_receiversGetWhatIsLeftThenTheCause() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 1);
        IllegalStateException cause = new IllegalStateException("disk full");
        TestSubscriber<Integer> listener = subscribe(channel.listen());

        channel.close(cause);

        StepVerifier.create(channel.receive())
                .expectNext(1)
                .verifyErrorSatisfies(arrived -> assertCause(arrived, cause));
        StepVerifier.create(channel.receive()).verifyErrorSatisfies(arrived -> assertCause(arrived, cause));
        eventually(() -> assertCause(Fixture.errorOf(listener), cause));
    }

    @Test
    default void closeWithCause_sendersAreToldTheCause() {
        Channel<Integer> channel = open(1);
        sendNow(channel, 1);
        TestSubscriber<Void> waiting = subscribe(channel.send(2));
        IllegalStateException cause = new IllegalStateException("disk full");

        channel.close(cause);

        eventually(() -> assertThat(Fixture.errorOf(waiting))
                .isInstanceOf(ChannelClosedException.class)
                .satisfies(refused -> assertCause(refused.getCause(), cause)));
        assertThatThrownBy(() -> channel.send(3).block(LONG))
                .isInstanceOf(ChannelClosedException.class)
                .satisfies(refused -> assertCause(refused.getCause(), cause));
    }

    @Test
    default void close_twice_theFirstDecides() {
        Channel<Integer> channel = open(1);

        channel.close();
        channel.close(new IllegalStateException("too late"));

        StepVerifier.create(channel.receive()).verifyComplete();
    }

    @Test
    default void close_groups_eachGetWhatIsLeftForThem() {
        Channel<Integer> channel = open(5);
        TestSubscriber<Integer> a = subscribe(channel.receive("a"), 0);
        TestSubscriber<Integer> b = subscribe(channel.receive("b"), 2);
        sendNow(channel, 1, 2);

        channel.close();

        eventually(() -> assertThat(b.isTerminatedComplete()).isTrue());
        assertThat(a.isTerminated()).isFalse();
        a.request(2);
        eventually(() -> assertThat(a.getReceivedOnNext()).containsExactly(1, 2));
        eventually(() -> assertThat(a.isTerminatedComplete()).isTrue());
    }

    @Test
    default void close_competitors_allCompleteWhenTheLastElementIsTaken() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 1, 2);
        TestSubscriber<Integer> idle = subscribe(channel.receive(), 0);

        channel.close();

        assertThat(idle.isTerminated()).isFalse();
        assertThat(take(channel, 2)).containsExactly(1, 2);
        eventually(() -> assertThat(idle.isTerminatedComplete()).isTrue());
    }

    @Test
    default void close_fromWithinOnNext_completesAfterWhatIsLeft() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 1, 2, 3);

        StepVerifier.create(channel.receive().doOnNext(i -> channel.close()))
                .expectNext(1, 2, 3)
                .verifyComplete();
    }
}
