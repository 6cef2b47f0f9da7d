package dev.sluice.samples.demo;

import java.util.Locale;

/**
 * The balance of a {@link Ledger}.
 *
 * @param sent elements that were sent
 * @param received elements the reader got
 * @param discarded elements the sinkhole got
 * @param buffered elements that wait in channels
 * @param lost elements that went nowhere; less than zero when more are buffered than can be
 * @param duplicated elements that came to more than one end
 * @param reordered elements that came after a later one of the same service
 * @param foreignDuringLease elements of others between the first and the last packet of a flash
 * @param restoredAfterCrashMs the longest time from a crash to the first element of another service; -1 when there was no
 *     crash, or none came
 */
record Balance(
        long sent,
        long received,
        long discarded,
        long buffered,
        long lost,
        long duplicated,
        long reordered,
        long foreignDuringLease,
        long restoredAfterCrashMs) {

    /** Whether every element came to exactly one end, in order, and no lease was disturbed. */
    boolean isClean() {
        return lost == 0
                && duplicated == 0
                && reordered == 0
                && foreignDuringLease == 0
                && sent == received + discarded + buffered;
    }

    /** One JSON object; null where nothing was measured. */
    String json() {
        return String.format(
                Locale.ROOT,
                "{\"sent\": %d, \"received\": %d, \"discarded\": %d, \"buffered\": %d, \"lost\": %d, \"duplicated\": %d,"
                        + " \"reordered\": %d, \"foreignDuringLease\": %d, \"restoredAfterCrashMs\": %s}",
                sent,
                received,
                discarded,
                buffered,
                lost,
                duplicated,
                reordered,
                foreignDuringLease,
                restoredAfterCrashMs < 0 ? "null" : String.valueOf(restoredAfterCrashMs));
    }
}
