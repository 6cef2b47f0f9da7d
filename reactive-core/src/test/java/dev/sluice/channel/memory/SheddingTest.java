package dev.sluice.channel.memory;

import static dev.sluice.channel.SendResult.ACCEPTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.SlowReceiverException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Delivery;
import dev.sluice.channel.GroupOptions;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Overflow;
import dev.sluice.channel.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.test.subscriber.TestSubscriber;

/** Readers that must not hold senders back: they shed when they are slow, and only then, and fail when it is time. */
class SheddingTest {

    @ParameterizedTest
    @EnumSource(
            value = Overflow.class,
            names = {"DROP_OLDEST", "DROP_LATEST", "FAIL"})
    void listener_withDemand_shedsNothing_whenManyAreAdmittedAtOnce(Overflow overflow) {
        Channel<Integer> channel = Channel.create(1);
        TestSubscriber<Integer> slow =
                TestSubscriber.builder().initialRequest(0).build();
        channel.receive().subscribe(slow);
        TestSubscriber<Integer> quick = TestSubscriber.create();
        channel.listen(Position.latest(), new ListenOptions(overflow, 1)).subscribe(quick);
        for (int i = 0; i < 51; i++) {
            channel.send(i).subscribe();
        }

        slow.request(50);

        assertThat(quick.isTerminatedError()).isFalse();
        assertThat(quick.getReceivedOnNext())
                .isEqualTo(IntStream.range(0, 51).boxed().toList());
        assertThat(channel.stats().block().dropped()).isZero();
    }

    @Test
    void group_thatSheds_holdsNobodyBack_whateverCameBackToIt() {
        Channel<Integer> channel = Channel.create(1);
        channel.createGroup("g", new GroupOptions(Overflow.DROP_OLDEST, 1_000, Position.latest()))
                .block();
        TestSubscriber<Delivery<Integer>> receiver = TestSubscriber.create();
        channel.receiveAcked("g", 2_000).subscribe(receiver);
        for (int i = 0; i < 900; i++) {
            assertThat(channel.trySend(i)).isEqualTo(ACCEPTED);
        }

        receiver.cancel();

        for (int i = 0; i < 900; i++) {
            assertThat(channel.trySend(i)).isEqualTo(ACCEPTED);
        }
    }

    @Test
    void listener_thatIsTooSlowBeforeItIsSubscribed_failsAfterwards() {
        Channel<Integer> channel = Channel.create(10);
        List<Object> signals = new ArrayList<>();

        channel.listen(Position.latest(), new ListenOptions(Overflow.FAIL, 1))
                .subscribe(new Recording(signals, subscription -> {
                    channel.trySend(1);
                    channel.trySend(2);
                }));

        assertThat(signals).element(0).isEqualTo("subscribed");
        assertThat(signals).element(1).isInstanceOf(SlowReceiverException.class);
    }

    @Test
    void receiver_thatBreaksTheRules_getsNothingMore() {
        Channel<Integer> channel = Channel.create(10);
        channel.trySend(1);
        List<Object> signals = new ArrayList<>();

        channel.receive().subscribe(new Recording(signals, subscription -> {
            subscription.request(-1);
            subscription.request(5);
        }));

        assertThat(signals).element(0).isEqualTo("subscribed");
        assertThat(signals).element(1).isInstanceOf(IllegalArgumentException.class);
        assertThat(signals).hasSize(2);
    }

    private interface Subscribed {
        void with(Subscription subscription);
    }

    private record Recording(List<Object> signals, Subscribed first) implements CoreSubscriber<Integer> {
        @Override
        public void onSubscribe(Subscription subscription) {
            first.with(subscription);
            signals.add("subscribed");
        }

        @Override
        public void onNext(Integer element) {
            signals.add(element);
        }

        @Override
        public void onError(Throwable error) {
            signals.add(error);
        }

        @Override
        public void onComplete() {
            signals.add("complete");
        }
    }
}
