package dev.sluice.perf.pipes;

import dev.sluice.perf.measure.Rounds;
import dev.sluice.perf.report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures shapes one after the other. Within a shape Sluice and NATS have processes of their own, and take turns. Who fails or hangs
 * is left out of the rest of the shape, and reported.
 */
public final class PipesSession {
    private static final int MOST_WARM_UPS = 200;

    private final PipesPlan plan;
    private final @Nullable Path natsServer;
    private final Path logs;
    private final Consumer<String> progress;
    private final List<String> failures = new ArrayList<>();

    /**
     * A session.
     *
     * @param plan how long to measure
     * @param natsServer the peer's server; {@code null} where it is not installed
     * @param logs a folder for what the processes say
     * @param progress gets a line for each shape, and for each failure
     */
    public PipesSession(PipesPlan plan, @Nullable Path natsServer, Path logs, Consumer<String> progress) {
        this.plan = plan;
        this.natsServer = natsServer;
        this.logs = logs;
        this.progress = progress;
    }

    /** The names of all shapes. */
    public static List<String> shapes() {
        return PipesShape.labels();
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
        return run(PipesShape.named(label).orElseThrow());
    }

    List<Row> run(PipesShape shape) {
        String label = shape.label();
        List<String> names = natsServer == null ? List.of(Contender.SLUICE) : List.of(Contender.SLUICE, Contender.NATS);
        long began = System.nanoTime();
        Map<String, List<Sample>> samples = new Rounds(plan.forks(), 1, plan.turns())
                .take(
                        names,
                        name -> start(name, shape),
                        contender -> contender.take(plan.turn()),
                        (name, reason) -> fail(label, name, reason));
        progress.accept(label + " took " + (System.nanoTime() - began) / 1_000_000_000 + " s");
        return PipesRows.of(shape, samples);
    }

    private Contender start(String name, PipesShape shape) throws IOException {
        Contender contender =
                Contender.start(name, shape, natsServer, plan.limit(), logs.resolve("pipes." + shape.label()));
        try {
            warmUp(contender);
            return contender;
        } catch (IOException | IllegalArgumentException e) {
            contender.close();
            throw e;
        }
    }

    /** By the time of the processor: how much of that a turn gets depends on what else the machine does. */
    private void warmUp(Contender contender) throws IOException {
        for (int i = 0; i < MOST_WARM_UPS && contender.cpu().compareTo(plan.warmUp()) < 0; i++) {
            contender.take(plan.turn());
        }
    }

    private void fail(String shape, String contender, Exception reason) {
        String failure = shape + ": " + contender + " failed: " + reason.getMessage();
        failures.add(failure);
        progress.accept(failure);
    }
}
