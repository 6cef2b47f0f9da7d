package dev.sluice.switching;

import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A {@link Flux} whose upstream can change while subscribers stay.
 *
 * <p>Every subscriber has a subscription of its own to the upstream; subscribers of a channel's {@link
 * dev.sluice.channel.Channel#receive()} compete there. A switch carries over what each of them has asked for and not
 * received, no more and no less, and needs no help of a subscriber that is idle.
 *
 * <p>An element that was taken from the old upstream is delivered. Where the upstream is a channel's {@code receive} or
 * {@code listen}, it is delivered before any element of the new one, and what was not delivered is back in the channel. A
 * publisher of another kind does not say when its cancel has taken effect: elements on their way are delivered when they
 * come, once they are asked for.
 *
 * <p>When the upstream fails, its subscribers fail. When it completes, they do what {@link UpstreamEnd} says. What ends an
 * upstream that was left is ignored, errors go to Reactor's {@code onErrorDropped}.
 *
 * <p>A subscriber that cancels is out of the way at once: what its upstream has not passed on stays there for others. What was
 * on its way to it is delivered or goes to its discard hook.
 *
 * <p>At most {@value #BATCH} elements are asked for at once from an upstream; nothing is fetched ahead of demand. Thread
 * safe.
 *
 * @param <T> the element
 */
public sealed interface SwitchableSource<T> extends Scannable permits FollowingSource {

    /** The most elements asked for at once. */
    int BATCH = 256;

    /** A source whose subscribers complete when its upstream does. */
    static <T> SwitchableSource<T> create(String name, Publisher<? extends T> upstream) {
        return create(name, upstream, UpstreamEnd.COMPLETE);
    }

    /**
     * A source.
     *
     * @param name for messages, metrics and checkpoints
     * @param upstream where elements come from at first
     * @param end what its completion means
     */
    static <T> SwitchableSource<T> create(String name, Publisher<? extends T> upstream, UpstreamEnd end) {
        return new FollowingSource<>(
                Objects.requireNonNull(name, "name"),
                Objects.requireNonNull(upstream, "upstream"),
                Objects.requireNonNull(end, "end"));
    }

    /** The source's name. */
    @Override
    String name();

    /** What comes out; any number of subscribers, now and later. */
    Flux<T> asFlux();

    /** Where elements come from, or will come from when the source is resumed. */
    Publisher<? extends T> upstream();

    /** Whether the source is {@linkplain #hold held}. */
    boolean isHeld();

    /** How many subscribers there are. */
    int subscribers();

    /**
     * Changes the upstream. Lazy. Once subscribed it takes effect, also when it is cancelled then.
     *
     * @param upstream where elements come from now on, also when it is the same as before: it is subscribed to anew
     * @return the previous upstream, when all subscribers have left it. That waits for a subscriber that is just being
     *     given an element, so do not wait for it in there
     */
    Mono<Publisher<? extends T>> switchTo(Publisher<? extends T> upstream);

    /**
     * Leaves the upstream: subscribers get nothing until the source is {@linkplain #resume resumed}, and what they have
     * asked for is kept in mind. Lazy.
     *
     * @return completes when all subscribers have left the upstream
     */
    Mono<Void> hold();

    /** Ends {@link #hold}: the upstream is subscribed to anew. Without effect on a source that is not held. Lazy. */
    Mono<Void> resume();
}
