package dev.sluice.rsocket;

import dev.sluice.Source;
import reactor.core.publisher.Flux;

/**
 * A source on the other side of a connection.
 *
 * <p>Subscribe once to {@link #frames()}, or to {@link #sources()} when it is a {@linkplain #isNest() nest}; a second subscription fails
 * with {@link IllegalStateException}. Its producer is asked for exactly as many items as the subscriber asks for; unbounded demand is served in
 * windows. One that nobody subscribes to costs its announcement, and is cancelled at its producer after the {@linkplain
 * SessionOptions#acceptTimeout() accept timeout} or by {@link #discard()}.
 */
public interface RemoteSource extends Source {

    /** Where it comes from. */
    Origin origin();

    /** Whether its items are sources. */
    boolean isNest();

    /** The items of a nest; fails for a leaf, as {@link #frames()} does for a nest. */
    Flux<RemoteSource> sources();
}
