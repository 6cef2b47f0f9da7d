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

    /** Stands for the time of elements that were accepted when nobody asked for it. */
    private final long since;

    /** The node before the oldest retained one. */
    private volatile Node before;

    private Node newest;
    private long count;
    private long bytes;

    /** How many elements are retained whose size nobody knows. */
    private long unmeasured;

    /**
     * Retains nothing yet.
     *
     * @param now the time, if the retention is by age
     */
    History(Retention retention, long now) {
        this.retention = retention;
        this.since = now;
        this.before = new Node(-1, null, Ring.UNSTAMPED, 0);
        this.newest = before;
    }

    private History(History past, Retention retention, long since) {
        this.retention = retention;
        this.since = since;
        this.before = past.before;
        this.newest = past.newest;
        this.count = past.count;
        this.bytes = past.bytes;
        this.unmeasured = past.unmeasured;
    }

    /**
     * What takes the place of this one where something else is retained from now on: it begins with what is retained here.
     *
     * @param now the time, if the retention is by age; elements without a time count as accepted then, or when it began to be
     */
    History as(Retention other, long now) {
        return new History(this, other, isByAge() ? since : now);
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
        unmeasured += isMeasured(value) ? 0 : 1;
    }

    /** Whether an element has a size. */
    static boolean isMeasured(@Nullable Object value) {
        return value instanceof Frame || value instanceof byte[];
    }

    /** Whether all that is retained has a size. */
    boolean isMeasured() {
        return unmeasured == 0;
    }

    /** Refuses what cannot be measured, before it is accepted. */
    void check(Object value) {
        if (retention instanceof Retention.Bytes && !isMeasured(value)) {
            throw unmeasured(value.getClass().getName());
        }
    }

    /** What is told who would have retained by bytes what has none. */
    static IllegalArgumentException unmeasured(String what) {
        return new IllegalArgumentException("retention by bytes knows the size of a Frame and a byte[], not of " + what
                + "; retain by count or by time instead");
    }

    /** Whether the time at which an element was accepted counts. */
    boolean isByAge() {
        return retention instanceof Retention.Age;
    }

    /** The size of an element; 0 if it has none. */
    static long size(Object value) {
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
            return now - (stamp == Ring.UNSTAMPED ? since : stamp) < age.age().toNanos();
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
            unmeasured -= isMeasured(oldest.value) ? 0 : 1;
            oldest = oldest.next;
        }
    }

    /** Evicts everything: something newer is not retained either. */
    void evictAll() {
        before = newest;
        count = 0;
        bytes = 0;
        unmeasured = 0;
    }
}
