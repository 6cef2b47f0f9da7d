package dev.sluice.channel.memory;

import static dev.sluice.channel.SendResult.ACCEPTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.channel.BroadcastOptions;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Hooks;
import reactor.core.scheduler.Scheduler;
import reactor.test.subscriber.TestSubscriber;

/** User code that throws where it must not hurts nobody else. */
class ThrowingSubscriberTest {
    private final List<Throwable> dropped = new ArrayList<>();

    @BeforeEach
    void collectDroppedErrors() {
        Hooks.onErrorDropped(dropped::add);
    }

    @AfterEach
    void resetHooks() {
        Hooks.resetOnErrorDropped();
    }

    @Test
    void sends_thatThrowWhenTheyComplete_doNotKeepOthersFromCompleting() {
        Channel<Integer> channel = Channel.create(0);
        channel.send(1).subscribe(new Throwing<>(new IllegalStateException("on complete")));
        TestSubscriber<Void> second = TestSubscriber.create();
        channel.send(2).subscribe(second);
        TestSubscriber<Integer> receiver = TestSubscriber.create();

        channel.receive().subscribe(receiver);

        assertThat(receiver.getReceivedOnNext()).containsExactly(1, 2);
        assertThat(second.isTerminatedComplete()).isTrue();
        assertThat(dropped).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sends_thatThrowAFatalErrorWhenTheyComplete_doNotKeepOthersFromCompleting() {
        Channel<Integer> channel = Channel.create(0);
        channel.send(1).subscribe(new Throwing<>(new LinkageError("on complete")));
        TestSubscriber<Void> second = TestSubscriber.create();
        channel.send(2).subscribe(second);
        TestSubscriber<Integer> receiver = TestSubscriber.create();

        assertThatThrownBy(() -> channel.receive().subscribe(receiver)).isInstanceOf(LinkageError.class);

        assertThat(receiver.getReceivedOnNext()).containsExactly(1, 2);
        assertThat(second.isTerminatedComplete()).isTrue();
    }

    @Test
    void sends_thatThrowWhenTheyAreRefused_doNotKeepOthersFromKnowing() {
        Channel<Integer> channel = Channel.create(0);
        channel.send(1).subscribe(new Throwing<>(new IllegalStateException("on error")));
        TestSubscriber<Void> second = TestSubscriber.create();
        channel.send(2).subscribe(second);
        TestSubscriber<Integer> receiver =
                TestSubscriber.builder().initialRequest(0).build();
        channel.receive("later").subscribe(receiver);

        channel.close();

        assertThat(second.isTerminatedError()).isTrue();
        assertThat(receiver.isTerminatedComplete()).isTrue();
    }

    @Test
    void receivers_thatThrowWhenTheyComplete_doNotKeepOthersFromCompleting() {
        Channel<Integer> channel = Channel.create(3);
        channel.receive().subscribe(new Throwing<>(new IllegalStateException("on complete")));
        TestSubscriber<Integer> second = TestSubscriber.create();
        channel.receive().subscribe(second);

        channel.close();

        assertThat(second.isTerminatedComplete()).isTrue();
    }

    @Test
    void receiver_thatThrowsAFatalError_leavesTheRestToTheOthers() {
        Channel<Integer> channel = Channel.create(10);
        for (int i = 0; i < 6; i++) {
            channel.trySend(i);
        }
        CoreSubscriber<Integer> fails = new OnNext<>(3, element -> {
            throw new LinkageError("on next");
        });
        assertThatThrownBy(() -> channel.receive().subscribe(fails)).isInstanceOf(LinkageError.class);
        TestSubscriber<Integer> second = TestSubscriber.create();

        channel.receive().subscribe(second);
        channel.close();

        assertThat(second.getReceivedOnNext()).containsExactly(1, 2, 3, 4, 5);
        assertThat(second.isTerminatedComplete()).isTrue();
    }

    @Test
    void receiver_thatThrowsDeepInAChain_doesNotBreakIt() {
        List<Channel<Integer>> chain = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            chain.add(Channel.create(1));
        }
        for (int i = 0; i < 39; i++) {
            Channel<Integer> next = chain.get(i + 1);
            chain.get(i).receive().subscribe(new OnNext<>(Long.MAX_VALUE, element -> {
                next.trySend(element);
                throw new LinkageError("on next");
            }));
        }
        TestSubscriber<Integer> end = TestSubscriber.create();
        chain.get(39).receive().subscribe(end);

        assertThatThrownBy(() -> chain.get(0).trySend(1)).isInstanceOf(LinkageError.class);

        assertThat(end.getReceivedOnNext()).containsExactly(1);
    }

    @Test
    void receiver_thatThrowsWhenItIsSubscribed_isNoMember() {
        Channel<Integer> channel = Channel.create(1);
        CoreSubscriber<Integer> fails = new CoreSubscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                throw new IllegalStateException("on subscribe");
            }

            @Override
            public void onNext(Integer element) {}

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onComplete() {}
        };

        assertThatThrownBy(() -> channel.listen().subscribe(fails)).hasMessage("on subscribe");

        TestSubscriber<Integer> receiver = TestSubscriber.create();
        channel.receive().subscribe(receiver);
        for (int i = 0; i < 1_000; i++) {
            assertThat(channel.trySend(i)).isEqualTo(ACCEPTED);
        }
    }

    @Test
    void clock_thatThrows_countsAsStandingStill() {
        AtomicBoolean broken = new AtomicBoolean();
        Channel<Integer> channel = Channel.create(ChannelOptions.builder()
                .retention(Retention.forLast(Duration.ofSeconds(1)))
                .clock(new BreakableClock(broken))
                .build());
        channel.trySend(1);

        broken.set(true);
        assertThat(channel.trySend(2)).isEqualTo(ACCEPTED);
        TestSubscriber<Integer> listener = TestSubscriber.create();
        channel.listen(Position.earliest()).subscribe(listener);
        TestSubscriber<Integer> receiver = TestSubscriber.create();
        channel.receive().subscribe(receiver);
        for (int i = 3; i < 1_000; i++) {
            assertThat(channel.trySend(i)).isEqualTo(ACCEPTED);
        }

        assertThat(receiver.getReceivedOnNext()).hasSize(999);
        assertThat(listener.getReceivedOnNext()).hasSize(999);
    }

    @Test
    void timesThatCannotBeCounted_areRefused() {
        Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
        assertThatThrownBy(() -> Retention.forLast(endless))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Retention.all()");
        assertThatThrownBy(() -> BroadcastOptions.waitFor(endless))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("WAIT");
    }

    /** Throws when it is told the end. */
    private record Throwing<T>(Throwable thrown) implements CoreSubscriber<T> {
        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(T element) {}

        @Override
        public void onError(Throwable error) {
            sneakyThrow(thrown);
        }

        @Override
        public void onComplete() {
            sneakyThrow(thrown);
        }
    }

    /** Does something with each element, unprotected. */
    private record OnNext<T>(long demand, Consumer<T> step) implements CoreSubscriber<T> {
        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(demand);
        }

        @Override
        public void onNext(T element) {
            step.accept(element);
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onComplete() {}
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void sneakyThrow(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private record BreakableClock(AtomicBoolean broken) implements Scheduler {
        @Override
        public long now(TimeUnit unit) {
            if (broken.get()) {
                throw new IllegalStateException("no time");
            }
            return 0;
        }

        @Override
        public Disposable schedule(Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Worker createWorker() {
            throw new UnsupportedOperationException();
        }
    }
}
