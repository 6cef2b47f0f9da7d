package dev.sluice;

import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * One stream among many: a header that says what it is, and its frames.
 *
 * <p>A {@code Flux<Source>} is the nested stream of Sluice: sources are announced one after the other, and their
 * frames flow side by side, each with its own demand. What a header means is up to those who exchange it.
 *
 * <p>Who is given a source either subscribes to {@link #frames()} or calls {@link #discard()}. A source that is merely
 * forgotten may hold a producer until that producer's own time limit.
 */
public interface Source {

    /**
     * What this source is. Known before anything is subscribed to, at no cost.
     *
     * @return the header, never null, always the same
     */
    Frame header();

    /**
     * The frames, in order. Lazy: nothing is asked of the producer before a subscriber asks. Subscribe once; whether a
     * second subscription replays, shares or fails is up to the producer.
     *
     * @return the frames
     */
    Flux<Frame> frames();

    /**
     * Says that nobody will subscribe to the frames, so that a producer already waiting somewhere can be released.
     *
     * <p>It costs nothing for a source nobody has started yet, which is why it does nothing unless a source overrides
     * it: a remote source cancels at its producer, a hot one gives up its buffer. Never blocks and never throws. Calling
     * it again, or after a subscription, has no effect. Every operator of {@code NestedFlux} calls it for sources it
     * leaves out; elsewhere {@code doOnDiscard(Source.class, Source::discard)} does it for a whole chain.
     */
    default void discard() {}

    /**
     * A source that needs no word when it is left out.
     *
     * @param header what the source is
     * @param frames its frames
     * @return the source
     */
    static Source of(Frame header, Publisher<? extends Frame> frames) {
        return new SimpleSource(header, frames, null);
    }

    /**
     * A source with a text header that needs no word when it is left out.
     *
     * @param header what the source is, sent as UTF-8
     * @param frames its frames
     * @return the source
     */
    static Source of(String header, Publisher<? extends Frame> frames) {
        return of(Frame.text(header), frames);
    }

    /**
     * A source that is told when it is left out.
     *
     * @param header what the source is
     * @param frames its frames
     * @param whenDiscarded runs at most once, on the first {@link #discard()}, and only when nobody subscribed before;
     *     must neither block nor throw
     * @return the source
     */
    static Source of(Frame header, Publisher<? extends Frame> frames, Runnable whenDiscarded) {
        return new SimpleSource(header, frames, Objects.requireNonNull(whenDiscarded, "whenDiscarded"));
    }
}
