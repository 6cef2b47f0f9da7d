package dev.sluice.hub.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How {@code sluice check} says what it found. */
enum CheckFormat {
    /** A line for each check. */
    TEXT,
    /** An object. */
    JSON,
    /** Prometheus' text format. */
    PROMETHEUS,
    /** A line as Nagios and its heirs read it. */
    NAGIOS;

    private static final int NAGIOS_CRITICAL = 2;

    List<String> lines(String hub, List<CheckResult> results) {
        return switch (this) {
            case TEXT ->
                results.stream()
                        .map(result -> status(result.ok()) + " " + result.line())
                        .toList();
            case JSON -> List.of(Json.line(json(hub, results)));
            case PROMETHEUS -> prometheus(results);
            case NAGIOS -> List.of(nagios(results));
        };
    }

    /** Whether the reader of this format wants a word on standard error as well. */
    boolean complains() {
        return this == TEXT || this == JSON;
    }

    /** What to end with instead of an exit code of sluice that is not 0: Nagios has codes of its own, in which 1 is a mere warning. */
    int exit(int usual) {
        return this == NAGIOS ? NAGIOS_CRITICAL : usual;
    }

    private static String status(boolean ok) {
        return ok ? "OK" : "CRITICAL";
    }

    private static boolean good(List<CheckResult> results) {
        return results.stream().allMatch(CheckResult::ok);
    }

    private static Map<String, Object> json(String hub, List<CheckResult> results) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("status", status(good(results)).toLowerCase(Locale.ROOT));
        all.put("hub", hub);
        all.put("checks", results.stream().map(CheckFormat::json).toList());
        return all;
    }

    private static Map<String, Object> json(CheckResult result) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("check", result.check());
        put(one, "channel", result.channel());
        put(one, "group", result.group());
        one.put("ok", result.ok());
        CheckResult.Figure figure = result.figure();
        if (figure != null) {
            one.put("value", figure.value());
            put(one, "limit", Double.isNaN(figure.limit()) ? null : figure.limit());
        }
        one.put("message", result.line());
        return one;
    }

    private static void put(Map<String, Object> to, String key, @Nullable Object value) {
        if (value != null) {
            to.put(key, value);
        }
    }

    private static List<String> prometheus(List<CheckResult> results) {
        List<String> lines = new ArrayList<>();
        gauge(
                lines,
                "sluice_check_status",
                "Whether a check passes: 0 when it does, 1 when not",
                results,
                result -> result.ok() ? 0.0 : 1.0);
        gauge(lines, "sluice_check_value", "What a check measured: elements, seconds or percent", results, result -> {
            CheckResult.Figure figure = result.figure();
            return figure == null ? Double.NaN : figure.value();
        });
        gauge(lines, "sluice_check_limit", "What a check allows or requires", results, result -> {
            CheckResult.Figure figure = result.figure();
            return figure == null ? Double.NaN : figure.limit();
        });
        return lines;
    }

    private static void gauge(
            List<String> lines,
            String name,
            String help,
            List<CheckResult> results,
            Function<CheckResult, Double> value) {
        List<String> samples = results.stream()
                .filter(result -> !Double.isNaN(value.apply(result)))
                .map(result -> name + "{" + labels(result) + "} " + plain(value.apply(result)))
                .toList();
        if (!samples.isEmpty()) {
            lines.add("# HELP " + name + " " + help);
            lines.add("# TYPE " + name + " gauge");
            lines.addAll(samples);
        }
    }

    private static String labels(CheckResult result) {
        StringBuilder labels = new StringBuilder("check=\"" + result.check() + "\"");
        if (result.channel() != null) {
            labels.append(",channel=\"").append(escaped(result.channel())).append('"');
        }
        if (result.group() != null) {
            labels.append(",group=\"").append(escaped(result.group())).append('"');
        }
        return labels.toString();
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /** Whole numbers without a point. */
    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }

    /** As {@code SLUICE CRITICAL - channel orders: buffered 120 > 100 | 'orders buffered'=120;;100}. */
    private static String nagios(List<CheckResult> results) {
        String failed = results.stream()
                .filter(result -> !result.ok())
                .map(CheckResult::line)
                .collect(Collectors.joining("; "));
        String words = failed.isEmpty()
                ? results.get(0).line() + ", " + results.size() + (results.size() == 1 ? " check" : " checks")
                : failed;
        String figures = results.stream().map(CheckFormat::performance).collect(Collectors.joining());
        // What stands behind the bar are figures.
        return "SLUICE " + status(failed.isEmpty()) + " - " + words.replace('|', '/')
                + (figures.isEmpty() ? "" : " |" + figures);
    }

    private static String performance(CheckResult result) {
        CheckResult.Figure figure = result.figure();
        if (figure == null) {
            return "";
        }
        String label = (result.channel() == null ? "" : result.channel() + " ")
                + (result.group() == null ? "" : result.group() + " ")
                + result.check();
        String limit = Double.isNaN(figure.limit()) ? "" : ";;" + plain(figure.limit()) + (figure.least() ? ":" : "");
        return " '" + label.replace("'", "''").replace('=', '_').replace('|', '/') + "'=" + plain(figure.value())
                + figure.unit() + limit;
    }

    /** As the command line has it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
