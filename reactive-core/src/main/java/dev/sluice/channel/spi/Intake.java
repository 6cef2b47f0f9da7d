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

    /** The most elements sent ahead of the others when it is its turn after a wait for room. */
    private static final int TURN = Run.LONGEST;

    private @Nullable Subscription upstream;
    private Fuseable.@Nullable QueueSubscription<T> fused;
    private @Nullable Queue<T> kept;
    private int asked;
    private int turn;

    /** What a fused publisher has given and was not sent yet. */
    final Run<T> run = new Run<>();

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
        return fused != null && run.isEmpty() && fused.isEmpty();
    }

    /** Sees to it that there is something in the {@link #run}; 0 at the end of a fused publisher, else how much. */
    int fetch(long most) {
        return run.size() > 0 ? run.size() : run.fetch(Objects.requireNonNull(fused), atOnce(most));
    }

    /** Whether the publisher owes elements it was asked for. */
    boolean isExpecting() {
        return asked > 0;
    }

    /** Elements that were asked for or fetched have been sent. */
    void settle(int count) {
        turn = Math.max(0, turn - count);
        if (fused == null) {
            asked -= count;
        }
    }

    /** Begins or ends a turn. */
    void turn(boolean begins) {
        turn = begins ? TURN : 0;
    }

    /** Whether it is its turn to send ahead of those who wait. */
    boolean hasTurn() {
        return turn > 0;
    }

    /** How many elements may be sent one after the other where there is room for so many. */
    int atOnce(long room) {
        return (int) Math.min(turn > 0 ? turn : Integer.MAX_VALUE, room);
    }

    /** Counts as many elements as there is room for as asked for; so many are to be {@linkplain #request requested}. */
    int expect(long room) {
        int count = Math.min(MOST_ASKED, atOnce(room));
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
        run.discard(context);
    }
}
