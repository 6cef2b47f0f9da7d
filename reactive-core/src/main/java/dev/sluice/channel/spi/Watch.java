package dev.sluice.channel.spi;

import org.jspecify.annotations.Nullable;

/**
 * Waits at a gate for no room, but until none of a route's sends waits there any more: {@link #accepted()}, or until the
 * gate closes: {@link #refused}. It stands beside the queue of sends, not in it.
 *
 * @param <T> the element
 */
public abstract class Watch<T> extends SendNode<T> {
    /** How many sends of the route still wait. Guarded by the lock of the gate. */
    int left;

    /**
     * A watch.
     *
     * @param route whose sends; {@code null} to be told of nothing but the close
     */
    protected Watch(@Nullable Route<T> route) {
        super(route);
    }

    /** Ends the watch. */
    public final void stop() {
        withdraw();
    }
}
