package dev.sluice.perf;

import dev.sluice.perf.Options.WrongUseException;
import dev.sluice.perf.measure.Plan;
import dev.sluice.perf.measure.Session;
import dev.sluice.perf.report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code perf/run} starts after it has built. */
public final class Main {
    static final Path RESULTS = Path.of("perf", "results");
    static final Path LOGS = Path.of("perf", "target", "perf");
    static final int FAILED = 1;
    private static final int WRONG_USE = 2;

    private boolean quick;
    private boolean json;
    private final List<String> shapes = new ArrayList<>();
    private Path results = RESULTS;
    private Path logs = LOGS;
    private @Nullable Path goPeer;

    private Main() {}

    /**
     * Measures and reports.
     *
     * @param args {@code local}, {@code network}, {@code files} or {@code pipes}, then options as {@code perf/run --help} shows them,
     *     {@code --results} and {@code --logs}, for {@code local} {@code --go-peer}, for {@code files} {@code --driver} and {@code
     *     --diod}, and for {@code pipes} {@code --nats-server}, each with a path
     */
    public static void main(String... args) {
        System.exit(run(List.of(args)));
    }

    static int run(List<String> args) {
        String benchmark = args.isEmpty() ? "" : args.get(0);
        try {
            return switch (benchmark) {
                case "network" -> Network.run(args.subList(1, args.size()));
                case "files" -> ChannelFiles.run(args.subList(1, args.size()));
                case "pipes" -> PipeGroups.run(args.subList(1, args.size()));
                default -> local(args);
            };
        } catch (WrongUseException e) {
            System.err.println(e.getMessage());
            return WRONG_USE;
        } catch (IOException e) {
            System.err.println("The measuring failed: " + e.getMessage());
            return FAILED;
        }
    }

    private static int local(List<String> args) throws IOException {
        Main main = new Main();
        String complaint = main.read(args);
        if (complaint != null) {
            System.err.println(complaint);
            return WRONG_USE;
        }
        if (args.contains("--list")) {
            Session.shapes().forEach(System.out::println);
            return 0;
        }
        main.local();
        return 0;
    }

    /** Reads the arguments; returns what is wrong with them. */
    private @Nullable String read(List<String> args) {
        if (args.isEmpty() || !args.get(0).equals("local")) {
            return "Expected the benchmark to run: local, network, files or pipes";
        }
        for (int i = 1; i < args.size(); i++) {
            String option = args.get(i);
            switch (option) {
                case "--quick" -> quick = true;
                case "--json" -> json = true;
                case "--list" -> {}
                default -> {
                    String complaint = i + 1 == args.size() ? "Unknown option: " + option : read(option, args.get(++i));
                    if (complaint != null) {
                        return complaint;
                    }
                }
            }
        }
        return null;
    }

    private @Nullable String read(String option, String value) {
        switch (option) {
            case "--shape" -> {
                if (!Session.isShape(value)) {
                    return "Unknown shape: " + value + ". There are " + String.join(", ", Session.shapes());
                }
                shapes.add(value);
            }
            case "--results" -> results = Path.of(value);
            case "--logs" -> logs = Path.of(value);
            case "--go-peer" -> goPeer = Path.of(value);
            default -> {
                return "Unknown option: " + option;
            }
        }
        return null;
    }

    private void local() throws IOException {
        String caption = Machine.here().withGo(goPeer).describe();
        Results files = new Results(results, Results.name("local", quick, !shapes.isEmpty()), caption, json);
        Plan plan = quick ? Plan.QUICK : Plan.FULL;
        List<Row> rows = new Session(plan, goPeer, logs, System.err::println).run(shapes);
        files.save(rows);
        files.chart("", "Sluice beside its peers: less is better", rows);
        files.print(rows);
    }
}
