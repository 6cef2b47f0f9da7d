package dev.sluice.perf.files;

import dev.sluice.perf.measure.Rounds;
import dev.sluice.perf.report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures shapes one after the other. Within a shape Sluice and diod have a server and a client each, and take turns. Who fails or
 * hangs is left out of the rest of the shape, and reported.
 */
public final class FilesSession {
    private static final int MOST_WARM_UPS = 100;

    private final FilesPlan plan;
    private final Tools tools;
    private final Path logs;
    private final Consumer<String> progress;
    private final List<String> failures = new ArrayList<>();

    /**
     * A session.
     *
     * @param plan how long to measure
     * @param tools the client, and the peer
     * @param logs a folder for what the processes say
     * @param progress gets a line for each shape, and for each failure
     */
    public FilesSession(FilesPlan plan, Tools tools, Path logs, Consumer<String> progress) {
        this.plan = plan;
        this.tools = tools;
        this.logs = logs;
        this.progress = progress;
    }

    /** The names of all shapes. */
    public static List<String> shapes() {
        return FilesShape.labels();
    }

    /** What failed so far: a line for each contender and shape. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /**
     * Measures a shape.
     *
     * @param label the shape's name
     * @return a row for each figure
     */
    public List<Row> run(String label) {
        return run(label, FilesShape.named(label).orElseThrow().work());
    }

    List<Row> run(String label, Work work) {
        long began = System.nanoTime();
        Map<String, List<List<Double>>> turns = new Rounds(plan.forks(), 1, plan.turns())
                .take(
                        tools.contenders(work),
                        name -> start(name, label, work),
                        serving -> work.turn(serving, plan.turn()),
                        (name, reason) -> fail(label, name, reason));
        progress.accept(label + " took " + (System.nanoTime() - began) / 1_000_000_000 + " s");
        return FilesRows.of(label, work, turns);
    }

    private Serving start(String name, String label, Work work) throws IOException {
        Serving serving = Serving.start(name, work.entries(), tools, plan.limit(), logs.resolve("files." + label));
        try {
            if (name.equals(Serving.SLUICE)) {
                warmUp(serving, work);
            }
            return serving;
        } catch (IOException | IllegalArgumentException e) {
            serving.close();
            throw e;
        }
    }

    /** By the time of the processor: how much of that a turn gets depends on what else the machine does. */
    private void warmUp(Serving serving, Work work) throws IOException {
        for (int i = 0;
                i < MOST_WARM_UPS && serving.usage().cpuNanos() < plan.warmUp().toNanos();
                i++) {
            work.turn(serving, plan.turn());
        }
    }

    private void fail(String shape, String contender, Exception reason) {
        String failure = shape + ": " + contender + " failed: " + reason.getMessage();
        failures.add(failure);
        progress.accept(failure);
    }
}
