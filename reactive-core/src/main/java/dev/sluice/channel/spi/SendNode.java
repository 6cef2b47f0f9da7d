package dev.sluice.channel.spi;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/**
 * A send that waits: for room for its element, or, without an element, for room to ask for one.
 *
 * <p>The node is its own place in the queue, so a cancel is O(1) and a waiting send costs one object. It is in exactly
 * one of two states, told by {@link #gate}:
 *
 * <table>
 * <caption>Transitions</caption>
 * <tr><th>from</th><th>to</th><th>by</th></tr>
 * <tr><td>free ({@code gate == null})</td><td>queued at g</td><td>{@link Gate#park}, under g's lock</td></tr>
 * <tr><td>queued at g</td><td>free, committed</td><td>g when it has room, under its lock; then {@link #accepted()}</td></tr>
 * <tr><td>queued at g</td><td>free, withdrawn</td><td>{@link #withdraw()}, under g's lock</td></tr>
 * <tr><td>queued at g</td><td>free, refused</td><td>g when it closes, under its lock; then {@link #refused}</td></tr>
 * <tr><td>queued at g</td><td>queued at h</td><td>a {@link Moves#make switch}, under the locks of both</td></tr>
 * </table>
 *
 * @param <T> the element
 */
public abstract class SendNode<T> {
    /** Who aims this send; {@code null} when it is aimed at one gate for good. */
    final @Nullable Route<T> route;

    /** The element to commit; {@code null} asks for room only. Written while free, read under the gate's lock. */
    @Nullable T element;

    /** Where the node is queued. Written under the lock of the gate it is queued at; read without one by a withdraw. */
    volatile @Nullable Gate<T> gate;

    /** Whether the node was promised room before and found it taken: then it waits ahead of the others. */
    boolean first;

    /** Where the node was handed on to, if the gate stands for another sender. Guarded by the gate's lock. */
    @Nullable Submission<T> submission;

    @Nullable SendNode<T> previous;

    @Nullable SendNode<T> next;

    /** A node for sends by a route. */
    protected SendNode(@Nullable Route<T> route) {
        this.route = route;
    }

    /** The element was committed, or there is room for one. Called once per wait, outside all locks. */
    protected abstract void accepted();

    /** The context of whoever subscribed to this send. */
    protected Context context() {
        return Context.empty();
    }

    /** The gate closed while the node waited. Called at most once, outside all locks. */
    protected abstract void refused(Throwable cause);

    /**
     * Takes the node out of whichever queue it is in.
     *
     * @return true when it was queued: its element is then provably not delivered
     */
    protected final boolean withdraw() {
        for (Gate<T> at = gate; at != null; at = gate) {
            if (at.withdraw(this)) {
                return true;
            }
        }
        return false;
    }

    /** As {@link #withdraw()}, but only if the node waits for room without an element. */
    final boolean withdrawRequest() {
        for (Gate<T> at = gate; at != null; at = gate) {
            Boolean withdrawn = at.withdrawRequest(this);
            if (withdrawn != null) {
                return withdrawn;
            }
        }
        return false;
    }
}
