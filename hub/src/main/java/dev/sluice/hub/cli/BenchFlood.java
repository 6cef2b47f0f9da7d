package dev.sluice.hub.cli;

import dev.sluice.hub.cli.bench.Flood;
import dev.sluice.hub.cli.bench.Period;
import dev.sluice.hub.cli.bench.Shape;
import dev.sluice.hub.cli.bench.TemporaryChannels;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice bench flood} and {@code heavy}: frames as fast as they go. */
abstract class BenchFlood extends BenchRun {

    private static final int MOST_CHANNELS = 10_000;
    private static final int LEAST_SIZE = 4;

    private final long defaultSize;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            converter = Converters.Size.class,
            description = "Of a frame, 4 bytes to 16MiB. Default: 64 with flood, 1MiB with heavy")
    private @Nullable Long size;

    @Option(
            names = "--channels",
            paramLabel = "N",
            defaultValue = "4",
            description = "How many, up to " + MOST_CHANNELS + ", each with one sender and one receiver."
                    + " Default: ${DEFAULT-VALUE}")
    private long channels;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "2",
            description = "Connections that send, and as many that receive; not more than channels."
                    + " Default: ${DEFAULT-VALUE}")
    private long connections;

    private @Nullable TemporaryChannels temporary;

    BenchFlood(long defaultSize) {
        this.defaultSize = defaultSize;
    }

    private int size() {
        return (int) checked("--size", size == null ? defaultSize : size, LEAST_SIZE, InputFrames.LONGEST);
    }

    @Override
    final Map<String, Object> parameters() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("frameSize", size());
        all.put("channels", checked("--channels", channels, 1, MOST_CHANNELS));
        if (connections(connections) > channels) {
            throw usage("--connections must be at most --channels, " + channels + ", was " + connections);
        }
        all.put("connections", connections);
        return all;
    }

    @Override
    final Shape shape(Period period) {
        var senders = connect(connections(connections));
        var receivers = connect(connections(connections));
        TemporaryChannels made = new TemporaryChannels(hub().channels());
        temporary = made;
        made.create((int) channels, size());
        return new Flood(period, size(), made.names(), senders, receivers);
    }

    @Override
    final String unit() {
        return "frames";
    }

    @Override
    final @Nullable TemporaryChannels channels() {
        return temporary;
    }

    /** {@code sluice bench flood}. */
    @Command(
            name = "flood",
            sortOptions = false,
            description = {
                "Small frames through channels as fast as they go: frames a second.",
                "",
                "Each channel has one sender and one receiver, on different connections. Every frame is counted, and its"
                        + " place checked: none may be lost, come twice, or in another order.",
                ""
            },
            footer = {"", "Example:", "  sluice bench flood --channels 16 --connections 4 --duration 10s"})
    static final class Small extends BenchFlood {
        private static final int SIZE = 64;

        Small() {
            super(SIZE);
        }
    }

    /** {@code sluice bench heavy}. */
    @Command(
            name = "heavy",
            sortOptions = false,
            description = {
                "Large frames through channels as fast as they go: megabytes a second.",
                "",
                "As flood, with frames of 1 MiB, of which few wait in a channel.",
                ""
            },
            footer = {"", "Example:", "  sluice bench heavy --size 64KiB"})
    static final class Heavy extends BenchFlood {
        private static final int SIZE = 1 << 20;

        Heavy() {
            super(SIZE);
        }
    }
}
