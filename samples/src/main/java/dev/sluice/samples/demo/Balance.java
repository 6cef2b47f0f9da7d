package dev.sluice.samples.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

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

    /** The figures by name, in the order of their declaration. */
    Map<String, Long> figures() {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("sent", sent);
        figures.put("received", received);
        figures.put("discarded", discarded);
        figures.put("buffered", buffered);
        figures.put("lost", lost);
        figures.put("duplicated", duplicated);
        figures.put("reordered", reordered);
        figures.put("foreignDuringLease", foreignDuringLease);
        figures.put("restoredAfterCrashMs", restoredAfterCrashMs);
        return figures;
    }

    /** One JSON object; what was not measured is null. */
    String json() {
        return figures().entrySet().stream()
                .map(figure -> '"' + figure.getKey() + "\": "
                        + (figure.getKey().equals("restoredAfterCrashMs") && figure.getValue() < 0
                                ? "null"
                                : figure.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
