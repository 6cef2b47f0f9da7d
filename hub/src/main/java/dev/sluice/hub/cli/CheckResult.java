package dev.sluice.hub.cli;

import dev.sluice.hub.control.HubInfo;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was checked.
 *
 * @param check what kind, as {@code buffered}
 * @param channel of which channel, if of one
 * @param group of which group of it, if of one
 * @param ok whether it is as it should be
 * @param message what there is to say about it
 * @param figure what was measured, if anything was
 */
record CheckResult(
        String check,
        @Nullable String channel,
        @Nullable String group,
        boolean ok,
        String message,
        @Nullable Figure figure) {

    /**
     * What was measured.
     *
     * @param value in seconds, percent or elements
     * @param limit what it may be, or must be; NaN when it was not judged
     * @param least whether the limit is the least it must be
     * @param unit as Nagios has it, empty for a plain number
     */
    record Figure(double value, double limit, boolean least, String unit) {

        boolean isGood() {
            return Double.isNaN(limit) || (least ? value >= limit : value <= limit);
        }
    }

    /** Of the hub as a whole. */
    static CheckResult hub(boolean ok, String message) {
        return new CheckResult("hub", null, null, ok, message, null);
    }

    static CheckResult running(HubInfo info, String url) {
        boolean runs = info.state().equals("running");
        return hub(runs, info.state() + " at " + url + ", up " + TopPicture.age(info.uptimeMillis()));
    }

    static CheckResult heap(HubInfo info, int limit) {
        double percent = info.heapUsed() * 100.0 / Math.max(1, info.heapMax());
        Figure figure = new Figure(Math.rint(percent * 10) / 10, limit, false, "%");
        return new CheckResult(
                "heap", null, null, figure.isGood(), compared(figure, figure.value + "%", limit + "%"), figure);
    }

    static CheckResult latency(Duration median, @Nullable Duration limit) {
        Figure figure = new Figure(seconds(median), limit == null ? Double.NaN : seconds(limit), false, "s");
        String message = limit == null ? millis(median) : compared(figure, millis(median), millis(limit));
        return new CheckResult("latency", null, null, figure.isGood(), message, figure);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
    }

    /** Whether a channel is there. */
    static CheckResult exists(String channel, boolean ok, String message) {
        return new CheckResult("exists", channel, null, ok, message, null);
    }

    /** A figure of a channel, or of a group of it. */
    static CheckResult counted(
            String check, String channel, @Nullable String group, long value, long limit, boolean least) {
        Figure figure = new Figure((double) value, (double) limit, least, "");
        String message = compared(figure, String.valueOf(value), String.valueOf(limit));
        return new CheckResult(check, channel, group, figure.isGood(), message, figure);
    }

    private static String compared(Figure figure, String value, String limit) {
        if (figure.isGood()) {
            return value + (figure.least ? ", at least " : ", at most ") + limit;
        }
        return value + (figure.least ? " < " : " > ") + limit;
    }

    /** As {@code channel orders: buffered 120 > 100}. */
    String line() {
        return switch (check) {
            case "hub" -> "hub: " + message;
            case "exists" -> "channel " + channel + ": " + message;
            default -> subject() + check.replace('_', ' ') + " " + message;
        };
    }

    private String subject() {
        return channel == null ? "hub: " : "channel " + channel + (group == null ? "" : ", group " + group) + ": ";
    }
}
