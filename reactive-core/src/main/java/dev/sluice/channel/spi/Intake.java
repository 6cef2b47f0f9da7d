package dev.sluice.channel.spi;

import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.Fuseable;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * The publisher's end of a {@link SendAll}: what the publisher was asked for, and what it gave that found no room yet. At
 * most {@value #MOST_ASKED} elements are kept. Used by whoever the owner's rules say.
 *
 * @param <T> the element
 */
final class Intake<T> {
    /** The most elements asked for at once. */
    static final int MOST_ASKED = 128;

    private @Nullable Subscription upstream;
    private Fuseable.@Nullable QueueSubscription<T> fused;
    private @Nullable Queue<T> kept;
    private int asked;

    /** Takes the subscription; false when there was one already, and this one is cancelled. */
    boolean open(Subscription s) {
        if (!Operators.validate(upstream, s)) {
            return false;
        }
        upstream = s;
        if (s instanceof Fuseable.QueueSubscription<?> queue
                && queue.requestFusion(Fuseable.SYNC | Fuseable.THREAD_BARRIER) == Fuseable.SYNC) {
            @SuppressWarnings("unchecked")
            Fuseable.QueueSubscription<T> typed = (Fuseable.QueueSubscription<T>) queue;
            fused = typed;
        }
        return true;
    }

    @Nullable Subscription upstream() {
        return upstream;
    }

    /** Whether elements are fetched from the publisher, rather than given by it. */
    boolean isFused() {
        return fused != null;
    }

    /** Whether a fused publisher has nothing more to give. */
    boolean isExhausted() {
        return fused != null && fused.isEmpty();
    }

    /** The next element of a fused publisher; {@code null} at its end. */
    @Nullable T fetch() {
        return Objects.requireNonNull(fused).poll();
    }

    /** Whether the publisher owes elements it was asked for. */
    boolean isExpecting() {
        return asked > 0;
    }

    /** An element that was asked for has been sent. */
    void settle() {
        if (fused == null) {
            asked--;
        }
    }

    /** Counts as many elements as there is room for as asked for; so many are to be {@linkplain #request requested}. */
    int expect(long room) {
        int count = (int) Math.min(MOST_ASKED, room);
        asked += count;
        return count;
    }

    void request(int count) {
        Objects.requireNonNull(upstream).request(count);
    }

    /** Keeps an element for later; false when there are as many as were ever asked for. */
    boolean keep(T element) {
        Queue<T> queue = kept;
        if (queue == null) {
            queue = Queues.<T>get(MOST_ASKED).get();
            kept = queue;
        }
        return queue.offer(element);
    }

    /** The oldest element kept. */
    @Nullable T poll() {
        Queue<T> queue = kept;
        return queue == null ? null : queue.poll();
    }

    void cancel() {
        Subscription s = upstream;
        if (s != null) {
            s.cancel();
        }
    }

    /** Discards what is kept. */
    void discard(Context context) {
        Operators.onDiscardQueueWithClear(kept, context, null);
    }
}
