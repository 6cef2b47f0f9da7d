package dev.sluice;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/**
 * A header and a publisher put together.
 *
 * <p>{@code decided} goes false → true once: by the first subscription or by the first discard, whichever comes first.
 * Only a discard that wins is passed on, so a late one never disturbs a subscriber.
 */
final class SimpleSource implements Source {

    private final Frame header;
    private final Flux<Frame> frames;
    private final @Nullable Runnable whenDiscarded;
    private final AtomicBoolean decided = new AtomicBoolean();

    SimpleSource(Frame header, Publisher<? extends Frame> frames, @Nullable Runnable whenDiscarded) {
        this.header = Objects.requireNonNull(header, "header");
        this.whenDiscarded = whenDiscarded;
        Flux<Frame> all = Flux.from(Objects.requireNonNull(frames, "frames"));
        // A source that need not be told is handed on as it is, so that fusion with its operators still works.
        this.frames = whenDiscarded == null
                ? all
                : Flux.defer(() -> {
                    decided.set(true);
                    return all;
                });
    }

    @Override
    public Frame header() {
        return header;
    }

    @Override
    public Flux<Frame> frames() {
        return frames;
    }

    @Override
    public void discard() {
        if (whenDiscarded != null && decided.compareAndSet(false, true)) {
            whenDiscarded.run();
        }
    }

    @Override
    public String toString() {
        return "Source(" + header + ")";
    }
}
