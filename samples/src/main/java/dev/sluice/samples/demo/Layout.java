package dev.sluice.samples.demo;

import dev.sluice.samples.demo.Scene.Mood;
import dev.sluice.samples.demo.Scene.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Lays a scene out in lines that fit a terminal of any size: what matters least is left out first, the rest is cut.
 *
 * @param colours whether to use them
 * @param full the filled part of a bar
 * @param empty the rest of it
 */
record Layout(boolean colours, char full, char empty) {

    private static final int NAME = 11;
    private static final int TARGET = 10;
    private static final int RATE = 8;
    private static final int NEWS = 30;
    private static final int LONGEST_BAR = 30;
    private static final int SHORTEST_BAR = 6;

    private static final String BOLD = "\u001b[1m";
    private static final String DIM = "\u001b[2m";
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String YELLOW = "\u001b[33m";
    private static final String CYAN = "\u001b[36m";
    private static final String RESET = "\u001b[0m";

    /** As many lines as there are rows at most, none wider than the columns. */
    List<String> lines(Scene scene, int columns, int rows) {
        List<String> lines = new ArrayList<>();
        lines.add(line(columns)
                .add(BOLD, "Sluice: a firmware update over a shared channel")
                .add(DIM, String.format(Locale.ROOT, "   cycle %d, %.1f s", scene.cycle(), scene.seconds()))
                .text());
        lines.add("");
        int bar = Math.min(LONGEST_BAR, columns - NAME - TARGET - RATE - NEWS - 2);
        lines.add(line(columns)
                .add(DIM, pad("service", NAME) + pad("sends to", TARGET) + padLeft("rate", RATE))
                .text());
        for (Service service : scene.services()) {
            lines.add(service(service, columns, bar));
        }
        lines.add("");
        lines.add(channel(scene, columns, bar));
        lines.add(line(columns)
                .add("", pad("reader", NAME) + scene.balance().received() + " received")
                .text());
        lines.add(line(columns)
                .add("", pad(scene.sinkhole(), NAME) + scene.balance().discarded() + " discarded")
                .text());
        lines.add(faults(scene.balance(), columns));
        lines.add("");
        lines.add(line(columns).add(DIM, "Ctrl-C ends it").text());
        return lines.size() <= rows ? lines : squeeze(lines, rows);
    }

    /** In few rows the blank lines go first. */
    private static List<String> squeeze(List<String> lines, int rows) {
        List<String> kept = new ArrayList<>(lines);
        kept.removeIf(String::isEmpty);
        return kept.subList(0, Math.min(rows, kept.size()));
    }

    private String service(Service service, int columns, int bar) {
        Line line = line(columns)
                .add("", pad(service.name(), NAME))
                .add(colour(service.mood()), pad(service.target(), TARGET))
                .add("", padLeft(service.rate() + "/s", RATE) + " ");
        addBar(line, bar, service.fill(), colour(service.mood()));
        return line.add("", " " + service.news()).text();
    }

    private String channel(Scene scene, int columns, int bar) {
        Line line = line(columns).add("", pad("mesh", NAME) + pad("", TARGET + RATE) + " ");
        addBar(line, bar, (double) scene.buffered() / Math.max(1, scene.capacity()), CYAN);
        return line.add("", " " + scene.buffered() + " of " + scene.capacity() + " buffered")
                .text();
    }

    private String faults(Balance balance, int columns) {
        long faults = balance.duplicated() + balance.reordered() + balance.foreignDuringLease();
        return line(columns)
                .add("", pad("faults", NAME))
                .add(
                        faults == 0 ? GREEN : RED,
                        String.format(
                                Locale.ROOT,
                                "%d duplicated, %d reordered, %d foreign during a lease",
                                balance.duplicated(),
                                balance.reordered(),
                                balance.foreignDuringLease()))
                .text();
    }

    private void addBar(Line line, int length, double fill, String colour) {
        if (length >= SHORTEST_BAR) {
            int filled = (int) Math.round(Math.max(0, Math.min(1, fill)) * length);
            line.add(colour, String.valueOf(full).repeat(filled))
                    .add(DIM, String.valueOf(empty).repeat(length - filled));
        }
    }

    private static String colour(Mood mood) {
        return switch (mood) {
            case NORMAL -> GREEN;
            case DIVERTED -> YELLOW;
            case EXCLUSIVE -> CYAN;
            case DEAD -> RED;
        };
    }

    private static String pad(String text, int width) {
        return text.length() >= width ? text.substring(0, width - 1) + " " : text + " ".repeat(width - text.length());
    }

    private static String padLeft(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private Line line(int columns) {
        return new Line(columns, colours);
    }

    /** A line under construction, which ends where the terminal does. */
    private static final class Line {

        private final StringBuilder text = new StringBuilder();
        private final boolean colours;
        private int room;

        Line(int columns, boolean colours) {
            this.room = columns;
            this.colours = colours;
        }

        Line add(String colour, String piece) {
            String cut = piece.substring(0, Math.min(room, piece.length()));
            room -= cut.length();
            boolean coloured = colours && !colour.isEmpty() && !cut.isEmpty();
            text.append(coloured ? colour : "").append(cut).append(coloured ? RESET : "");
            return this;
        }

        String text() {
            return text.toString();
        }
    }
}
