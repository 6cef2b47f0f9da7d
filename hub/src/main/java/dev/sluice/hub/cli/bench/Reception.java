package dev.sluice.hub.cli.bench;

import dev.sluice.Frame;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Receives what one sender sends to a channel, and counts. */
final class Reception extends BaseSubscriber<Frame> {

    private final Numbering numbering;
    private final LongConsumer onPlace;
    private final Sinks.Empty<Void> ended = Sinks.empty();

    /** Written by the one who delivers, read by all. */
    private final AtomicLong received = new AtomicLong();

    private final AtomicLong misplaced = new AtomicLong();
    private long expected;

    Reception(Numbering numbering) {
        this(numbering, place -> {});
    }

    /**
     * With somebody who hears of each frame.
     *
     * @param onPlace gets how many came before
     */
    Reception(Numbering numbering, LongConsumer onPlace) {
        this.numbering = numbering;
        this.onPlace = onPlace;
    }

    @Override
    protected void hookOnNext(Frame frame) {
        if (numbering.isAt(expected, frame)) {
            expected++;
        } else {
            expected = numbering.after(expected, frame);
            misplaced.lazySet(misplaced.get() + 1);
        }
        long before = received.get();
        received.lazySet(before + 1);
        onPlace.accept(before);
    }

    @Override
    protected void hookOnComplete() {
        ended.tryEmitEmpty();
    }

    @Override
    protected void hookOnError(Throwable failure) {
        ended.tryEmitError(failure);
    }

    long received() {
        return received.get();
    }

    /** Frames that did not follow the one before. */
    long misplaced() {
        return misplaced.get();
    }

    /** When the channel is closed and empty. */
    Mono<Void> ended() {
        return ended.asMono();
    }
}
