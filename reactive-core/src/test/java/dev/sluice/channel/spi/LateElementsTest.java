package dev.sluice.channel.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Retention;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.publisher.Operators;
import reactor.test.subscriber.TestSubscriber;

/** A publisher may still emit what it was about to when {@code sendAll} has ended (rule 2.8). */
class LateElementsTest {
    private final List<Object> discarded = new ArrayList<>();
    private final AtomicReference<Subscriber<? super Object>> upstream = new AtomicReference<>();

    @Test
    void elements_afterACancel_areDiscarded() {
        Channel<Object> channel = Channel.create(10);
        TestSubscriber<Long> sending = sendAll(channel);
        upstream.get().onNext("sent");

        sending.cancel();
        upstream.get().onNext("late");

        assertThat(discarded).containsExactly("late");
        assertThat(channel.stats().block().accepted()).isEqualTo(1);
    }

    @Test
    void elements_afterOneThatCannotBeSent_areDiscardedLikeIt() {
        Channel<Object> channel = Channel.create(
                ChannelOptions.builder().retention(Retention.bytes(100)).build());
        TestSubscriber<Long> sending = sendAll(channel);

        upstream.get().onNext("has no size");
        upstream.get().onNext(new byte[1]);

        assertThat(sending.expectTerminalError()).isInstanceOf(IllegalArgumentException.class);
        assertThat(discarded).hasSize(2);
        assertThat(channel.stats().block().accepted()).isZero();
    }

    private TestSubscriber<Long> sendAll(Channel<Object> channel) {
        Publisher<Object> publisher = subscriber -> {
            upstream.set(subscriber);
            subscriber.onSubscribe(Operators.emptySubscription());
        };
        TestSubscriber<Long> sending = TestSubscriber.create();
        channel.sendAll(publisher).doOnDiscard(Object.class, discarded::add).subscribe(sending);
        return sending;
    }
}
