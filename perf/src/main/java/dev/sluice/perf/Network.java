package dev.sluice.perf;

import dev.sluice.perf.Options.WrongUseException;
import dev.sluice.perf.network.NetworkPlan;
import dev.sluice.perf.network.NetworkSession;
import dev.sluice.perf.report.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The benchmark of the network. */
final class Network {
    private Network() {}

    /** Measures and reports; the exit code. */
    static int run(List<String> words) throws WrongUseException, IOException {
        Options options = Options.read(words, Set.of("--peers"));
        List<String> shapes = options.names("--shapes", NetworkSession.shapes(), NetworkSession.shapes());
        List<String> peers = options.names("--peers", NetworkSession.peers(), NetworkSession.usualPeers());
        if (options.has("--list")) {
            System.out.println("shapes: " + String.join(",", NetworkSession.shapes()));
            System.out.println("peers: " + String.join(",", NetworkSession.peers()));
            return 0;
        }
        boolean isPart = !shapes.equals(NetworkSession.shapes()) || !peers.equals(NetworkSession.usualPeers());
        Results files = Results.of("network", options, isPart, Machine.here());
        NetworkPlan plan = options.has("--quick") ? NetworkPlan.QUICK : NetworkPlan.FULL;
        NetworkSession session = new NetworkSession(plan, options.path("--logs", Main.LOGS), System.err::println);
        List<Row> rows = new ArrayList<>();
        for (String shape : shapes) {
            List<Row> measured = session.run(shape, peers);
            files.chart("-" + shape, shape + ": " + NetworkSession.title(shape), measured);
            rows.addAll(measured);
        }
        files.save(rows);
        files.print(rows);
        session.failures().forEach(System.err::println);
        return session.failures().isEmpty() ? 0 : Main.FAILED;
    }
}
