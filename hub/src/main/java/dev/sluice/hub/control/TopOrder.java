package dev.sluice.hub.control;

import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** By what the busiest channels are told apart, the most first; among equals by name. */
public enum TopOrder {
    /** Elements accepted a second. */
    RATE,
    /** Elements that wait. */
    BUFFERED,
    /** Sends that wait. */
    WAITING,
    /** Elements accepted since creation. */
    ACCEPTED,
    /** Elements dropped since creation. */
    DROPPED,
    /** Receivers and listeners. */
    READERS,
    /** Names, in their order. */
    NAME;

    /** Puts the lines of a view into this order. */
    public Comparator<TopView.Line> comparator() {
        Comparator<TopView.Line> byName =
                Comparator.comparing(line -> line.stats().name());
        return this == NAME
                ? byName
                : Comparator.comparingDouble(this::figure).reversed().thenComparing(byName);
    }

    private double figure(TopView.Line line) {
        return switch (this) {
            case RATE -> line.acceptedPerSecond();
            case BUFFERED -> (double) line.stats().buffered();
            case WAITING -> (double) line.stats().waitingSends();
            case ACCEPTED -> (double) line.stats().accepted();
            case DROPPED -> (double) line.stats().dropped();
            case READERS -> line.stats().receivers() + line.stats().listeners();
            case NAME -> 0;
        };
    }

    /** The order of a word, as a call's tag has it. */
    static TopOrder of(String word) {
        for (TopOrder known : values()) {
            if (known.toString().equals(word)) {
                return known;
            }
        }
        throw Controls.bad("tag \"" + Controls.SORT + "\" must be one of "
                + Stream.of(values()).map(TopOrder::toString).collect(Collectors.joining(", ")));
    }

    /** As the command line has it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
