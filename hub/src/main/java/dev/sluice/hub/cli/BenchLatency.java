package dev.sluice.hub.cli;

import dev.sluice.hub.cli.bench.Latency;
import dev.sluice.hub.cli.bench.Period;
import dev.sluice.hub.cli.bench.Shape;
import dev.sluice.hub.cli.bench.TemporaryChannels;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice bench latency}: how long a frame is under way. */
@Command(
        name = "latency",
        sortOptions = false,
        description = {
            "How long a frame is under way through a channel, from one connection to another, in percentiles.",
            "",
            "One frame at a time; or with --rate so many a second, whether the ones before have come or not: a frame that is"
                    + " sent late counts from when it was due.",
            ""
        },
        footer = {"", "Example:", "  sluice bench latency --rate 5000 --duration 30s"})
final class BenchLatency extends BenchRun {

    private static final int MOST_RATE = 1_000_000;
    private static final int LEAST_SIZE = 4;

    @Option(
            names = "--size",
            paramLabel = "SIZE",
            defaultValue = "64",
            converter = Converters.Size.class,
            description = "Of a frame, 4 bytes to 16MiB. Default: ${DEFAULT-VALUE}")
    private long size;

    @Option(names = "--rate", paramLabel = "N", description = "Frames a second, up to 1000000. Default: one at a time")
    private @Nullable Long rate;

    private @Nullable TemporaryChannels temporary;

    @Override
    Map<String, Object> parameters() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("frameSize", checked("--size", size, LEAST_SIZE, InputFrames.LONGEST));
        if (rate != null) {
            all.put("rate", checked("--rate", rate, 1, MOST_RATE));
        }
        return all;
    }

    @Override
    Shape shape(Period period) {
        var two = connect(2);
        TemporaryChannels made = new TemporaryChannels(hub().channels());
        temporary = made;
        made.create(1, (int) size);
        return new Latency(
                period, rate == null ? 0 : rate, (int) size, made.names().get(0), two.get(0), two.get(1));
    }

    @Override
    String unit() {
        return "frames";
    }

    @Override
    @Nullable TemporaryChannels channels() {
        return temporary;
    }
}
