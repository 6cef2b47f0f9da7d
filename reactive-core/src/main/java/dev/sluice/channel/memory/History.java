package dev.sluice.channel.memory;

import dev.sluice.Frame;
import dev.sluice.channel.Retention;
import org.jspecify.annotations.Nullable;

/**
 * What a channel retains of the elements that every reader has passed: a singly linked list from the oldest to the
 * newest. A late reader holds the node it stands at and follows {@link Node#next}; eviction only moves {@link #before}
 * ahead, so a reader on its way keeps what it was promised, and nothing else does.
 *
 * <p>Appended to and evicted under the channel's lock; followed without one.
 */
final class History {
    /** One retained element. */
    static final class Node {
        final long offset;
        final @Nullable Object value;
        final long stamp;
        final long size;
        volatile @Nullable Node next;

        Node(long offset, @Nullable Object value, long stamp, long size) {
            this.offset = offset;
            this.value = value;
            this.stamp = stamp;
            this.size = size;
        }
    }

    private final Retention retention;

    /** The node before the oldest retained one. */
    private volatile Node before = new Node(-1, null, 0, 0);

    private Node newest = before;
    private long count;
    private long bytes;

    History(Retention retention) {
        this.retention = retention;
    }

    /** How many elements are retained here. */
    long count() {
        return count;
    }

    /** The node before the oldest retained one, from which a reader may follow. */
    Node before() {
        return before;
    }

    /** The node before the first one at an offset or after it. Walks; call it without a lock. */
    Node before(long offset) {
        Node at = before;
        for (Node next = at.next; next != null && next.offset < offset; next = at.next) {
            at = next;
        }
        return at;
    }

    void append(long offset, Object value, long stamp) {
        Node node = new Node(offset, value, stamp, size(value));
        newest.next = node;
        newest = node;
        count++;
        bytes += node.size;
    }

    /** Refuses what cannot be measured, before it is accepted. */
    void check(Object value) {
        if (retention instanceof Retention.Bytes && !(value instanceof Frame) && !(value instanceof byte[])) {
            throw new IllegalArgumentException("retention by bytes knows the size of a Frame and a byte[], not of "
                    + value.getClass().getName() + "; retain by count or by time instead");
        }
    }

    /** Whether the time at which an element was accepted counts. */
    boolean isByAge() {
        return retention instanceof Retention.Age;
    }

    /** The size of an element, where it counts. */
    long size(Object value) {
        if (!(retention instanceof Retention.Bytes)) {
            return 0;
        }
        if (value instanceof Frame frame) {
            return frame.size();
        }
        return value instanceof byte[] array ? array.length : 0;
    }

    /** Whether an element that is followed by {@code newer} elements of {@code newerBytes} bytes is still retained. */
    boolean keeps(long newer, long newerBytes, long size, long stamp, long now) {
        if (retention instanceof Retention.Last last) {
            return newer < last.count();
        }
        if (retention instanceof Retention.Bytes limit) {
            return newerBytes + size <= limit.limit();
        }
        if (retention instanceof Retention.Age age) {
            return now - stamp < age.age().toNanos();
        }
        return true;
    }

    /** Evicts what is not retained any more, given what is still in the ring behind the newest. */
    void evict(long newer, long newerBytes, long now) {
        Node oldest = before.next;
        while (oldest != null
                && !keeps(newer + count - 1, newerBytes + bytes - oldest.size, oldest.size, oldest.stamp, now)) {
            before = oldest;
            count--;
            bytes -= oldest.size;
            oldest = oldest.next;
        }
    }

    /** Evicts everything: something newer is not retained either. */
    void evictAll() {
        before = newest;
        count = 0;
        bytes = 0;
    }
}
