package dev.sluice.hub.cli;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
final class Figures {

    private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final String[] COUNTS = {"", " k", " M", " G", " T"};

    private Figures() {}

    /** As {@code 1.5 MiB}. */
    static String bytes(long bytes) {
        return shortened((double) bytes, 1_024, BYTES, " ");
    }

    /** As {@code 1.5 k}. */
    static String count(double count) {
        return shortened(count, 1_000, COUNTS, "");
    }

    /** As {@code 30 s}. */
    static String time(Duration time) {
        return time.toMillis() % 1_000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    private static String shortened(double value, int step, String[] units, String space) {
        int unit = 0;
        double left = value;
        while (left >= step && unit < units.length - 1) {
            left /= step;
            unit++;
        }
        boolean whole = (unit == 0 && value == Math.rint(value)) || left >= 100;
        return String.format(Locale.ROOT, whole ? "%.0f" : "%.1f", left)
                + (unit == 0 && units[0].isEmpty() ? "" : space)
                + units[unit];
    }
}
