package dev.sluice.channel.spi;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who waits at a gate: for room, for the gate's owner to give it back, or for others to be gone. Guarded by the
 * gate's lock.
 *
 * <p><b>Invariants.</b> Whoever is in here is queued at the gate ({@code node.gate == gate}). While the gate has an owner,
 * {@link #waiting} holds the owner's sends and {@code held} everybody else's.
 *
 * @param <T> the element
 */
final class Line<T> {
    /** The sends that wait for room. */
    final SendQueue<T> waiting = new SendQueue<>();

    private final Gate<T> gate;
    private @Nullable SendQueue<T> held;
    private @Nullable SendQueue<T> watches;
    private @Nullable Route<T> owner;
    private long reservations;
    private long withdrawn;

    Line(Gate<T> gate) {
        this.gate = gate;
    }

    /** Whether sends by a route must wait because somebody else owns the gate. */
    boolean isForeign(@Nullable Route<T> route) {
        return owner != null && owner != route;
    }

    boolean isOwned() {
        return owner != null;
    }

    /** Withdrawn sends since creation. */
    long withdrawn() {
        return withdrawn;
    }

    /** How many sends wait, held ones included. A hint without the lock. */
    int size() {
        SendQueue<T> others = held;
        return waiting.size() + (others == null ? 0 : others.size());
    }

    /** How many sends of a route wait. */
    int count(Route<T> route) {
        return waiting.count(route) + (held == null ? 0 : held.count(route));
    }

    /** Whether an element waits that is like this. */
    boolean any(Predicate<? super T> like) {
        return waiting.any(like) || (held != null && held.any(like));
    }

    /** The queue a node belongs into. */
    SendQueue<T> queueFor(SendNode<T> node) {
        if (node instanceof Watch && watches != null) {
            return watches;
        }
        if (!isForeign(node.route)) {
            return waiting;
        }
        SendQueue<T> queue = held;
        if (queue == null) {
            queue = new SendQueue<>();
            held = queue;
        }
        return queue;
    }

    /** Takes out a node; {@code told} gets who must be told of it. */
    void withdraw(SendNode<T> node, SendQueue<T> told) {
        queueFor(node).remove(node);
        if (node.element != null) {
            withdrawn++;
        }
        gone(node, told);
    }

    /** Queues a watch; false when none of its route's sends waits, so that there is nothing to watch for. */
    boolean watch(Watch<T> watch) {
        Route<T> route = watch.route;
        if (route != null) {
            watch.left = count(route);
            if (watch.left == 0) {
                return false;
            }
        }
        if (watches == null) {
            watches = new SendQueue<>();
        }
        watches.add(watch, gate);
        return true;
    }

    /** A send does not wait here any more, which somebody may have watched for. */
    void gone(SendNode<T> gone, SendQueue<T> told) {
        SendQueue<T> watching = watches;
        if (watching == null || gone.route == null || gone instanceof Watch) {
            return;
        }
        SendNode<T> node = watching.first();
        while (node != null) {
            SendNode<T> following = node.next;
            if (node.route == gone.route && --((Watch<T>) node).left == 0) {
                watching.release(node, told);
            }
            node = following;
        }
    }

    /** Moves everybody to {@code told}, to be refused. */
    void releaseAll(SendQueue<T> told) {
        waiting.releaseAll(told);
        if (held != null) {
            held.releaseAll(told);
        }
        if (watches != null) {
            watches.releaseAll(told);
        }
    }

    /** Takes out the sends of a route, in order; they count as queued here still. */
    SendQueue<T> detach(Route<T> route) {
        SendQueue<T> nodes = waiting.detach(route);
        if (held != null && isForeign(route)) {
            nodes.appendAll(held.detach(route), gate);
        }
        return nodes;
    }

    /** The gate belongs to a route from now on; returns how often it was given away. */
    long reserve(Route<T> route) {
        owner = route;
        SendQueue<T> everybody = waiting.detach(null);
        for (SendNode<T> node = everybody.first(); node != null; node = everybody.first()) {
            everybody.passFirst(queueFor(node), gate);
        }
        return ++reservations;
    }

    /** The gate belongs to nobody any more; false when it did not belong to this route. */
    boolean free(Route<T> route) {
        if (owner != route) {
            return false;
        }
        owner = null;
        if (held != null) {
            waiting.appendAll(held, gate);
            held = null;
        }
        return true;
    }
}
