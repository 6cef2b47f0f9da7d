package dev.sluice.samples.demo;

import java.util.BitSet;

/**
 * What became of the elements of one service. An element is begun, and then settled once: received, discarded, or
 * withdrawn by its sender. Whatever else happens to it is a fault, and counted as one.
 *
 * <p>Elements settle nearly in order, so the set of settled ones is kept as a base, below which all are, and the bits
 * above it. Thread safe.
 */
final class Account {

    private static final int SHIFT = 1 << 12;

    private long begun;
    private long received;
    private long discarded;
    private long withdrawn;
    private long duplicated;
    private long reordered;
    private long settled;
    private long newestReceived = -1;
    private long base;
    private BitSet above = new BitSet();

    /** Begins the next element. */
    synchronized long begin() {
        return begun++;
    }

    synchronized void received(long sequence) {
        received++;
        if (settle(sequence)) {
            reordered += sequence < newestReceived ? 1 : 0;
            newestReceived = Math.max(newestReceived, sequence);
        }
    }

    synchronized void discarded(long sequence) {
        discarded++;
        settle(sequence);
    }

    /** The send was cancelled before anybody accepted the element: it was not sent. */
    synchronized void withdrawn(long sequence) {
        withdrawn++;
        settle(sequence);
    }

    /** Nobody will ever get the element: unless somebody has, it was not sent. */
    synchronized void gone(long sequence) {
        if (!isSettled(sequence)) {
            withdrawn(sequence);
        }
    }

    private boolean isSettled(long sequence) {
        return sequence < base || above.get((int) (sequence - base));
    }

    /** False, and a fault, when the element was settled before or never begun. */
    private boolean settle(long sequence) {
        if (sequence < 0 || sequence >= begun || isSettled(sequence)) {
            duplicated++;
            return false;
        }
        settled++;
        above.set((int) (sequence - base));
        if (above.nextClearBit(0) >= SHIFT) {
            above = above.get(SHIFT, Math.max(SHIFT, above.length()));
            base += SHIFT;
        }
        return true;
    }

    synchronized Reading reading() {
        return new Reading(begun - withdrawn, received, discarded, begun - settled, duplicated, reordered);
    }

    /**
     * A reading of an account.
     *
     * @param sent elements begun and not withdrawn
     * @param received elements the reader got
     * @param discarded elements the sinkhole got
     * @param unsettled elements whose fate is not known: they are on their way, or lost
     * @param duplicated fates beyond the one that every element has
     * @param reordered elements that the reader got after a later one of the same service
     */
    record Reading(long sent, long received, long discarded, long unsettled, long duplicated, long reordered) {

        static final Reading ZERO = new Reading(0, 0, 0, 0, 0, 0);

        Reading plus(Reading other) {
            return new Reading(
                    sent + other.sent,
                    received + other.received,
                    discarded + other.discarded,
                    unsettled + other.unsettled,
                    duplicated + other.duplicated,
                    reordered + other.reordered);
        }
    }
}
