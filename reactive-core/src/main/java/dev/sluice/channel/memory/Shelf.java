package dev.sluice.channel.memory;

import dev.sluice.channel.Entry;
import dev.sluice.channel.Overflow;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What waits for a group or listener that must not hold senders back: bounded, and full according to a policy. Guarded
 * by its group's lock.
 *
 * @param <T> the element
 */
final class Shelf<T> {
    /** Gets the elements that had to give way. */
    interface Overflowing<T> {
        void gaveWay(Shelf<T> shelf, T value);
    }

    private final ArrayDeque<Entry<T>> entries = new ArrayDeque<>();
    private final Overflow overflow;
    private final int capacity;

    Shelf(Overflow overflow, int capacity) {
        this.overflow = overflow;
        this.capacity = capacity;
    }

    /**
     * Puts an element on the shelf.
     *
     * @return the element that had to give way, which may be this one
     */
    @Nullable Entry<T> put(long offset, T value) {
        Entry<T> entry = new Entry<>(offset, value);
        if (entries.size() < capacity) {
            entries.add(entry);
            return null;
        }
        if (overflow == Overflow.DROP_OLDEST) {
            entries.add(entry);
            return entries.poll();
        }
        return entry;
    }

    /** Whether its reader fails when something had to give way. */
    boolean failsWhenFull() {
        return overflow == Overflow.FAIL;
    }

    int capacity() {
        return capacity;
    }

    @Nullable Entry<T> peek() {
        return entries.peek();
    }

    @Nullable Entry<T> poll() {
        return entries.poll();
    }

    /** Empties it. */
    void drain(Consumer<T> sink) {
        entries.forEach(entry -> sink.accept(entry.value()));
        entries.clear();
    }

    int size() {
        return entries.size();
    }
}
