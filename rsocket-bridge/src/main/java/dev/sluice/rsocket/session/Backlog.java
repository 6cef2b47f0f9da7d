package dev.sluice.rsocket.session;

import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.util.concurrent.Queues;

/**
 * What a producer gave when it was not its stream's turn: offered by the producer's thread, polled on the event loop. Most streams never need
 * it, so there is no queue before the first item.
 */
final class Backlog<T> {

    private volatile @Nullable Queue<T> queue;

    void offer(T item) {
        Queue<T> known = queue;
        if (known == null) {
            known = Queues.<T>unbounded(16).get();
            queue = known;
        }
        known.offer(item);
    }

    boolean isEmpty() {
        Queue<T> known = queue;
        return known == null || known.isEmpty();
    }

    int size() {
        Queue<T> known = queue;
        return known == null ? 0 : known.size();
    }

    @Nullable T peek() {
        Queue<T> known = queue;
        return known == null ? null : known.peek();
    }

    @Nullable T poll() {
        Queue<T> known = queue;
        return known == null ? null : known.poll();
    }

    /** After the stream was stopped, which whoever offers looks at afterwards: so nothing stays behind, whichever thread is last. */
    synchronized void discard(Consumer<T> hook) {
        for (T item = poll(); item != null; item = poll()) {
            hook.accept(item);
        }
    }
}
