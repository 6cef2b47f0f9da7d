package dev.sluice.perf.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows as JSON: a list of objects, one to a line. */
public final class Json {
    private Json() {}

    /** The rows as text that ends with a line break. */
    public static String of(List<Row> rows) {
        return rows.stream().map(Json::object).collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
    }

    private static String object(Row row) {
        return "{\"shape\": " + text(row.shape())
                + ", \"peer\": " + text(row.peer())
                + ", \"sluice\": " + number(row.sluice())
                + ", \"peerValue\": " + number(row.peerValue())
                + ", \"unit\": " + text(row.unit())
                + ", \"ratio\": " + number(row.ratio())
                + ", \"target\": " + number(row.target())
                + ", \"met\": " + row.met()
                + "}";
    }

    private static String number(@Nullable Double value) {
        if (value == null || value.isNaN() || value.isInfinite()) {
            return "null";
        }
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String text(String value) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
