package dev.sluice.nested;

import reactor.core.publisher.GroupedFlux;

/**
 * The elements of one key, as {@link NestedFlux#groupBy groupBy} emits them.
 *
 * <p>A group takes one subscriber. Who is given one either subscribes or calls {@link #discard()}; one that is merely
 * forgotten is ended when others have waited for it for the accept timeout.
 *
 * @param <K> the key
 * @param <T> the elements
 */
public abstract class Group<K, T> extends GroupedFlux<K, T> {

    Group() {}

    /**
     * Says that nobody will subscribe: what is buffered goes to the discard hook, and the next element of this key opens
     * a new group. Never blocks. Without effect once the group has a subscriber.
     */
    public abstract void discard();

    /**
     * How many elements of this group were lost to a limit: its buffer's, or the accept timeout. What its own subscriber
     * gave up by cancelling is not among them.
     *
     * @return the count so far, readable from any thread
     */
    public abstract long dropped();
}
