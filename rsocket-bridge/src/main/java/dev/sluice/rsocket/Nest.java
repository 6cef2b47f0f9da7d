package dev.sluice.rsocket;

import dev.sluice.Frame;
import dev.sluice.Source;
import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** A source whose items are sources, to be sent by a {@link Service} or in the uplink of a {@link Call}. */
public final class Nest implements Source {

    private final Frame header;
    private final Flux<Source> sources;

    private Nest(Frame header, Flux<Source> sources) {
        this.header = header;
        this.sources = sources;
    }

    /**
     * A nest.
     *
     * @param header what it is
     * @param sources its items; subscribed once, asked for as many as the other side asks for
     */
    public static Nest of(Frame header, Publisher<? extends Source> sources) {
        return new Nest(
                Objects.requireNonNull(header, "header"), Flux.from(Objects.requireNonNull(sources, "sources")));
    }

    @Override
    public Frame header() {
        return header;
    }

    /** The items. */
    public Flux<Source> sources() {
        return sources;
    }

    /** Fails: a nest has sources, no frames. */
    @Override
    public Flux<Frame> frames() {
        return Flux.error(new IllegalStateException("a nest has sources and no frames: use sources()"));
    }

    @Override
    public String toString() {
        return "Nest(" + header + ")";
    }
}
