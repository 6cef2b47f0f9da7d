package dev.sluice.hub.cli;

import dev.sluice.hub.cli.bench.Opening;
import dev.sluice.hub.cli.bench.Period;
import dev.sluice.hub.cli.bench.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice bench open}: calls of the service echo. */
@Command(
        name = "open",
        sortOptions = false,
        description = {
            "Calls of the hub's service echo, each answered with one source of one frame: calls a second, and the time from"
                    + " the call to its first frame.",
            ""
        },
        footer = {"", "Example:", "  sluice bench open --in-flight 256 --connections 4"})
final class BenchOpen extends BenchRun {

    private static final int MOST_IN_FLIGHT = 100_000;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            defaultValue = "64",
            converter = Converters.Size.class,
            description = "Of the frame, 0 to 16MiB. Default: ${DEFAULT-VALUE}")
    private long size;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            defaultValue = "64",
            description = "Calls at a time, all connections together. Default: ${DEFAULT-VALUE}")
    private long inFlight;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "1",
            description = "Not more than calls at a time. Default: ${DEFAULT-VALUE}")
    private long connections;

    @Override
    Map<String, Object> parameters() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("frameSize", checked("--size", size, 0, InputFrames.LONGEST));
        all.put("inFlight", checked("--in-flight", inFlight, 1, MOST_IN_FLIGHT));
        if (connections(connections) > inFlight) {
            throw usage("--connections must be at most --in-flight, " + inFlight + ", was " + connections);
        }
        all.put("connections", connections);
        return all;
    }

    @Override
    Shape shape(Period period) {
        return new Opening(period, (int) size, (int) inFlight, connect(connections(connections)));
    }

    @Override
    String unit() {
        return "calls";
    }
}
