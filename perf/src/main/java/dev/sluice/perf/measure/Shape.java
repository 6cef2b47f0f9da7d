package dev.sluice.perf.measure;

import dev.sluice.perf.report.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is measured in one go: contenders that take turns, and the rows that come of it. */
final class Shape {
    private final String name;
    private final String unit;
    private final List<Contender> contenders = new ArrayList<>();
    private final List<Comparison> comparisons = new ArrayList<>();

    Shape(String name, String unit) {
        this.name = name;
        this.unit = unit;
    }

    String name() {
        return name;
    }

    List<Contender> contenders() {
        return contenders;
    }

    /** Whether allocation is counted. */
    boolean countsAllocation() {
        return comparisons.stream().anyMatch(comparison -> comparison.by() == Comparison.By.ALLOCATION);
    }

    /** Whether a filter selects the shape: its name, or the part of it before a hyphen. */
    boolean isNamed(String filter) {
        return name.equals(filter) || name.startsWith(filter + "-");
    }

    Shape add(Contender contender) {
        contenders.add(contender);
        return this;
    }

    /** Adds a peer, and its row beside Sluice. */
    Shape against(Contender peer) {
        return against(peer, null);
    }

    /** Adds a peer, and its row beside Sluice with the ratio to reach. */
    Shape against(Contender peer, @Nullable Double target) {
        contenders.add(peer);
        return compare(new Comparison(name, Shapes.SLUICE, peer.name(), Comparison.By.SCORE, target));
    }

    Shape compare(Comparison comparison) {
        comparisons.add(comparison);
        return this;
    }

    /** The rows for what was measured. */
    List<Row> rows(Map<String, Figures> figures) {
        return comparisons.stream()
                .map(comparison -> comparison.row(unit, figures))
                .filter(Objects::nonNull)
                .toList();
    }
}
