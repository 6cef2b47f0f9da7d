package dev.sluice.channel.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.ChannelStats;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** What the chapters of the contract share: how to open a channel, and words for what is done with it. */
public interface Fixture {

    /** Longer than anything here takes; a test that reaches it has failed. */
    Duration LONG = Duration.ofSeconds(30);

    /** A new channel of the engine under test. */
    Channel<Integer> open(ChannelOptions options);

    /** A new channel whose elements have four bytes each on their way. */
    default Channel<Integer> openMeasured(ChannelOptions options) {
        return open(options);
    }

    /** What a subscriber that blocks subscribes to: where signals come on threads that must not block, it moves to another. */
    default <T> Flux<T> forBlocking(Flux<T> from) {
        return from;
    }

    /** Whether an error that arrived tells of the cause a channel was closed with. */
    default void assertCause(Throwable arrived, Throwable cause) {
        assertThat(arrived).isSameAs(cause);
    }

    /** How often a signal leads to the next where a thread that recursed would have no stack left. */
    default int tooDeep() {
        return 100_000;
    }

    /** A new channel with a capacity and nothing else. */
    default Channel<Integer> open(int capacity) {
        return open(ChannelOptions.builder().capacity(capacity).build());
    }

    /** Subscribes with an initial demand. */
    static <T> TestSubscriber<T> subscribe(Publisher<T> publisher, long demand) {
        TestSubscriber<T> subscriber =
                TestSubscriber.builder().initialRequest(demand).build();
        publisher.subscribe(subscriber);
        return subscriber;
    }

    /** Subscribes with unbounded demand. */
    static <T> TestSubscriber<T> subscribe(Publisher<T> publisher) {
        return subscribe(publisher, Long.MAX_VALUE);
    }

    /** Sends one after the other, and expects each to be accepted at once. */
    static void sendNow(Channel<Integer> channel, int... elements) {
        for (int element : elements) {
            channel.send(element).block(LONG);
        }
    }

    /** Waits until a condition holds; passes at once where the engine is synchronous. */
    static void eventually(ThrowingRunnable condition) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .timeout(LONG)
                .untilAsserted(condition);
    }

    /** The error a subscriber has got; asking the subscriber itself would cancel it when it has not. */
    static Throwable errorOf(TestSubscriber<?> subscriber) {
        assertThat(subscriber.isTerminatedError()).as("has failed").isTrue();
        return subscriber.expectTerminalError();
    }

    /** The counters now. */
    static ChannelStats stats(Channel<?> channel) {
        return Objects.requireNonNull(channel.stats().block(LONG));
    }

    /** Receives exactly so many elements and leaves. */
    static List<Integer> take(Channel<Integer> channel, int count) {
        return take(channel.receive(), count);
    }

    /** Receives exactly so many elements and leaves. */
    static <T> List<T> take(Flux<T> from, int count) {
        return Objects.requireNonNull(from.take(count).collectList().block(LONG));
    }
}
