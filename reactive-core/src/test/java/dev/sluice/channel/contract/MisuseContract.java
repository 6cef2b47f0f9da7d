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
import dev.sluice.channel.SendResult;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** Bad input and bad neighbours: refused with a word that helps, and nobody else suffers. */
interface MisuseContract extends Fixture {

    @Test
    default void nullArguments_areRefusedByName() {
        Channel<Integer> channel = open(1);

        assertThatNullPointerException().isThrownBy(() -> channel.send(null)).withMessageContaining("element");
        assertThatNullPointerException().isThrownBy(() -> channel.trySend(null)).withMessageContaining("element");
        assertThatNullPointerException().isThrownBy(() -> channel.sendAll(null)).withMessageContaining("elements");
        assertThatNullPointerException().isThrownBy(() -> channel.receive(null)).withMessageContaining("group");
        assertThatNullPointerException().isThrownBy(() -> channel.close(null)).withMessageContaining("cause");
        assertThatNullPointerException().isThrownBy(() -> channel.as(null)).withMessageContaining("codec");
        assertThat(channel.isClosed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    default void receive_requestBelowOne_failsThatReceiverOnly(long demand) {
        Channel<Integer> channel = open(5);
        sendNow(channel, 1, 2);
        TestSubscriber<Integer> bad = TestSubscriber.builder().initialRequest(0).build();
        AskTooLittle<Integer> asking = new AskTooLittle<>(bad, demand);

        channel.receive().subscribe(asking);

        eventually(() -> assertThat(Fixture.errorOf(bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3.9"));
        assertThat(take(channel, 2)).containsExactly(1, 2);
    }

    /** Hands a bad request to the subscription, past the checks of the test subscriber. */
    record AskTooLittle<T>(TestSubscriber<T> actual, long demand) implements Subscriber<T> {
        @Override
        public void onSubscribe(Subscription s) {
            actual.onSubscribe(s);
            s.request(demand);
        }

        @Override
        public void onNext(T element) {
            actual.onNext(element);
        }

        @Override
        public void onError(Throwable error) {
            actual.onError(error);
        }

        @Override
        public void onComplete() {
            actual.onComplete();
        }
    }

    /** A subscriber that breaks rule 2.13. */
    private static <T> Subscriber<T> throwing(AtomicInteger seen) {
        return new Subscriber<>() {
            @Override
            public void onSubscribe(Subscription s) {
                s.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(T element) {
                seen.incrementAndGet();
                throw new IllegalStateException("a receiver that throws");
            }

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onComplete() {}
        };
    }

    /** Runs with errors nobody could be told collected instead of logged. */
    private static void withDroppedErrors(Consumer<List<Throwable>> test) {
        List<Throwable> dropped = new CopyOnWriteArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            test.accept(dropped);
        } finally {
            Hooks.resetOnErrorDropped();
        }
    }

    @Test
    default void receive_receiverThatThrows_leavesAndHurtsNeitherSenderNorOthers() {
        withDroppedErrors(dropped -> {
            Channel<Integer> channel = open(5);
            AtomicInteger seen = new AtomicInteger();
            channel.receive().subscribe(throwing(seen));

            assertThat(channel.trySend(1)).isEqualTo(SendResult.ACCEPTED);

            eventually(() -> assertThat(seen).hasValue(1));
            eventually(() -> assertThat(dropped).hasSize(1));
            assertThat(dropped.get(0)).hasMessage("a receiver that throws");
            sendNow(channel, 2, 3);
            assertThat(take(channel, 2)).containsExactly(2, 3);
            eventually(() -> assertThat(stats(channel).receivers()).isZero());
        });
    }

    @Test
    default void receive_receiverThatThrowsInABatch_leavesTheRestAtItsPlace() {
        withDroppedErrors(dropped -> {
            Channel<Integer> channel = open(5);
            sendNow(channel, 1, 2, 3);
            AtomicInteger seen = new AtomicInteger();

            channel.receive().subscribe(throwing(seen));

            assertThat(take(channel, 2)).containsExactly(2, 3);
            assertThat(seen).hasValue(1);
        });
    }

    @Test
    default void listen_listenerThatThrows_leavesAndHurtsNobody() {
        withDroppedErrors(dropped -> {
            Channel<Integer> channel = open(5);
            AtomicInteger seen = new AtomicInteger();
            TestSubscriber<Integer> healthy = subscribe(channel.listen());
            channel.listen().subscribe(throwing(seen));

            sendNow(channel, 1, 2);

            eventually(() -> assertThat(seen).hasValue(1));
            eventually(() -> assertThat(healthy.getReceivedOnNext()).containsExactly(1, 2));
            eventually(() -> assertThat(stats(channel).listeners()).isEqualTo(1));
        });
    }

    @Test
    default void send_fromWithinOnNext_timeAndAgain_doesNotRecurse() {
        int depth = tooDeep();
        Channel<Integer> ping = open(1);
        Channel<Integer> pong = open(1);
        AtomicInteger last = new AtomicInteger();
        Disposable forward = ping.receive().subscribe(i -> pong.send(i + 1).subscribe());
        Disposable back = pong.receive().subscribe(i -> {
            last.set(i);
            if (i < depth) {
                ping.send(i + 1).subscribe();
            }
        });

        ping.send(0).block(LONG);

        eventually(() -> assertThat(last.get()).isGreaterThanOrEqualTo(depth));
        forward.dispose();
        back.dispose();
    }

    @Test
    default void send_toTheSameChannelFromWithinOnNext_doesNotRecurse() {
        int depth = tooDeep();
        Channel<Integer> channel = open(0);
        AtomicInteger last = new AtomicInteger();
        Disposable loop = channel.receive().subscribe(i -> {
            last.set(i);
            if (i < depth) {
                channel.send(i + 1).subscribe();
            }
        });

        channel.send(0).block(LONG);

        eventually(() -> assertThat(last).hasValue(depth));
        loop.dispose();
    }

    @Test
    default void sendAll_publisherThatEmitsMoreThanAsked_isBoundedAndLosesNothingInSilence() {
        Channel<Integer> channel = open(2);
        List<Integer> discarded = new CopyOnWriteArrayList<>();
        TestPublisher<Integer> flood = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
        TestSubscriber<Long> sending = subscribe(channel.sendAll(flood).doOnDiscard(Integer.class, discarded::add));

        List<Object> dropped = new CopyOnWriteArrayList<>();
        Hooks.onNextDropped(dropped::add);
        try {
            for (int i = 0; i < 10_000; i++) {
                flood.next(i);
            }
        } finally {
            Hooks.resetOnNextDropped();
        }

        flood.assertCancelled();
        assertThat(stats(channel).buffered()).isEqualTo(2);
        TestSubscriber<Integer> receiver = subscribe(channel.receive());
        eventually(() -> assertThat(Fixture.errorOf(sending)).hasMessageContaining("more than"));
        int kept = receiver.getReceivedOnNext().size();
        assertThat(kept).isBetween(2, 300);
        assertThat(receiver.getReceivedOnNext())
                .isEqualTo(IntStream.range(0, kept).boxed().toList());
        assertThat(discarded).containsExactly(kept);
        assertThat(dropped).hasSize(10_000 - kept - 1);
    }

    @Test
    default void sendAll_publisherThatGoesOnAfterTheEnd_isIgnored() {
        Channel<Integer> channel = open(5);
        TestPublisher<Integer> zombie = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        TestSubscriber<Long> sending = subscribe(channel.sendAll(zombie));
        eventually(() -> zombie.assertMinRequested(1));

        zombie.next(1);
        zombie.complete();
        zombie.next(2);
        zombie.complete();

        eventually(() -> assertThat(sending.getReceivedOnNext()).containsExactly(1L));
        assertThat(stats(channel).accepted()).isEqualTo(1);
        assertThat(sending.getProtocolErrors()).isEmpty();
    }

    @Test
    default void sendAll_publisherThatEmitsNull_failsWithoutHurtingTheChannel() {
        Channel<Integer> channel = open(5);
        TestPublisher<Integer> nulls = TestPublisher.createNoncompliant(TestPublisher.Violation.ALLOW_NULL);
        TestSubscriber<Long> sending = subscribe(channel.sendAll(nulls));
        eventually(() -> nulls.assertMinRequested(1));

        try {
            nulls.next((Integer) null);
        } catch (NullPointerException allowed) {
            // Rule 2.13 says that onNext(null) throws to the publisher, who has to fail then.
            nulls.error(allowed);
        }

        eventually(() -> assertThat(Fixture.errorOf(sending)).isInstanceOf(NullPointerException.class));
        sendNow(channel, 1);
        assertThat(take(channel, 1)).containsExactly(1);
    }

    @Test
    default void sendAll_publisherThatSubscribesTwice_isCancelledTheSecondTime() {
        Channel<Integer> channel = open(5);
        AtomicInteger cancelled = new AtomicInteger();
        Publisher<Integer> twice = subscriber -> {
            subscriber.onSubscribe(new Counting(new AtomicInteger()));
            subscriber.onSubscribe(new Counting(cancelled));
        };

        withDroppedErrors(dropped -> {
            subscribe(channel.sendAll(twice));
            assertThat(cancelled).hasValue(1);
        });
    }

    /** A subscription that counts its cancels. */
    record Counting(AtomicInteger cancelled) implements Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {
            cancelled.incrementAndGet();
        }
    }

    @Test
    default void send_cancelledBeforeItIsAsked_sendsOnceAtMost() {
        Channel<Integer> channel = open(5);
        Mono<Void> send = channel.send(1);

        send.subscribe().dispose();

        assertThat(stats(channel).accepted() + stats(channel).withdrawn()).isLessThanOrEqualTo(1);
        assertThat(stats(channel).buffered()).isEqualTo(stats(channel).accepted());
    }
}
