package dev.sluice.hub.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows under headings, as wide as they need to be; what is all numbers is aligned to the right. */
final class TextTable {

    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();
    private final boolean[] numbers;
    private final int[] widths;

    TextTable(String... headings) {
        numbers = new boolean[headings.length];
        widths = new int[headings.length];
        for (int column = 0; column < headings.length; column++) {
            numbers[column] = true;
            widths[column] = headings[column].length();
        }
        rows.add(headings);
    }

    /** One value for each heading. */
    void row(Object... values) {
        String[] cells = new String[widths.length];
        for (int column = 0; column < cells.length; column++) {
            cells[column] = String.valueOf(values[column]);
            numbers[column] &= values[column] instanceof Number;
            widths[column] = Math.max(widths[column], cells[column].codePointCount(0, cells[column].length()));
        }
        rows.add(cells);
    }

    void print(PrintWriter out) {
        lines().forEach(out::println);
    }

    List<String> lines() {
        return rows.stream().map(this::line).toList();
    }

    private String line(String[] cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.length; column++) {
            String cell = cells[column];
            String space = " ".repeat(Math.max(0, widths[column] - cell.codePointCount(0, cell.length())));
            line.append(column == 0 ? "" : GAP).append(numbers[column] ? space + cell : cell + space);
        }
        return line.toString().stripTrailing();
    }
}
