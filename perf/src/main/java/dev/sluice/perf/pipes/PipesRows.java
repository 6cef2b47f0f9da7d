package dev.sluice.perf.pipes;

import dev.sluice.perf.measure.Figures;
import dev.sluice.perf.report.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What was measured of one shape, as rows: Sluice beside NATS. */
final class PipesRows {
    private final PipesShape shape;
    private final List<Sample> ours;
    private final List<Sample> theirs;
    private final List<Row> rows = new ArrayList<>();

    private PipesRows(PipesShape shape, List<Sample> ours, List<Sample> theirs) {
        this.shape = shape;
        this.ours = ours;
        this.theirs = theirs;
    }

    /**
     * The rows.
     *
     * @param samples what the turns of each brought; those that failed, or did not take part, have none
     */
    static List<Row> of(PipesShape shape, Map<String, List<Sample>> samples) {
        List<Sample> ours = samples.getOrDefault(Contender.SLUICE, List.of());
        List<Sample> theirs = samples.getOrDefault(Contender.NATS, List.of());
        return new PipesRows(shape, ours, theirs).all();
    }

    private List<Row> all() {
        larger("", "M frames/s", Sample::frames, shape.target());
        larger("-deliveries", "M/s", Sample::deliveries, null);
        smaller("-cpu", "CPU s/M deliveries", median(ours, Sample::cpu), median(theirs, Sample::cpu));
        if (shape.members() > 1) {
            larger("-least-share", "of an even one", Sample::leastShare, null);
            smaller(
                    "-most-share",
                    "of an even one",
                    median(ours, Sample::mostShare),
                    median(theirs, Sample::mostShare));
        }
        Double oursLost = lost(ours);
        Double theirsLost = lost(theirs);
        if ((oursLost != null && oursLost > 0) || (theirsLost != null && theirsLost > 0)) {
            smaller("-lost", "deliveries", oursLost, theirsLost);
        }
        return rows;
    }

    private void larger(String suffix, String unit, ToDoubleFunction<Sample> figure, @Nullable Double target) {
        rows.add(Row.largerIsBetter(
                shape.label() + suffix, Contender.NATS, median(ours, figure), median(theirs, figure), unit, target));
    }

    private void smaller(String suffix, String unit, @Nullable Double ourValue, @Nullable Double theirValue) {
        rows.add(Row.smallerIsBetter(shape.label() + suffix, Contender.NATS, ourValue, theirValue, unit, null));
    }

    private static @Nullable Double median(List<Sample> samples, ToDoubleFunction<Sample> figure) {
        return samples.isEmpty()
                ? null
                : Figures.median(samples.stream().map(figure::applyAsDouble).toList());
    }

    /** In all turns together. */
    private static @Nullable Double lost(List<Sample> samples) {
        return samples.isEmpty()
                ? null
                : samples.stream().mapToDouble(Sample::lost).sum();
    }
}
