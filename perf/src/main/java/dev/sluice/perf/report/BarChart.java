package dev.sluice.perf.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows as a chart in SVG: a panel for each shape, a bar for each figure, each panel to its own scale. */
public final class BarChart {
    private static final int WIDTH = 760;
    private static final int LABELS = 230;
    private static final int BARS = 420;
    private static final int LINE = 18;
    private static final int GAP = 34;
    private static final int TOP = 64;

    private final StringBuilder svg = new StringBuilder();
    private int y = TOP;

    private BarChart() {}

    /**
     * Draws.
     *
     * @param title what all of it is
     * @param caption where and when it was measured
     * @param rows what to show; figures that are missing are left out
     */
    public static String of(String title, String caption, List<Row> rows) {
        return new BarChart().draw(title, caption, rows);
    }

    private String draw(String title, String caption, List<Row> rows) {
        text(16, 28, "title", title);
        text(16, 48, "caption", caption);
        for (Map.Entry<String, List<Row>> panel : panels(rows).entrySet()) {
            panel(panel.getKey(), panel.getValue());
        }
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" role="img">
                <style>
                  text { font: 12px sans-serif; fill: #24292f; }
                  .title { font-size: 18px; font-weight: bold; }
                  .shape { font-weight: bold; }
                  .caption, .unit { fill: #57606a; font-weight: normal; }
                  .sluice { fill: #0969da; }
                  .peer { fill: #afb8c1; }
                </style>
                <rect width="%1$d" height="%2$d" fill="#ffffff"/>
                """.formatted(WIDTH, y + 8) + svg + "</svg>\n";
    }

    private static Map<String, List<Row>> panels(List<Row> rows) {
        Map<String, List<Row>> panels = new LinkedHashMap<>();
        for (Row row : rows) {
            panels.computeIfAbsent(row.shape() + " \u00b7 " + row.unit(), key -> new ArrayList<>())
                    .add(row);
        }
        return panels;
    }

    private void panel(String heading, List<Row> rows) {
        Double sluice = rows.get(0).sluice();
        double longest = Math.max(0, sluice == null ? 0 : sluice);
        for (Row row : rows) {
            Double peerValue = row.peerValue();
            longest = Math.max(longest, peerValue == null ? 0 : peerValue);
        }
        text(16, y + 13, "shape", heading);
        y += LINE + 4;
        bar("sluice", "Sluice", sluice, longest);
        for (Row row : rows) {
            bar("peer", row.peer(), row.peerValue(), longest);
        }
        y += GAP - LINE;
    }

    private void bar(String kind, String label, @Nullable Double value, double longest) {
        if (value == null) {
            return;
        }
        double length = longest == 0 ? 0 : Math.max(0, value) / longest * BARS;
        text(32, y + 12, "label", label);
        svg.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
                kind,
                LABELS,
                y,
                Math.max(1, length),
                LINE - 4));
        text(LABELS + 6 + (int) length, y + 12, "unit", Table.figure(value));
        y += LINE;
    }

    private void text(int x, int baseline, String kind, String content) {
        svg.append(String.format(
                Locale.ROOT, "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n", kind, x, baseline, escape(content)));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
