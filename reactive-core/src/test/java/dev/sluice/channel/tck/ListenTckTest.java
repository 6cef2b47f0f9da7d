package dev.sluice.channel.tck;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import dev.sluice.channel.WhenNoGroup;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;

/** {@link Channel#listen(Position)} by the rules of Reactive Streams: a replay, then live elements. */
public class ListenTckTest extends ChannelPublisherTck {

    /** Of so many elements some are replayed and the rest is live. */
    private static final int REPLAYED = 3;

    @Override
    public Publisher<Integer> createPublisher(long elements) {
        Channel<Integer> channel = Channel.create(ChannelOptions.builder()
                .capacity(4)
                .retention(Retention.last(8))
                .whenNoGroup(WhenNoGroup.DISCARD)
                .build());
        int replayed = (int) Math.min(REPLAYED, elements);
        channel.sendAll(Flux.range(0, replayed)).block();
        return Flux.defer(() -> {
            // Feeding begins when the listener is there and ends when it leaves; a slow listener pushes back on it.
            Flux<Integer> rest =
                    Flux.range(REPLAYED, Integer.MAX_VALUE - REPLAYED).take(elements - replayed);
            Disposable.Swap feeding = Disposables.swap();
            return read(channel)
                    .doOnSubscribe(s -> feeding.update(channel.sendAll(rest).subscribe(sent -> channel.close())))
                    .doOnCancel(feeding::dispose);
        });
    }

    @Override
    Flux<Integer> read(Channel<Integer> channel) {
        return channel.listen(Position.earliest());
    }
}
