package dev.sluice.perf.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rows as a table, for people; written as Markdown so that it can be pasted. */
public final class Table {
    private static final List<String> HEAD =
            List.of("shape", "peer", "sluice", "peer's", "unit", "ratio", "target", "met");
    private static final int NUMBERS_FROM = 2;

    private Table() {}

    /** The rows as text that ends with a line break. A shape is named once. */
    public static String of(List<Row> rows) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEAD);
        String shape = "";
        for (Row row : rows) {
            lines.add(cells(row, row.shape().equals(shape)));
            shape = row.shape();
        }
        int[] widths = new int[HEAD.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            append(table, lines.get(i), widths);
            if (i == 0) {
                appendRule(table, widths);
            }
        }
        return table.toString();
    }

    private static List<String> cells(Row row, boolean sameShape) {
        Boolean met = row.met();
        return List.of(
                sameShape ? "" : row.shape(),
                row.peer(),
                figure(row.sluice()),
                figure(row.peerValue()),
                row.unit(),
                figure(row.ratio()),
                figure(row.target()),
                met == null ? "" : met ? "yes" : "NO");
    }

    /** Three digits or so: more would be noise. */
    static String figure(@Nullable Double value) {
        if (value == null || value.isNaN()) {
            return "-";
        }
        double size = Math.abs(value);
        String digits = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, digits, value);
    }

    private static void append(StringBuilder table, List<String> line, int[] widths) {
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - line.get(i).length());
            table.append("| ");
            table.append(isNumber(i) ? padding + line.get(i) : line.get(i) + padding)
                    .append(' ');
        }
        table.append("|\n");
    }

    private static void appendRule(StringBuilder table, int[] widths) {
        for (int i = 0; i < widths.length; i++) {
            table.append("| ").append("-".repeat(widths[i] - 1)).append(isNumber(i) ? ": " : "- ");
        }
        table.append("|\n");
    }

    private static boolean isNumber(int column) {
        return column >= NUMBERS_FROM
                && !HEAD.get(column).equals("unit")
                && !HEAD.get(column).equals("met");
    }
}
