package dev.sluice.perf;

import dev.sluice.perf.network.NetworkPlan;
import dev.sluice.perf.network.NetworkSession;
import dev.sluice.perf.report.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The benchmark of the network, with its options. */
final class Network {
    private static final int FAILED = 1;

    private boolean quick;
    private boolean json;
    private List<String> shapes = NetworkSession.shapes();
    private List<String> peers = NetworkSession.usualPeers();
    private Path results = Path.of("perf", "results");
    private Path logs = Path.of("perf", "target", "perf");

    /** Measures and reports; the exit code. */
    static int run(List<String> options) {
        Network network = new Network();
        String complaint = network.read(options);
        if (complaint != null) {
            System.err.println(complaint);
            return Main.WRONG_USE;
        }
        if (options.contains("--list")) {
            System.out.println("shapes: " + String.join(",", NetworkSession.shapes()));
            System.out.println("peers: " + String.join(",", NetworkSession.peers()));
            return 0;
        }
        try {
            return network.measure();
        } catch (IOException e) {
            System.err.println("The results cannot be written: " + e.getMessage());
            return FAILED;
        }
    }

    /** Reads the options; returns what is wrong with them. */
    private @Nullable String read(List<String> options) {
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            switch (option) {
                case "--quick" -> quick = true;
                case "--json" -> json = true;
                case "--list" -> {}
                default -> {
                    String complaint =
                            i + 1 == options.size() ? "Unknown option: " + option : read(option, options.get(++i));
                    if (complaint != null) {
                        return complaint;
                    }
                }
            }
        }
        return null;
    }

    private @Nullable String read(String option, String value) {
        List<String> names = List.of(value.split(",", -1));
        switch (option) {
            case "--shapes" -> {
                shapes = names;
                return unknown("shape", names, NetworkSession.shapes());
            }
            case "--peers" -> {
                peers = names;
                return unknown("peer", names, NetworkSession.peers());
            }
            case "--results" -> results = Path.of(value);
            case "--logs" -> logs = Path.of(value);
            default -> {
                return "Unknown option: " + option;
            }
        }
        return null;
    }

    private static @Nullable String unknown(String what, List<String> names, List<String> known) {
        return names.stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .map(name -> "Unknown " + what + ": " + name + ". There are " + String.join(", ", known))
                .orElse(null);
    }

    private int measure() throws IOException {
        boolean isPart = !shapes.equals(NetworkSession.shapes()) || !peers.equals(NetworkSession.usualPeers());
        Results files = new Results(
                results, Results.name("network", quick, isPart), Machine.here().describe(), json);
        NetworkPlan plan = quick ? NetworkPlan.QUICK : NetworkPlan.FULL;
        NetworkSession session = new NetworkSession(plan, logs, System.err::println);
        List<Row> rows = new ArrayList<>();
        for (String shape : shapes) {
            List<Row> measured = session.run(shape, peers);
            files.chart("-" + shape, shape + ": " + NetworkSession.title(shape), measured);
            rows.addAll(measured);
        }
        files.save(rows);
        files.print(rows);
        session.failures().forEach(System.err::println);
        return session.failures().isEmpty() ? 0 : FAILED;
    }
}
