package dev.sluice.channel.memory;

import org.jspecify.annotations.Nullable;

/**
 * The receivers of a group that have demand and nothing to do, served round robin: an intrusive list. Guarded by the
 * group's lock.
 *
 * @param <T> the element
 */
final class ReadyList<T> {
    private @Nullable Receiver<T> first;
    private @Nullable Receiver<T> last;
    private int size;

    @Nullable Receiver<T> first() {
        return first;
    }

    int size() {
        return size;
    }

    /** Puts a receiver at the end, unless it is in the list. */
    void add(Receiver<T> receiver) {
        if (receiver.ready) {
            return;
        }
        receiver.ready = true;
        Receiver<T> before = last;
        receiver.previous = before;
        if (before == null) {
            first = receiver;
        } else {
            before.next = receiver;
        }
        last = receiver;
        size++;
    }

    /** Puts a receiver at the front, because its turn is not over. */
    void addFirst(Receiver<T> receiver) {
        if (receiver.ready) {
            return;
        }
        receiver.ready = true;
        Receiver<T> after = first;
        receiver.next = after;
        if (after == null) {
            last = receiver;
        } else {
            after.previous = receiver;
        }
        first = receiver;
        size++;
    }

    /** Takes a receiver out, if it is in the list. */
    void remove(Receiver<T> receiver) {
        if (!receiver.ready) {
            return;
        }
        receiver.ready = false;
        Receiver<T> before = receiver.previous;
        Receiver<T> after = receiver.next;
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
        receiver.previous = null;
        receiver.next = null;
        size--;
    }
}
