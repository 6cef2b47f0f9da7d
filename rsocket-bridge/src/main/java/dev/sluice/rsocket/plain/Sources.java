package dev.sluice.rsocket.plain;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.Nest;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.rsocket.wire.Wire;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * The sources of a service as one stream: frames in the order in which they come, each with the number of its source and its header. A nest's
 * number stands before those of its sources, as in {@code 3.0}.
 *
 * <p>So many sources are taken from at a time, and each is one frame ahead of the client.
 */
final class Sources {

    private final int most;
    private final int depth;

    /**
     * Flattens.
     *
     * @param most sources at a time
     * @param depth how deep nests may nest
     */
    Sources(int most, int depth) {
        this.most = most;
        this.depth = depth;
    }

    Flux<Outgoing> flattened(Publisher<? extends Source> answer) {
        return flattened(Flux.from(answer), "", 1);
    }

    private Flux<Outgoing> flattened(Flux<? extends Source> sources, String prefix, int level) {
        return sources.index().flatMap(numbered -> frames(numbered.getT2(), prefix + numbered.getT1(), level), most, 1);
    }

    private Flux<Outgoing> frames(Source source, String path, int level) {
        if (source instanceof Nest nest) {
            return level < depth
                    ? flattened(nest.sources(), path + ".", level + 1)
                    : Flux.error(Failures.of(Code.FAILED, "nests nest at most " + depth + " deep, this goes deeper"));
        }
        int header = source.header().size();
        if (header > Wire.HEADER_BYTES) {
            source.discard();
            return Flux.error(Refusal.tooLarge("a header", header, Wire.HEADER_BYTES));
        }
        Frame metadata = Entries.ofSource(path, source.header());
        return source.frames().map(frame -> new Outgoing(metadata, frame, null));
    }
}
