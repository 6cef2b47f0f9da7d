package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.rsocket.Call;
import org.jspecify.annotations.Nullable;

/**
 * What one subscriber receives of a channel elsewhere, over one session after the other. Called in turn, by whoever carries the signals.
 *
 * @param <T> the items
 */
interface Feed<T> {

    /** The call that begins it, or, in a further session, goes on where it was; null when it cannot go on. */
    @Nullable Call call(boolean again);

    /** The server has answered. */
    void begins(Frame header);

    /**
     * An item.
     *
     * @param wire its bytes
     * @param at settles it
     * @return null when the subscriber has had it before
     */
    @Nullable T item(Frame wire, Place at);

    /** An item's place in the session it came with. */
    interface Place {

        /**
         * Takes responsibility for it before it is passed on, and even if the subscriber cancels at this moment: what it was given it has received. Only
         * while the item is asked of the feed.
         */
        void take();

        /** Takes responsibility for it, or gives it back; false when the session has ended. From any thread. */
        boolean settle(boolean taken);
    }
}
