package dev.sluice.ninep.tree;

import dev.sluice.channel.Channels;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Whether somebody sees any of the channels below a prefix. Nearly always the first few tell. Who sees little may have to be looked for among very many,
 * and that is not done on an event loop.
 */
final class Seen {

    private static final int FEW = 16;

    private Seen() {}

    static Mono<Boolean> any(Channels channels, String prefix, View view) {
        return channels.list(prefix).take(FEW).collectList().flatMap(few -> {
            if (few.stream().anyMatch(view::sees)) {
                return Mono.just(true);
            }
            return few.size() < FEW
                    ? Mono.just(false)
                    : channels.list(prefix, few.get(FEW - 1))
                            .filter(view::sees)
                            .hasElements()
                            .subscribeOn(Schedulers.boundedElastic());
        });
    }
}
