package dev.sluice.perf.measure;

import dev.sluice.perf.report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures shapes one after the other. Within a shape all contenders are alive at once, each in a process of its own so
 * that no compiler learns from another's calls, and they take turns, A B C A B C: when the machine slows down, it slows
 * down for all. Between turns a process waits for its input.
 */
public final class Session {
    /** Far more than any turn takes: only who hangs is killed. */
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(5);

    private final Plan plan;
    private final @Nullable Path goPeer;
    private final Path logs;
    private final Consumer<String> progress;

    /**
     * A session.
     *
     * @param plan how long to measure
     * @param goPeer the Go peer; {@code null} when there is none
     * @param logs a folder for what contenders say
     * @param progress gets a line for each shape
     */
    public Session(Plan plan, @Nullable Path goPeer, Path logs, Consumer<String> progress) {
        this.plan = plan;
        this.goPeer = goPeer;
        this.logs = logs;
        this.progress = progress;
    }

    /** The names of all shapes. */
    public static List<String> shapes() {
        return Shapes.all().stream().map(Shape::name).toList();
    }

    /** Whether a name, or the part of one before a hyphen, selects any shape. */
    public static boolean isShape(String filter) {
        return Shapes.all().stream().anyMatch(shape -> shape.isNamed(filter));
    }

    /**
     * Measures.
     *
     * @param filters names of shapes, or their first parts; empty for all
     * @return a row for each comparison
     * @throws IOException when a contender cannot be started, or fails
     */
    public List<Row> run(List<String> filters) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (Shape shape : Shapes.all()) {
            if (filters.isEmpty() || filters.stream().anyMatch(shape::isNamed)) {
                long began = System.nanoTime();
                rows.addAll(shape.rows(measure(shape)));
                progress.accept(shape.name() + " took " + (System.nanoTime() - began) / 1_000_000_000 + " s");
            }
        }
        return rows;
    }

    private Map<String, Figures> measure(Shape shape) throws IOException {
        List<Contender> present = shape.contenders().stream()
                .filter(contender -> contender.isAvailable(goPeer))
                .toList();
        Map<String, Figures> figures = new LinkedHashMap<>();
        for (int fork = 0; fork < plan.forks(); fork++) {
            runPrograms(shape, present, figures);
            takeTurns(shape, present, figures);
        }
        return figures;
    }

    private void runPrograms(Shape shape, List<Contender> present, Map<String, Figures> figures) throws IOException {
        for (Contender contender : present) {
            if (contender.isProgram()) {
                try (Child child = start(shape, contender)) {
                    add(figures, contender.name(), child.result());
                }
            }
        }
    }

    private void takeTurns(Shape shape, List<Contender> present, Map<String, Figures> figures) throws IOException {
        Map<String, Child> children = new LinkedHashMap<>();
        try {
            for (Contender contender : present) {
                if (!contender.isProgram()) {
                    children.put(contender.name(), start(shape, contender));
                }
            }
            for (Child child : children.values()) {
                child.awaitReady();
            }
            for (int turn = -plan.warmups(); turn < plan.turns(); turn++) {
                for (Map.Entry<String, Child> entry : children.entrySet()) {
                    Figures.Turn result = entry.getValue().turn(plan.millis());
                    if (turn >= 0) {
                        add(figures, entry.getKey(), result);
                    }
                }
            }
        } finally {
            children.values().forEach(Child::close);
        }
    }

    private static void add(Map<String, Figures> figures, String contender, Figures.Turn result) {
        figures.computeIfAbsent(contender, name -> new Figures()).add(result);
    }

    private Child start(Shape shape, Contender contender) throws IOException {
        String file = (shape.name() + "." + contender.name()).replace(' ', '-') + ".log";
        return new Child(
                contender.name(),
                contender.command(plan, shape.countsAllocation(), goPeer),
                logs.resolve(file),
                ANSWER_LIMIT);
    }
}
