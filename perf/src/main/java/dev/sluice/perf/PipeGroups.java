package dev.sluice.perf;

import dev.sluice.perf.Options.WrongUseException;
import dev.sluice.perf.pipes.PipesPlan;
import dev.sluice.perf.pipes.PipesSession;
import dev.sluice.perf.report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The benchmark of pipes. */
final class PipeGroups {
    private PipeGroups() {}

    /** Measures and reports; the exit code. */
    static int run(List<String> words) throws WrongUseException, IOException {
        Options options = Options.read(words, Set.of("--nats-server"));
        List<String> shapes = options.names("--shapes", PipesSession.shapes(), PipesSession.shapes());
        if (options.has("--list")) {
            System.out.println("shapes: " + String.join(",", PipesSession.shapes()));
            return 0;
        }
        Path server = options.path("--nats-server");
        Machine machine = Machine.here().with(server == null ? "no nats-server" : "nats-server");
        Results files = Results.of("pipes", options, !shapes.equals(PipesSession.shapes()), machine);
        PipesPlan plan = options.has("--quick") ? PipesPlan.QUICK : PipesPlan.FULL;
        PipesSession session = new PipesSession(plan, server, options.path("--logs", Main.LOGS), System.err::println);
        List<Row> rows = new ArrayList<>();
        for (String shape : shapes) {
            rows.addAll(session.run(shape));
        }
        files.save(rows);
        files.chart("", "Groups that receive from a destination, beside NATS", rows);
        files.print(rows);
        session.failures().forEach(System.err::println);
        return session.failures().isEmpty() ? 0 : Main.FAILED;
    }
}
