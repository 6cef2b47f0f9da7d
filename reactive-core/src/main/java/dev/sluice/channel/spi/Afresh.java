package dev.sluice.channel.spi;

import dev.sluice.ChannelExpiredException;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Does something with a channel that is looked up by its name each time: when the channel has been deleted as idle since
 * it was looked up, which says that nothing was done, it is done with the one that has the name then.
 */
public final class Afresh {
    private Afresh() {}

    /**
     * An operation.
     *
     * @param operation looks the channel up, and gives what is to be done with it
     */
    public static <R> Mono<R> mono(Supplier<? extends Mono<R>> operation) {
        return Mono.<R>defer(operation).onErrorResume(ChannelExpiredException.class, gone -> mono(operation));
    }

    /**
     * Receiving, or listening: somebody who joins is refused before anything else.
     *
     * @param joining looks the channel up, and gives what is to be subscribed to
     */
    public static <R> Flux<R> flux(Supplier<? extends Flux<R>> joining) {
        return Flux.<R>defer(joining).onErrorResume(ChannelExpiredException.class, gone -> flux(joining));
    }
}
