package dev.sluice.hub.cli;

import dev.sluice.hub.control.TopOrder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;

/** {@code sluice top}: the busiest channels, as they are now. */
@Command(
        name = "top",
        sortOptions = false,
        description = {
            "Shows the hub and its busiest channels, again and again.",
            "",
            "On a terminal the picture is drawn anew, until q or Ctrl-C; s takes the next order. Elsewhere, and with"
                    + " --plain, there is a table per interval. The rates are those since the last look; dropped, accepted"
                    + " and discarded are totals.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice top",
            "  sluice top plant --sort buffered",
            "  sluice top --once --limit 10      # one table, for a script",
            "  sluice top --json --every 10s     # an object per interval, for a log"
        })
final class TopCommand extends HubCommand {

    private static final int MOST_LINES = 1_000;
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Parameters(
            arity = "0..1",
            paramLabel = "PREFIX",
            description = "Which ones: whole segments, 100000 channels at most. Default: all")
    private String prefix = "";

    @Option(
            names = "--sort",
            paramLabel = "ORDER",
            defaultValue = "rate",
            description = "Which come first: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private TopOrder sort;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "Channels shown at most, 1 to " + MOST_LINES
                    + "; on a terminal those that fit. Default: ${DEFAULT-VALUE}")
    private int limit;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = Converters.Time.class,
            description = "How often, 100ms to 1h. Default: ${DEFAULT-VALUE}")
    private Duration every;

    @Option(names = "--once", description = "One table, with the rates of one interval, a second at most.")
    private boolean once;

    @Option(names = "--plain", description = "A table per interval, also on a terminal.")
    private boolean plain;

    @Override
    int run() throws InterruptedException {
        if (limit < 1 || limit > MOST_LINES) {
            throw usage("--limit must be 1 to " + MOST_LINES + ", was " + limit);
        }
        if (every.compareTo(Duration.ofMillis(100)) < 0 || every.compareTo(Duration.ofHours(1)) > 0) {
            throw usage("--every must be 100ms to 1h");
        }
        if (once && every.compareTo(SECOND) > 0) {
            every = SECOND;
        }
        if (!once && !plain && !json() && Terminal.canRedraw()) {
            return new LiveTop(this::looks, picture(Terminal.wantsColour()), sort, every, out()).run();
        }
        // The first look has no rates yet.
        Flux<TopLook> looks = looks(sort).skip(1);
        TopPicture picture = picture(false);
        boolean first = true;
        for (TopLook look : (once ? looks.take(1) : looks).toIterable(1)) {
            if (json()) {
                out().println(Json.line(value(look)));
            } else {
                if (!first) {
                    out().println();
                }
                List<String> lines = picture.lines(look, sort);
                lines.forEach(out()::println);
            }
            first = false;
            if (nobodyReads()) {
                return NOBODY_READS;
            }
        }
        return done();
    }

    private TopPicture picture(boolean colours) {
        return new TopPicture(target().toString(), prefix, colours);
    }

    /** One at a time: who does not keep up misses some, and gets none that is old. */
    private Flux<TopLook> looks(TopOrder order) {
        return hub().top(prefix, order, limit, every)
                .concatMap(view -> hub().info().map(info -> new TopLook(info, view)), 1);
    }

    private Map<String, Object> value(TopLook look) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("hub", target().toString());
        value.put("info", look.info());
        value.put("top", look.view());
        return value;
    }
}
