package dev.sluice.hub.cli;

import dev.sluice.hub.cli.bench.Outcome;
import dev.sluice.hub.cli.bench.Period;
import dev.sluice.hub.cli.bench.Shape;
import dev.sluice.hub.cli.bench.TemporaryChannels;
import dev.sluice.hub.control.HubClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import reactor.core.publisher.Flux;

/** What the subcommands of {@code sluice bench} have in common. */
abstract class BenchRun extends HubCommand {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(2);
    private static final long MOST_FRAMES = 1_000_000_000_000L;
    private static final int MOST_CONNECTIONS = 1_000;
    private static final int INTERRUPTED = 130;
    private static final int WHOLE = 1_000;

    /** By the end of a figure's name. */
    private static final Map<String, String> UNITS =
            Map.of(" micros", "µs", " millis", "ms", " seconds", "s", " per second", "per second", " size", "bytes");

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = Converters.Time.class,
            description =
                    "How long to measure, behind a warm-up of a fifth of it, 2s at most. Default: ${DEFAULT-VALUE}")
    private Duration duration;

    @Option(
            names = "--frames",
            paramLabel = "N",
            description = "Ends after so many, and measures all of them, instead.")
    private @Nullable Long frames;

    private final List<HubClient> connections = new ArrayList<>();

    /** The parameters, and what is wrong with them. */
    abstract Map<String, Object> parameters();

    /** What is to be measured. */
    abstract Shape shape(Period period);

    /** What it counts: {@code frames}. */
    abstract String unit();

    /** The channels it needs, once they are there. */
    @Nullable TemporaryChannels channels() {
        return null;
    }

    @Override
    final int run() throws InterruptedException {
        if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
            throw usage("--duration must be 1ms to 1d, was " + duration.toMillis() + "ms");
        }
        if (frames != null) {
            checked("--frames", frames, 1, MOST_FRAMES);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        if (frames == null) {
            all.put("durationMillis", duration.toMillis());
        } else {
            all.put("frames", frames);
        }
        all.putAll(parameters());
        try {
            Outcome outcome = measure();
            all.putAll(outcome.figures());
            print(all);
            int written = done();
            return outcome.correct() ? written : 1;
        } catch (RuntimeException failure) {
            TemporaryChannels channels = channels();
            if (channels != null && channels.interrupted()) {
                return INTERRUPTED;
            }
            throw failure;
        } finally {
            TemporaryChannels channels = channels();
            if (channels != null) {
                channels.close();
            }
            Flux.fromIterable(connections)
                    .flatMap(connection ->
                            connection.close().timeout(Duration.ofSeconds(2)).onErrorComplete())
                    .blockLast();
        }
    }

    private Outcome measure() throws InterruptedException {
        Duration fifth = duration.dividedBy(5);
        Duration warmUp = fifth.compareTo(LONGEST_WARM_UP) < 0 ? fifth : LONGEST_WARM_UP;
        Period period = frames == null ? Period.of(warmUp, duration) : Period.of(frames);
        Shape shape = shape(period);
        BenchProgress progress = BenchProgress.of(err(), period, unit(), shape::done);
        try {
            return shape.run();
        } finally {
            progress.close();
        }
    }

    /** More connections, closed at the end. */
    final List<HubClient> connect(int count) {
        List<HubClient> more = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            HubClient connection = anotherHub();
            connections.add(connection);
            more.add(connection);
        }
        return more;
    }

    final int connections(long asked) {
        return (int) checked("--connections", asked, 1, MOST_CONNECTIONS);
    }

    final long checked(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw usage(option + " must be " + least + " to " + most + ", was " + value);
        }
        return value;
    }

    private void print(Map<String, Object> all) {
        if (json()) {
            out().println(Json.line(all));
            return;
        }
        TextTable table = new TextTable("FIGURE", "VALUE", "UNIT");
        all.forEach((name, value) -> {
            String words =
                    name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT).replace("p999", "p99.9");
            String last =
                    UNITS.keySet().stream().filter(words::endsWith).findFirst().orElse("");
            table.row(words.substring(0, words.length() - last.length()), shown(value), UNITS.getOrDefault(last, ""));
        });
        table.print(out());
    }

    /** Of large numbers no fraction. */
    private static Object shown(Object value) {
        return value instanceof Double number && number >= WHOLE ? (Object) number.longValue() : value;
    }
}
