package dev.sluice.rsocket.channel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Things with consecutive numbers, that are taken out about in order: a ring of those that may be there, and a map for stragglers that others have left behind, so
 * that one that is never taken out makes no ring grow. A hash table would make one long run of neighbours of them, or box each number.
 *
 * <p>Not thread safe.
 *
 * @param <T> the things
 */
final class Numbered<T> {

    private static final int LONGEST = 8_192;

    private @Nullable Object[] ring = new Object[64];

    /** The lowest number that may be in the ring. */
    private long first;

    private long next;
    private int size;
    private final Map<Long, T> stragglers = new HashMap<>(0);

    /** Adds one under the next number. */
    void add(T thing) {
        if (next - first == ring.length) {
            makeRoom();
        }
        ring[(int) next++ & (ring.length - 1)] = thing;
        size++;
    }

    @SuppressWarnings("unchecked")
    private void makeRoom() {
        while (first < next && ring[at(first)] == null) {
            first++;
        }
        if (next - first < ring.length) {
            return;
        }
        if (ring.length < LONGEST) {
            @Nullable Object[] larger = new Object[ring.length * 4];
            for (long number = first; number < next; number++) {
                larger[(int) number & (larger.length - 1)] = ring[at(number)];
            }
            ring = larger;
            return;
        }
        Object straggler = ring[at(first)];
        if (straggler != null) {
            stragglers.put(first, (T) straggler);
            ring[at(first)] = null;
        }
        first++;
    }

    private int at(long number) {
        return (int) number & (ring.length - 1);
    }

    /** Takes out the one of a number; null when it is not there. */
    @SuppressWarnings("unchecked")
    @Nullable T remove(long number) {
        T found = null;
        if (number >= first && number < next) {
            found = (T) ring[at(number)];
            ring[at(number)] = null;
        } else if (!stragglers.isEmpty()) {
            found = stragglers.remove(number);
        }
        size -= found == null ? 0 : 1;
        return found;
    }

    /** How many are there. */
    int size() {
        return size;
    }

    /** Takes out all of a range, in order; what is not there costs nothing, however long the range is. */
    void remove(long from, long count, List<? super T> into) {
        if (!stragglers.isEmpty()) {
            stragglers.keySet().stream()
                    .filter(number -> number >= from && number - from < count)
                    .sorted()
                    .toList()
                    .forEach(number -> take(number, into));
        }
        long end = from > next - count ? next : from + count;
        for (long number = Math.max(from, first); number < end; number++) {
            take(number, into);
        }
    }

    private void take(long number, List<? super T> into) {
        T found = remove(number);
        if (found != null) {
            into.add(found);
        }
    }

    @Override
    public String toString() {
        return size + " of " + next;
    }
}
