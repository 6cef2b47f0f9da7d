package dev.sluice.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** The ends of channels, as tests use them. */
final class Ends {
    static final Duration LONG = Duration.ofSeconds(20);

    private Ends() {}

    static <T> Channel<T> channel(String name, int capacity) {
        return Channel.create(
                ChannelOptions.builder().name(name).capacity(capacity).build());
    }

    @SafeVarargs
    static <T> void sendNow(Sender<T> sender, T... elements) {
        for (T element : elements) {
            assertThat(sender.trySend(element)).isEqualTo(SendResult.ACCEPTED);
        }
    }

    /** What is in a channel now. */
    static <T> List<T> drain(Channel<T> channel) {
        List<T> elements = new ArrayList<>();
        channel.receive().subscribe(elements::add).dispose();
        return elements;
    }

    static <T> List<T> take(Channel<T> channel, int count) {
        return channel.receive().take(count).collectList().block(LONG);
    }

    static <R> TestSubscriber<R> subscribe(Publisher<R> publisher) {
        TestSubscriber<R> subscriber = TestSubscriber.create();
        Flux.from(publisher).subscribe(subscriber);
        return subscriber;
    }

    static int waiting(Channel<?> channel) {
        return (int) channel.stats().block(LONG).waitingSends();
    }
}
