package dev.sluice.switching;

import static dev.sluice.switching.Ends.LONG;
import static dev.sluice.switching.Ends.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ChannelClosedException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** What every sender promises, whatever is behind it. */
interface SenderContract {

    /** A sender into a channel. */
    Sender<Integer> into(Channel<Integer> channel);

    /** Whether the sender accepts everything, so that nobody ever waits. */
    default boolean isBottomless() {
        return false;
    }

    private Sender<Integer> withRoomFor(int capacity) {
        return into(Ends.channel("behind", capacity));
    }

    @Test
    default void trySend_withRoom_isAccepted() {
        assertThat(withRoomFor(1).trySend(1)).isEqualTo(SendResult.ACCEPTED);
    }

    @Test
    default void trySend_whenFull_saysSo() {
        Assumptions.assumeFalse(isBottomless());
        Sender<Integer> sender = withRoomFor(1);
        sender.trySend(1);

        assertThat(sender.trySend(2)).isEqualTo(SendResult.FULL);
    }

    @Test
    default void send_isLazy_andSendsPerSubscription() {
        Channel<Integer> channel = Ends.channel("behind", 4);
        Mono<Void> send = into(channel).send(7);
        assertThat(Ends.drain(channel)).isEmpty();

        send.block(LONG);
        send.block(LONG);

        if (!isBottomless()) {
            assertThat(Ends.drain(channel)).containsExactly(7, 7);
        }
    }

    @Test
    default void send_whenFull_waits_andKeepsOrder() {
        Assumptions.assumeFalse(isBottomless());
        Channel<Integer> channel = Ends.channel("behind", 1);
        Sender<Integer> sender = into(channel);
        List<TestSubscriber<Void>> sends = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            sends.add(subscribe(sender.send(i)));
        }
        assertThat(sends.get(0).isTerminatedComplete()).isTrue();
        assertThat(sends.get(1).isTerminated()).isFalse();
        assertThat(sender.trySend(9)).isEqualTo(SendResult.FULL);

        assertThat(Ends.take(channel, 4)).containsExactly(1, 2, 3, 4);

        assertThat(sends).allMatch(TestSubscriber::isTerminatedComplete);
    }

    @Test
    default void send_cancelled_isWithdrawn_andGoesToTheDiscardHook() {
        Assumptions.assumeFalse(isBottomless());
        Channel<Integer> channel = Ends.channel("behind", 1);
        Sender<Integer> sender = into(channel);
        List<Object> discarded = new ArrayList<>();
        sender.trySend(1);
        TestSubscriber<Void> second = TestSubscriber.create();
        sender.send(2).doOnDiscard(Integer.class, discarded::add).subscribe(second);

        second.cancel();

        assertThat(discarded).containsExactly(2);
        assertThat(Ends.drain(channel)).containsExactly(1);
    }

    @Test
    default void send_cancelledInOnSubscribe_sendsNothing() {
        Channel<Integer> channel = Ends.channel("behind", 1);
        into(channel).send(1).subscribe(new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription s) {
                s.cancel();
            }

            @Override
            public void onNext(Void nothing) {}

            @Override
            public void onError(Throwable cause) {}

            @Override
            public void onComplete() {}
        });

        assertThat(Ends.drain(channel)).isEmpty();
    }

    @Test
    default void sendAll_countsWhatItSent() {
        assertThat(withRoomFor(100).sendAll(Flux.range(0, 100)).block(LONG)).isEqualTo(100);
        assertThat(withRoomFor(1).sendAll(Flux.empty()).block(LONG)).isZero();
    }

    @Test
    default void sendAll_asksWhenThereIsRoom() {
        Assumptions.assumeFalse(isBottomless());
        Channel<Integer> channel = Ends.channel("behind", 2);
        Sender<Integer> sender = into(channel);
        TestPublisher<Integer> publisher = TestPublisher.create();
        TestSubscriber<Long> all = subscribe(sender.sendAll(publisher));

        publisher.next(1);
        assertThat(all.isTerminated()).isFalse();
        publisher.next(2).complete();

        assertThat(all.getReceivedOnNext()).containsExactly(2L);
        assertThat(Ends.drain(channel)).containsExactly(1, 2);
    }

    @Test
    default void sendAll_ofAPublisherThatFails_fails() {
        Sender<Integer> sender = withRoomFor(4);

        StepVerifier.create(sender.sendAll(Flux.just(1).concatWith(Flux.error(new IllegalStateException("broken")))))
                .verifyErrorMessage("broken");
        assertThat(sender.trySend(2)).isEqualTo(SendResult.ACCEPTED);
    }

    @Test
    default void closed_behind_failsSends() {
        Assumptions.assumeFalse(isBottomless());
        Channel<Integer> channel = Ends.channel("behind", 1);
        Sender<Integer> sender = into(channel);
        sender.trySend(1);
        TestSubscriber<Void> waiting = subscribe(sender.send(2));

        channel.close();

        assertThat(waiting.expectTerminalError()).isInstanceOf(ChannelClosedException.class);
        assertThat(sender.trySend(3)).isEqualTo(SendResult.CLOSED);
        StepVerifier.create(sender.send(3)).verifyError(ChannelClosedException.class);
        StepVerifier.create(sender.sendAll(Flux.just(3))).verifyError(ChannelClosedException.class);
    }

    @Test
    default void asSink_emits() {
        Sinks.Many<Integer> sink = withRoomFor(1).asSink();

        assertThat(sink.tryEmitNext(1)).isEqualTo(Sinks.EmitResult.OK);
        assertThat(sink.tryEmitNext(2))
                .isEqualTo(isBottomless() ? Sinks.EmitResult.OK : Sinks.EmitResult.FAIL_OVERFLOW);
    }

    @Test
    default void null_isRefused() {
        Sender<Integer> sender = withRoomFor(1);

        assertThatThrownBy(() -> sender.send(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> sender.trySend(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> sender.sendAll(null)).isInstanceOf(NullPointerException.class);
    }
}
