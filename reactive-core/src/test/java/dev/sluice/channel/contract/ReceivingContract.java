package dev.sluice.channel.contract;

import static dev.sluice.channel.contract.Fixture.LONG;
import static dev.sluice.channel.contract.Fixture.eventually;
import static dev.sluice.channel.contract.Fixture.sendNow;
import static dev.sluice.channel.contract.Fixture.stats;
import static dev.sluice.channel.contract.Fixture.subscribe;
import static dev.sluice.channel.contract.Fixture.take;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.subscriber.TestSubscriber;

/** Receiving: shared out among competitors, against demand only, nothing stranded. */
interface ReceivingContract extends Fixture {

    @Test
    default void receive_notSubscribed_joinsNothing() {
        Channel<Integer> channel = open(1);

        Flux<Integer> lazy = channel.receive();

        assertThat(stats(channel).receivers()).isZero();
        TestSubscriber<Integer> receiver = subscribe(lazy, 0);
        eventually(() -> assertThat(stats(channel).receivers()).isEqualTo(1));
        receiver.cancel();
        eventually(() -> assertThat(stats(channel).receivers()).isZero());
    }

    @Test
    default void receive_takesAgainstDemandOnly() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 1, 2, 3, 4, 5);

        TestSubscriber<Integer> receiver = subscribe(channel.receive(), 2);

        eventually(() -> assertThat(receiver.getReceivedOnNext()).containsExactly(1, 2));
        assertThat(stats(channel).buffered()).isEqualTo(3);
        receiver.request(1);
        eventually(() -> assertThat(receiver.getReceivedOnNext()).containsExactly(1, 2, 3));
        assertThat(stats(channel).buffered()).isEqualTo(2);
    }

    @Test
    default void receive_cancelled_leavesTheRestAtItsPlace() {
        Channel<Integer> channel = open(5);
        sendNow(channel, 1, 2, 3, 4, 5);
        TestSubscriber<Integer> first = subscribe(channel.receive(), 2);
        eventually(() -> assertThat(first.getReceivedOnNext()).hasSize(2));

        first.cancel();

        assertThat(take(channel, 3)).containsExactly(3, 4, 5);
    }

    @Test
    default void receive_cancelledWithinOnNext_leavesTheRestAtItsPlace() {
        Channel<Integer> channel = open(200);
        sendNow(channel, IntStream.range(0, 200).toArray());
        List<Integer> first = new ArrayList<>();
        channel.receive().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnNext(Integer element) {
                first.add(element);
                if (first.size() == 3) {
                    cancel();
                }
            }
        });

        List<Integer> second = take(channel, 197);

        assertThat(first).containsExactly(0, 1, 2);
        assertThat(second).isEqualTo(IntStream.range(3, 200).boxed().toList());
    }

    @Test
    default void receive_competitors_getEachElementOnceAndEqualShares() {
        Channel<Integer> channel = open(10);
        List<TestSubscriber<Integer>> receivers = IntStream.range(0, 3)
                .mapToObj(i -> subscribe(channel.receive()))
                .toList();

        sendNow(channel, IntStream.range(0, 30).toArray());

        eventually(() -> assertThat(receivers)
                .allSatisfy(r -> assertThat(r.getReceivedOnNext()).hasSize(10)));
        assertThat(receivers)
                .flatExtracting(TestSubscriber::getReceivedOnNext)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 30).boxed().toList());
        assertThat(receivers).allSatisfy(r -> assertThat(r.getReceivedOnNext()).isSorted());
    }

    @Test
    default void receive_competitorWithoutDemand_isPassedOver() {
        Channel<Integer> channel = open(10);
        TestSubscriber<Integer> idle = subscribe(channel.receive(), 0);
        TestSubscriber<Integer> once = subscribe(channel.receive(), 1);
        TestSubscriber<Integer> eager = subscribe(channel.receive());

        sendNow(channel, 1, 2, 3, 4);

        eventually(() -> assertThat(eager.getReceivedOnNext()).hasSize(3));
        assertThat(once.getReceivedOnNext()).hasSize(1);
        assertThat(idle.getReceivedOnNext()).isEmpty();
    }

    @Test
    default void receive_competitorThatBlocks_doesNotHoldUpTheOthers() throws Exception {
        Channel<Integer> channel = open(10);
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        TestSubscriber<Integer> slow =
                TestSubscriber.builder().initialRequest(1).build();
        forBlocking(channel.receive())
                .doOnNext(i -> {
                    taken.countDown();
                    awaitUnchecked(release);
                })
                .subscribe(slow);
        Thread sender = new Thread(() -> channel.trySend(1));
        sender.start();
        try {
            assertThat(taken.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            TestSubscriber<Integer> other = subscribe(channel.receive());

            sendNow(channel, 2, 3, 4);

            eventually(() -> assertThat(other.getReceivedOnNext()).containsExactly(2, 3, 4));
        } finally {
            release.countDown();
            sender.join();
        }
        eventually(() -> assertThat(slow.getReceivedOnNext()).containsExactly(1));
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    default void receive_alone_seesTheOrderSent() {
        Channel<Integer> channel = open(7);
        subscribe(channel.sendAll(Flux.range(0, 10_000)));

        assertThat(take(channel, 10_000))
                .isEqualTo(IntStream.range(0, 10_000).boxed().toList());
    }

    @Test
    default void receive_onOtherThreads_losesNothing() {
        Channel<Integer> channel = open(16);
        List<Integer> received = Collections.synchronizedList(new ArrayList<>());
        Flux<Integer> workers = Flux.range(0, 4)
                .flatMap(i ->
                        channel.receive().publishOn(Schedulers.parallel(), 8).doOnNext(received::add));
        Flux<Integer> sending = Flux.range(0, 5_000).publishOn(Schedulers.parallel());

        channel.sendAll(sending).doOnSuccess(count -> channel.close()).subscribe();
        workers.blockLast(LONG);

        assertThat(received.stream().sorted().toList())
                .isEqualTo(IntStream.range(0, 5_000).boxed().toList());
    }

    @Test
    default void receive_demandFromWithinOnNext_isServedWithoutRecursion() {
        int count = tooDeep();
        Channel<Integer> channel = open(16);
        BaseSubscriber<Integer> oneByOne = new BaseSubscriber<>() {
            private int seen;

            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription s) {
                s.request(1);
            }

            @Override
            protected void hookOnNext(Integer element) {
                assertThat(element).isEqualTo(seen++);
                request(1);
            }
        };
        channel.receive().subscribe(oneByOne);

        assertThat(Objects.requireNonNull(channel.sendAll(Flux.range(0, count)).block(LONG)))
                .isEqualTo(count);
        eventually(() -> assertThat(stats(channel).delivered()).isEqualTo(count));
    }
}
