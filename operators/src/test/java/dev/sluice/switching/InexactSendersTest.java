package dev.sluice.switching;

import static dev.sluice.switching.Ends.LONG;
import static dev.sluice.switching.Ends.channel;
import static dev.sluice.switching.Ends.drain;
import static dev.sluice.switching.Ends.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;

/** Senders who do not say what a cancel did, as an ordinary {@code Mono} does not. */
class InexactSendersTest {

    /** Says what became of a send when the test wants it, and nothing upon a cancel. */
    private static final class Silent implements Sender<Integer> {
        final List<Integer> started = new ArrayList<>();
        final List<Integer> cancelled = new ArrayList<>();
        final List<Sinks.Empty<Void>> answers = new ArrayList<>();

        @Override
        public Mono<Void> send(Integer element) {
            return Mono.defer(() -> {
                Sinks.Empty<Void> answer = Sinks.empty();
                answers.add(answer);
                started.add(element);
                return answer.asMono().doOnCancel(() -> cancelled.add(element));
            });
        }

        @Override
        public SendResult trySend(Integer element) {
            return SendResult.FULL;
        }

        @Override
        public Mono<Long> sendAll(Publisher<? extends Integer> elements) {
            return Flux.from(elements).concatMap(this::send).count();
        }
    }

    private final Silent silent = new Silent();
    private final Channel<Integer> next = channel("next", 10);
    private final SwitchableSink<Integer> sink = SwitchableSink.create("sink", silent);

    @Test
    void switchTo_awaitsWhatItWasGiven_andCancelsNothing() {
        TestSubscriber<Void> send = subscribe(sink.send(1));

        TestSubscriber<?> switching = subscribe(sink.switchTo(next));
        TestSubscriber<Void> later = subscribe(sink.send(2));

        assertThat(silent.cancelled).isEmpty();
        assertThat(switching.isTerminated()).isFalse();
        silent.answers.get(0).tryEmitEmpty();
        assertThat(send.isTerminatedComplete()).isTrue();
        assertThat(switching.isTerminatedComplete()).isTrue();
        assertThat(later.isTerminatedComplete()).isTrue();
        assertThat(drain(next)).containsExactly(2);
    }

    @Test
    void switchTo_calledOff_goesOnThere() {
        TestSubscriber<Void> first = subscribe(sink.send(1));
        assertThatThrownBy(
                        () -> sink.switchTo(next).timeout(Duration.ofMillis(10)).block(LONG))
                .hasCauseInstanceOf(TimeoutException.class);

        TestSubscriber<Void> second = subscribe(sink.send(2));

        assertThat(silent.started).containsExactly(1, 2);
        silent.answers.forEach(Sinks.Empty::tryEmitEmpty);
        assertThat(first.isTerminatedComplete()).isTrue();
        assertThat(second.isTerminatedComplete()).isTrue();
        sink.switchTo(next).block(LONG);
    }

    @Test
    void send_cancelled_isNotAwaited_soThatTheWindowStaysOpen() {
        for (int i = 0; i < 300; i++) {
            sink.send(i).subscribe().dispose();
        }

        assertThat(silent.started).hasSize(300);
        assertThat(silent.cancelled).hasSize(300);
        sink.switchTo(next).block(LONG);
        sink.send(300).block(LONG);
        assertThat(drain(next)).containsExactly(300);
    }

    @Test
    void send_cancelledAsItCompletes_doesNotWaitForItself() {
        Channel<Integer> wire = channel("wire", 10);
        SwitchableSink<Integer> through = SwitchableSink.create("through", new Passing(wire));

        assertTimeoutPreemptively(
                LONG,
                () -> through.send(1).subscribe(new CoreSubscriber<>() {
                    private @Nullable Subscription upstream;

                    @Override
                    public void onSubscribe(Subscription subscription) {
                        upstream = subscription;
                        subscription.request(1);
                    }

                    @Override
                    public void onNext(Void nothing) {}

                    @Override
                    public void onError(Throwable cause) {}

                    @Override
                    public void onComplete() {
                        upstream.cancel();
                    }
                }));

        assertThat(drain(wire)).containsExactly(1);
    }

    @Test
    void subscriber_thatThrowsAsItsSendCompletes_doesNotHoldUpASwitch() {
        sink.send(1).subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnComplete() {
                throw new NoClassDefFoundError("gone");
            }
        });
        TestSubscriber<?> switching = subscribe(sink.switchTo(next));

        assertThatThrownBy(() -> silent.answers.get(0).tryEmitEmpty()).isInstanceOf(NoClassDefFoundError.class);

        assertThat(switching.isTerminatedComplete()).isTrue();
        sink.send(2).block(LONG);
        assertThat(drain(next)).containsExactly(2);
    }

    /** Hands everything to a channel, at once. */
    private record Passing(Channel<Integer> to) implements Sender<Integer> {
        @Override
        public Mono<Void> send(Integer element) {
            return to.send(element);
        }

        @Override
        public SendResult trySend(Integer element) {
            return to.trySend(element);
        }

        @Override
        public Mono<Long> sendAll(Publisher<? extends Integer> elements) {
            return to.sendAll(elements);
        }
    }
}
