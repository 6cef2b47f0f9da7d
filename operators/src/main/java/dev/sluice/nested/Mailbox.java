package dev.sluice.nested;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How any thread tells a drain which of its parts to look at, so that the drain never searches through all of them.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Any thread posts; only the thread that holds the drain collects.
 *   <li>A node is in the box at most once, so posting allocates nothing: the node carries its own link.
 *   <li>Who changes a node and then posts it can be sure the drain looks at the node after that change, once the
 *       drain runs. Both ends swap {@code posted} by a read-modify-write, so one of the two sees the other: either the
 *       poster finds the word clear and puts the node in, or the collector's swap comes after the poster's and with it
 *       sees the change.
 *   <li>Nodes come out in the order they went in.
 * </ul>
 *
 * @param <N> the nodes
 */
final class Mailbox<N extends Mailbox.Node<N>> {

    /** The newest node; each links to the one posted before it. */
    private final AtomicReference<@Nullable N> newest = new AtomicReference<>();

    boolean isEmpty() {
        return newest.get() == null;
    }

    void post(N node) {
        if (!node.markPosted()) {
            return;
        }
        N before;
        do {
            before = newest.get();
            node.link = before;
        } while (!newest.compareAndSet(before, node));
    }

    /** Takes what is in the box now and hands over each node after it may be posted again. */
    void collect(Consumer<? super N> each) {
        N node = isEmpty() ? null : oldestFirst(newest.getAndSet(null));
        while (node != null) {
            // Once the mark is cleared another thread may post the node and write its link.
            N next = node.link;
            node.link = null;
            node.clearPosted();
            each.accept(node);
            node = next;
        }
    }

    private @Nullable N oldestFirst(@Nullable N list) {
        N reversed = null;
        while (list != null) {
            N next = list.link;
            list.link = reversed;
            reversed = list;
            list = next;
        }
        return reversed;
    }

    /**
     * What can be posted.
     *
     * @param <N> the node's own type
     */
    abstract static class Node<N extends Node<N>> {

        @SuppressWarnings("rawtypes")
        private static final AtomicIntegerFieldUpdater<Node> POSTED =
                AtomicIntegerFieldUpdater.newUpdater(Node.class, "posted");

        /** 0 → 1 by the poster that puts the node in the box, 1 → 0 by the drain that takes it out. */
        volatile int posted;

        /** Written by the poster before the node is published, then by the drain alone. */
        @Nullable N link;

        boolean markPosted() {
            return POSTED.getAndSet(this, 1) == 0;
        }

        void clearPosted() {
            POSTED.getAndSet(this, 0);
        }
    }
}
