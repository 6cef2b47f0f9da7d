package dev.sluice.channel.tck;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.GroupOptions;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.PublisherVerification;
import org.reactivestreams.tck.TestEnvironment;
import reactor.core.publisher.Flux;

/** What the verifications of a channel's publishers share. */
abstract class ChannelPublisherTck extends PublisherVerification<Integer> {

    private static final long TIMEOUT_MILLIS = 300;
    private static final long SILENCE_MILLIS = 30;

    ChannelPublisherTck() {
        super(new TestEnvironment(TIMEOUT_MILLIS, SILENCE_MILLIS));
    }

    /** The publisher under test: one way to read a channel. */
    abstract Publisher<Integer> read(Channel<Integer> channel);

    @Override
    public Publisher<Integer> createPublisher(long elements) {
        Channel<Integer> channel =
                Channel.create(ChannelOptions.builder().capacity(16).build());
        channel.createGroup("g", GroupOptions.defaults()).block();
        return Flux.defer(() -> {
            Flux<Integer> counting = Flux.generate(() -> 0, (next, sink) -> {
                sink.next(next);
                return next + 1;
            });
            channel.sendAll(counting.take(elements)).subscribe(sent -> channel.close());
            return read(channel);
        });
    }

    @Override
    public Publisher<Integer> createFailedPublisher() {
        Channel<Integer> channel = Channel.create();
        channel.close(new IllegalStateException("closed with a cause"));
        return read(channel);
    }
}
