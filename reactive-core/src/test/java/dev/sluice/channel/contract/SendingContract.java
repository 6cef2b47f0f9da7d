package dev.sluice.channel.contract;

import static dev.sluice.channel.contract.Fixture.LONG;
import static dev.sluice.channel.contract.Fixture.eventually;
import static dev.sluice.channel.contract.Fixture.sendNow;
import static dev.sluice.channel.contract.Fixture.stats;
import static dev.sluice.channel.contract.Fixture.subscribe;
import static dev.sluice.channel.contract.Fixture.take;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.SendResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.subscriber.TestSubscriber;

/** Sending one element: accepted, waiting, withdrawn. */
interface SendingContract extends Fixture {

    @Test
    default void send_withRoom_isAcceptedAtOnce() {
        Channel<Integer> channel = open(2);

        sendNow(channel, 1, 2);

        assertThat(stats(channel).buffered()).isEqualTo(2);
        assertThat(take(channel, 2)).containsExactly(1, 2);
    }

    @Test
    default void capacity_byDefault_isAHundred() {
        assertThat(open(ChannelOptions.defaults()).capacity()).isEqualTo(100);
    }

    @Test
    default void send_whenFull_waitsUntilReceived() {
        Channel<Integer> channel = open(2);
        sendNow(channel, 1, 2);

        TestSubscriber<Void> third = subscribe(channel.send(3));

        eventually(() -> assertThat(stats(channel).waitingSends()).isEqualTo(1));
        assertThat(third.isTerminated()).isFalse();
        assertThat(take(channel, 1)).containsExactly(1);
        eventually(() -> assertThat(third.isTerminatedComplete()).isTrue());
        assertThat(take(channel, 2)).containsExactly(2, 3);
    }

    @Test
    default void send_notSubscribed_sendsNothing() {
        Channel<Integer> channel = open(2);

        Mono<Void> lazy = channel.send(1);

        assertThat(stats(channel).accepted()).isZero();
        lazy.block(LONG);
        assertThat(stats(channel).accepted()).isEqualTo(1);
    }

    @Test
    default void send_subscribedTwice_sendsTwice() {
        Channel<Integer> channel = open(2);
        Mono<Void> send = channel.send(7);

        send.block(LONG);
        send.block(LONG);

        assertThat(take(channel, 2)).containsExactly(7, 7);
    }

    @Test
    default void send_severalWaiting_areAcceptedInTheOrderTheyCame() {
        Channel<Integer> channel = open(1);
        sendNow(channel, 0);
        List<TestSubscriber<Void>> waiting =
                IntStream.range(1, 6).mapToObj(i -> subscribe(channel.send(i))).toList();

        assertThat(take(channel, 3)).containsExactly(0, 1, 2);

        eventually(() -> assertThat(waiting)
                .extracting(TestSubscriber::isTerminatedComplete)
                .containsExactly(true, true, true, false, false));
        assertThat(take(channel, 3)).containsExactly(3, 4, 5);
    }

    @Test
    default void send_cancelledWhileWaiting_isWithdrawnAndDiscarded() {
        Channel<Integer> channel = open(1);
        sendNow(channel, 1);
        List<Integer> discarded = new ArrayList<>();
        TestSubscriber<Void> withdrawn = subscribe(channel.send(2).doOnDiscard(Integer.class, discarded::add));
        TestSubscriber<Void> next = subscribe(channel.send(3));

        withdrawn.cancel();

        eventually(() -> assertThat(discarded).containsExactly(2));
        assertThat(stats(channel).withdrawn()).isEqualTo(1);
        assertThat(stats(channel).waitingSends()).isEqualTo(1);
        assertThat(take(channel, 2)).containsExactly(1, 3);
        eventually(() -> assertThat(next.isTerminatedComplete()).isTrue());
    }

    @Test
    default void send_cancelledAfterItWasAccepted_isDeliveredAndNotDiscarded() {
        Channel<Integer> channel = open(1);
        List<Integer> discarded = new ArrayList<>();
        TestSubscriber<Void> accepted = subscribe(channel.send(1).doOnDiscard(Integer.class, discarded::add));
        eventually(() -> assertThat(accepted.isTerminatedComplete()).isTrue());

        accepted.cancel();

        assertThat(discarded).isEmpty();
        assertThat(stats(channel).withdrawn()).isZero();
        assertThat(take(channel, 1)).containsExactly(1);
    }

    @Test
    default void trySend_saysExactlyWhetherThereWasRoom() {
        Channel<Integer> channel = open(2);

        assertThat(channel.trySend(1)).isEqualTo(SendResult.ACCEPTED);
        assertThat(channel.trySend(2)).isEqualTo(SendResult.ACCEPTED);
        assertThat(channel.trySend(3)).isEqualTo(SendResult.FULL);
        assertThat(take(channel, 1)).containsExactly(1);
        assertThat(channel.trySend(4)).isEqualTo(SendResult.ACCEPTED);
        channel.close();
        assertThat(channel.trySend(5)).isEqualTo(SendResult.CLOSED);
        assertThat(take(channel, 2)).containsExactly(2, 4);
    }

    @Test
    default void trySend_whileSendsWait_doesNotOvertakeThem() {
        Channel<Integer> channel = open(1);
        sendNow(channel, 1);
        TestSubscriber<Void> waiting = subscribe(channel.send(2));

        assertThat(take(channel, 1)).containsExactly(1);

        eventually(() -> assertThat(waiting.isTerminatedComplete()).isTrue());
        assertThat(channel.trySend(3)).isEqualTo(SendResult.FULL);
        assertThat(take(channel, 1)).containsExactly(2);
    }

    @Test
    default void trySend_fromManyThreads_acceptsExactlyTheCapacity() throws Exception {
        int capacity = 1_000;
        int threads = 4;
        Channel<Integer> channel = open(capacity);
        CyclicBarrier start = new CyclicBarrier(threads);
        Callable<Integer> sender = () -> {
            start.await();
            int accepted = 0;
            for (int i = 0; i < capacity; i++) {
                accepted += channel.trySend(i) == SendResult.ACCEPTED ? 1 : 0;
            }
            return accepted;
        };
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            int accepted = 0;
            for (Future<Integer> result : IntStream.range(0, threads)
                    .mapToObj(i -> pool.submit(sender))
                    .toList()) {
                accepted += result.get();
            }
            assertThat(accepted).isEqualTo(capacity);
            assertThat(stats(channel).buffered()).isEqualTo(capacity);
        } finally {
            pool.shutdown();
        }
    }

    @Test
    default void rendezvous_withoutReceiver_sendWaits() {
        Channel<Integer> channel = open(0);
        TestSubscriber<Void> send = subscribe(channel.send(1));

        assertThat(send.isTerminated()).isFalse();
        assertThat(channel.trySend(2)).isEqualTo(SendResult.FULL);

        assertThat(take(channel, 1)).containsExactly(1);
        eventually(() -> assertThat(send.isTerminatedComplete()).isTrue());
    }

    @Test
    default void rendezvous_acceptsAsManyAsReceiversAskFor() {
        Channel<Integer> channel = open(0);
        TestSubscriber<Integer> receiver = subscribe(channel.receive(), 2);

        assertThat(channel.trySend(1)).isEqualTo(SendResult.ACCEPTED);
        assertThat(channel.trySend(2)).isEqualTo(SendResult.ACCEPTED);
        assertThat(channel.trySend(3)).isEqualTo(SendResult.FULL);
        eventually(() -> assertThat(receiver.getReceivedOnNext()).containsExactly(1, 2));
    }

    @Test
    default void rendezvous_receiverLeaves_sendWaitsAgain() {
        Channel<Integer> channel = open(0);
        TestSubscriber<Integer> receiver = subscribe(channel.receive(), 1);

        receiver.cancel();

        // As long as it is there it may be given an element, which it gives back as it leaves.
        eventually(() -> assertThat(stats(channel).receivers()).isZero());
        assertThat(channel.trySend(1)).isEqualTo(SendResult.FULL);
        TestSubscriber<Void> send = subscribe(channel.send(2));
        assertThat(send.isTerminated()).isFalse();
        assertThat(take(channel, 1)).containsExactly(2);
    }
}
