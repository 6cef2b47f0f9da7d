package dev.sluice.perf;

import dev.sluice.perf.Options.WrongUseException;
import dev.sluice.perf.files.FilesPlan;
import dev.sluice.perf.files.FilesSession;
import dev.sluice.perf.files.Tools;
import dev.sluice.perf.report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The benchmark of channels as files. */
final class ChannelFiles {
    private static final Path DRIVER = Path.of("perf", "target", "ninep-driver");

    private ChannelFiles() {}

    /** Measures and reports; the exit code. */
    static int run(List<String> words) throws WrongUseException, IOException {
        Options options = Options.read(words, Set.of("--driver", "--diod"));
        List<String> shapes = options.names("--shapes", FilesSession.shapes(), FilesSession.shapes());
        if (options.has("--list")) {
            System.out.println("shapes: " + String.join(",", FilesSession.shapes()));
            return 0;
        }
        Tools tools = new Tools(options.path("--driver", DRIVER), options.path("--diod"));
        Machine machine = Machine.here().with(tools.diod() == null ? "no diod" : "diod");
        Results files = Results.of("files", options, !shapes.equals(FilesSession.shapes()), machine);
        FilesPlan plan = options.has("--quick") ? FilesPlan.QUICK : FilesPlan.FULL;
        FilesSession session = new FilesSession(plan, tools, options.path("--logs", Main.LOGS), System.err::println);
        List<Row> rows = new ArrayList<>();
        for (String shape : shapes) {
            rows.addAll(session.run(shape));
        }
        files.save(rows);
        files.chart("", "Channels as files over 9P, beside diod", rows);
        files.print(rows);
        session.failures().forEach(System.err::println);
        return session.failures().isEmpty() ? 0 : Main.FAILED;
    }
}
