package dev.sluice.perf.files;

import dev.sluice.perf.files.Work.Figure;
import dev.sluice.perf.measure.Figures;
import dev.sluice.perf.report.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was measured of one shape, as rows: Sluice beside diod. */
final class FilesRows {
    private FilesRows() {}

    /**
     * The rows.
     *
     * @param label the name of the shape
     * @param work what was done
     * @param turns what the turns of each brought: the values of all figures; those that failed, or did not take part, have none
     */
    static List<Row> of(String label, Work work, Map<String, List<List<Double>>> turns) {
        List<Figure> figures = work.figures();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < figures.size(); i++) {
            Figure figure = figures.get(i);
            String name = label + figure.suffix();
            Double ours = median(turns.getOrDefault(Serving.SLUICE, List.of()), i);
            Double theirs = median(turns.getOrDefault(Serving.DIOD, List.of()), i);
            rows.add(
                    figure.isLargerBetter()
                            ? Row.largerIsBetter(name, Serving.DIOD, ours, theirs, figure.unit(), figure.target())
                            : Row.smallerIsBetter(name, Serving.DIOD, ours, theirs, figure.unit(), figure.target()));
        }
        return rows;
    }

    private static @Nullable Double median(List<List<Double>> turns, int figure) {
        return turns.isEmpty()
                ? null
                : Figures.median(turns.stream().map(turn -> turn.get(figure)).toList());
    }
}
