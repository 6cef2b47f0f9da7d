package dev.sluice.rsocket.channel;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The elements a subscriber has taken and whose acknowledgement may have been lost with the connection. Acknowledgements arrive in order, and a
 * receiver never has more than {@link #MOST} open, so those that were lost are among the last so many.
 *
 * <p>Thread safe.
 */
final class TakenOffsets {

    /** Deliveries a receiver has unacknowledged at most. */
    static final int MOST = 4_096;

    /** Those of this session, the oldest first: a ring. */
    private long[] ring = new long[64];

    private int size;
    private int begin;

    /** Those of earlier sessions, the oldest first. */
    private final Set<Long> before = new LinkedHashSet<>();

    /** Those of them that came again in this session. */
    private final Set<Long> again = new HashSet<>();

    /** The subscriber has taken an element. */
    synchronized void add(long offset) {
        if (size == ring.length) {
            if (size == MOST) {
                begin = (begin + 1) % MOST;
                size--;
            } else {
                grow();
            }
        }
        ring[(begin + size++) % ring.length] = offset;
    }

    private void grow() {
        long[] larger = new long[Math.min(MOST, ring.length * 4)];
        for (int i = 0; i < size; i++) {
            larger[i] = ring[(begin + i) % ring.length];
        }
        ring = larger;
        begin = 0;
    }

    /**
     * It has not taken it after all.
     *
     * @return false when it came again meanwhile and was taken then
     */
    synchronized boolean undo(long offset) {
        if (again.contains(offset)) {
            return false;
        }
        before.remove(offset);
        for (int i = 0; i < size; i++) {
            int at = (begin + i) % ring.length;
            if (ring[at] == offset) {
                ring[at] = -1;
            }
        }
        return true;
    }

    /**
     * What comes now comes with another session.
     *
     * @param sameChannel whether offsets mean what they meant
     */
    synchronized void newSession(boolean sameChannel) {
        again.clear();
        if (!sameChannel) {
            before.clear();
            size = 0;
            return;
        }
        for (int i = 0; i < size; i++) {
            long offset = ring[(begin + i) % ring.length];
            before.remove(offset);
            before.add(offset);
        }
        size = 0;
        while (before.size() > MOST) {
            before.remove(before.iterator().next());
        }
    }

    /** Whether an element that comes was taken in an earlier session; if so it is taken once more. */
    synchronized boolean takenBefore(long offset) {
        if (!before.contains(offset)) {
            return false;
        }
        again.add(offset);
        add(offset);
        return true;
    }
}
