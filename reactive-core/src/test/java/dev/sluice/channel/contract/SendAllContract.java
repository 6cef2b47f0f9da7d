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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.subscriber.TestSubscriber;

/** Sending all elements of a publisher. */
interface SendAllContract extends Fixture {

    @Test
    default void sendAll_completes_withHowManyWereAccepted() {
        Channel<Integer> channel = open(10);

        assertThat(channel.sendAll(Flux.range(1, 5)).block(LONG)).isEqualTo(5);
        assertThat(channel.sendAll(Flux.<Integer>empty()).block(LONG)).isZero();
        assertThat(channel.sendAll(Mono.just(6)).block(LONG)).isEqualTo(1);
        assertThat(take(channel, 6)).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    default void sendAll_exactlyAsManyAsThereIsRoomFor_completesWithoutAReceiver() {
        Channel<Integer> channel = open(3);

        assertThat(channel.sendAll(Flux.just(1)).block(LONG)).isEqualTo(1);
        assertThat(channel.sendAll(Flux.range(2, 2)).block(LONG)).isEqualTo(2);

        assertThat(take(channel, 3)).containsExactly(1, 2, 3);
    }

    @Test
    default void sendAll_exactlyAsManyAsThereIsRoomForAndHidden_completesWithoutAReceiver() {
        Channel<Integer> channel = open(3);

        assertThat(channel.sendAll(Flux.range(1, 3).hide()).block(LONG)).isEqualTo(3);
        assertThat(channel.sendAll(Flux.<Integer>empty().hide()).block(LONG)).isZero();

        assertThat(take(channel, 3)).containsExactly(1, 2, 3);
    }

    @Test
    default void sendAll_asksOnlyForWhatThereIsRoomFor() {
        Channel<Integer> channel = open(4);
        AtomicInteger emitted = new AtomicInteger();
        TestPublisher<Integer> publisher = TestPublisher.create();
        AtomicLong asked = new AtomicLong();
        TestSubscriber<Long> sending =
                subscribe(channel.sendAll(publisher.flux().doOnRequest(asked::addAndGet)));
        eventually(() -> assertThat(asked).hasValue(4));

        Channel<Integer> other = open(4);
        TestSubscriber<Long> eager =
                subscribe(other.sendAll(Flux.range(0, 100).doOnNext(i -> emitted.incrementAndGet())));

        eventually(() -> assertThat(emitted).hasValue(4));
        assertThat(take(other, 3)).containsExactly(0, 1, 2);
        eventually(() -> assertThat(emitted).hasValue(7));
        assertThat(eager.isTerminated()).isFalse();
        assertThat(sending.isTerminated()).isFalse();
    }

    @Test
    default void sendAll_hiddenPublisher_asksOnlyForWhatThereIsRoomFor() {
        Channel<Integer> channel = open(4);
        AtomicInteger emitted = new AtomicInteger();
        Flux<Integer> unfused = Flux.range(0, 100).hide().doOnNext(i -> emitted.incrementAndGet());

        TestSubscriber<Long> sending = subscribe(channel.sendAll(unfused));

        eventually(() -> assertThat(emitted).hasValue(4));
        TestSubscriber<Integer> receiver = subscribe(channel.receive(), 10);
        eventually(() -> assertThat(receiver.getReceivedOnNext()).hasSize(10));
        eventually(() -> assertThat(emitted).hasValue(14));
        receiver.request(Long.MAX_VALUE);
        eventually(() -> assertThat(sending.getReceivedOnNext()).containsExactly(100L));
        assertThat(receiver.getReceivedOnNext())
                .isEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    default void sendAll_rendezvous_emitsOnlyWhatIsReceived() {
        Channel<Integer> channel = open(0);
        AtomicInteger emitted = new AtomicInteger();
        subscribe(channel.sendAll(Flux.range(0, 100).hide().doOnNext(i -> emitted.incrementAndGet())));
        assertThat(emitted).hasValue(0);

        TestSubscriber<Integer> receiver = subscribe(channel.receive(), 3);

        eventually(() -> assertThat(receiver.getReceivedOnNext()).containsExactly(0, 1, 2));
        eventually(() -> assertThat(emitted).hasValue(3));
    }

    @Test
    default void sendAll_publisherFails_failsTheMonoAndLeavesTheChannelOpen() {
        Channel<Integer> channel = open(10);
        Flux<Integer> failing = Flux.just(1, 2).concatWith(Flux.error(new IllegalStateException("boom")));

        StepVerifier.create(channel.sendAll(failing)).verifyErrorMessage("boom");

        assertThat(channel.isClosed()).isFalse();
        assertThat(take(channel, 2)).containsExactly(1, 2);
    }

    @Test
    default void sendAll_arrayWithANull_sendsWhatComesBeforeIt_andFails() {
        Channel<Integer> channel = open(10);

        StepVerifier.create(channel.sendAll(Flux.fromArray(new Integer[] {1, 2, null, 4})))
                .verifyError(NullPointerException.class);

        assertThat(take(channel, 2)).containsExactly(1, 2);
        assertThat(stats(channel).buffered()).isZero();
    }

    @Test
    default void sendAll_publisherFailsWhileElementsWait_failsAfterTheyAreAccepted() {
        Channel<Integer> channel = open(1);
        sendNow(channel, 0);
        TestPublisher<Integer> publisher = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
        TestSubscriber<Long> sending = subscribe(channel.sendAll(publisher));

        publisher.next(1);
        publisher.error(new IllegalStateException("boom"));

        assertThat(sending.isTerminated()).isFalse();
        assertThat(take(channel, 2)).containsExactly(0, 1);
        eventually(() -> assertThat(Fixture.errorOf(sending)).hasMessage("boom"));
    }

    @Test
    default void sendAll_cancelled_cancelsThePublisherAndKeepsWhatWasAccepted() {
        Channel<Integer> channel = open(2);
        TestPublisher<Integer> publisher = TestPublisher.create();
        TestSubscriber<Long> sending = subscribe(channel.sendAll(publisher.flux()));
        eventually(() -> publisher.assertMinRequested(2));
        publisher.next(1, 2);
        eventually(() -> assertThat(stats(channel).accepted()).isEqualTo(2));

        sending.cancel();

        eventually(publisher::assertCancelled);
        assertThat(stats(channel).waitingSends()).isZero();
        assertThat(take(channel, 2)).containsExactly(1, 2);
    }

    @Test
    default void sendAll_cancelledWithAnElementInHand_discardsIt() {
        Channel<Integer> channel = open(1);
        sendNow(channel, 0);
        List<Integer> discarded = new ArrayList<>();
        TestPublisher<Integer> publisher = TestPublisher.createNoncompliant(TestPublisher.Violation.REQUEST_OVERFLOW);
        TestSubscriber<Long> sending = subscribe(channel.sendAll(publisher).doOnDiscard(Integer.class, discarded::add));
        publisher.next(1);
        publisher.next(2);

        sending.cancel();

        eventually(() -> assertThat(discarded).containsExactlyInAnyOrder(1, 2));
        assertThat(take(channel, 1)).containsExactly(0);
        assertThat(stats(channel).buffered()).isZero();
    }

    @Test
    default void sendAll_channelIsClosed_failsAndCancelsThePublisher() {
        Channel<Integer> channel = open(1);
        sendNow(channel, 0);
        TestPublisher<Integer> publisher = TestPublisher.create();
        TestSubscriber<Long> sending = subscribe(channel.sendAll(publisher.flux()));

        channel.close();

        eventually(() -> assertThat(Fixture.errorOf(sending)).isInstanceOf(ChannelClosedException.class));
        eventually(publisher::assertCancelled);
        assertThatThrownBy(() -> channel.sendAll(Flux.just(1)).block(LONG)).isInstanceOf(ChannelClosedException.class);
    }

    @Test
    default void sendAll_completes_doesNotCloseTheChannel() {
        Channel<Integer> channel = open(3);

        channel.sendAll(Flux.just(1)).block(LONG);

        sendNow(channel, 2);
        assertThat(channel.isClosed()).isFalse();
        assertThat(take(channel, 2)).containsExactly(1, 2);
    }

    @Test
    default void sendAll_publisherSeesTheSubscribersContext() {
        Channel<Integer> channel = open(1);
        Flux<Integer> fromContext = Flux.deferContextual(context -> Flux.just(context.<Integer>get("answer")));

        channel.sendAll(fromContext)
                .contextWrite(context -> context.put("answer", 42))
                .block(LONG);

        assertThat(take(channel, 1)).containsExactly(42);
    }

    @Test
    default void sendAll_severalAtOnce_eachKeepsItsOrder() {
        Channel<Integer> channel = open(3);
        Mono<Long> evens = channel.sendAll(Flux.range(0, 500).map(i -> 2 * i));
        Mono<Long> odds = channel.sendAll(Flux.range(0, 500).map(i -> 2 * i + 1).hide());
        TestSubscriber<Long> sent = subscribe(Flux.merge(evens, odds));

        List<Integer> received = take(channel, 1_000);

        eventually(() -> assertThat(sent.getReceivedOnNext()).containsExactly(500L, 500L));
        assertThat(received).filteredOn(i -> i % 2 == 0).hasSize(500).isSorted();
        assertThat(received).filteredOn(i -> i % 2 == 1).hasSize(500).isSorted();
    }
}
