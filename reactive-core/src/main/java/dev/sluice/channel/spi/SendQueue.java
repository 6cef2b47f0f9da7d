package dev.sluice.channel.spi;

import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sends that wait at a gate, first come first served: an intrusive list. Guarded by the gate's lock.
 *
 * @param <T> the element
 */
public final class SendQueue<T> {
    private @Nullable SendNode<T> first;
    private @Nullable SendNode<T> last;
    private int size;

    /** An empty queue. */
    public SendQueue() {}

    /** Whether nobody waits. */
    public boolean isEmpty() {
        return first == null;
    }

    /** How many wait. */
    public int size() {
        return size;
    }

    /** Who has waited longest. */
    public @Nullable SendNode<T> first() {
        return first;
    }

    /** Whether there is an element like this. */
    boolean any(Predicate<? super T> like) {
        for (SendNode<T> node = first; node != null; node = node.next) {
            T element = node.element;
            if (element != null && like.test(element)) {
                return true;
            }
        }
        return false;
    }

    /** Adds a node that waits at a gate from now on: behind the others, unless it waited for this before. */
    void add(SendNode<T> node, Gate<T> gate) {
        node.gate = gate;
        SendNode<T> head = first;
        if (node.first && head != null) {
            node.next = head;
            head.previous = node;
            first = node;
            size++;
        } else {
            link(node);
        }
    }

    /**
     * Moves the first node to the end of a queue, at whose gate it waits from now on. A cancel that comes meanwhile finds
     * it at the one gate or the other, never free.
     */
    void passFirst(SendQueue<T> to, Gate<T> gate) {
        SendNode<T> node = first;
        if (node != null) {
            unlink(node);
            node.gate = gate;
            to.link(node);
        }
    }

    /** Appends a node that waits at a gate from now on. */
    void append(SendNode<T> node, Gate<T> gate) {
        node.gate = gate;
        link(node);
    }

    /** Puts a node that waits at a gate in front of all others. */
    void push(SendNode<T> node) {
        SendNode<T> head = first;
        if (head == null) {
            link(node);
        } else {
            node.previous = null;
            node.next = head;
            head.previous = node;
            first = node;
            size++;
        }
    }

    /** Unlinks a node, which counts as queued still. */
    void take(SendNode<T> node) {
        unlink(node);
    }

    /** Unlinks a node, which is free from now on. */
    void remove(SendNode<T> node) {
        unlink(node);
        node.gate = null;
    }

    /** Takes out everybody, or everybody sent by one route, in order. They still count as queued at their gate. */
    SendQueue<T> detach(@Nullable Route<T> route) {
        SendQueue<T> detached = new SendQueue<>();
        SendNode<T> node = first;
        while (node != null) {
            SendNode<T> following = node.next;
            if (route == null || node.route == route) {
                unlink(node);
                detached.link(node);
            }
            node = following;
        }
        return detached;
    }

    /** Appends all nodes of another queue, which is empty afterwards. */
    void appendAll(SendQueue<T> others, Gate<T> gate) {
        while (!others.isEmpty()) {
            others.passFirst(this, gate);
        }
    }

    /** How many of those who wait were sent by a route. */
    int count(Route<T> route) {
        int count = 0;
        for (SendNode<T> node = first; node != null; node = node.next) {
            if (node.route == route) {
                count++;
            }
        }
        return count;
    }

    /**
     * Tells every node that it was accepted, outside all locks, and empties the list: for nodes already removed. One that
     * throws does not keep the others from being told.
     *
     * @return what is to be rethrown in the end, as {@link Thrown#by}
     */
    @Nullable Thrown accept(@Nullable Thrown before) {
        Thrown thrown = before;
        for (SendNode<T> node = first; node != null; node = first) {
            unlink(node);
            try {
                node.accepted();
            } catch (Throwable e) {
                thrown = Thrown.by(e, thrown);
            }
        }
        return thrown;
    }

    /** As {@link #accept(Thrown)}, when nobody else is to be told afterwards. */
    public void accept() {
        Thrown.rethrow(accept(null));
    }

    /** As {@link #refuse(Supplier, Thrown)}, when nobody else is to be told afterwards. */
    public void refuse(Supplier<? extends Throwable> cause) {
        Thrown.rethrow(refuse(cause, null));
    }

    /** Tells every node that its gate closed, as {@link #accept(Thrown)}; each gets its own cause. */
    public @Nullable Thrown refuse(Supplier<? extends Throwable> cause, @Nullable Thrown before) {
        Thrown thrown = before;
        for (SendNode<T> node = first; node != null; node = first) {
            unlink(node);
            try {
                node.refused(cause.get());
            } catch (Throwable e) {
                thrown = Thrown.by(e, thrown);
            }
        }
        return thrown;
    }

    /** Moves a node from the queue to a list of those to be told: it is free, but linked until it is told. */
    void release(SendNode<T> node, SendQueue<T> told) {
        remove(node);
        told.link(node);
    }

    /** Moves all nodes to a list of those to be told. */
    void releaseAll(SendQueue<T> told) {
        for (SendNode<T> node = first; node != null; node = first) {
            release(node, told);
        }
    }

    private void link(SendNode<T> node) {
        node.previous = last;
        node.next = null;
        if (last == null) {
            first = node;
        } else {
            last.next = node;
        }
        last = node;
        size++;
    }

    private void unlink(SendNode<T> node) {
        SendNode<T> before = node.previous;
        SendNode<T> after = node.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        node.previous = null;
        node.next = null;
        size--;
    }
}
