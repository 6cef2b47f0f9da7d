package dev.sluice.hub.cli;

import dev.sluice.channel.ChannelStats;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;

/** {@code sluice stats}: the counters of channels. */
@Command(
        name = "stats",
        sortOptions = false,
        description = {"Tells the counters of channels.", ""},
        footer = {"", "Examples:", "  sluice stats plant", "  sluice stats orders --json", "  sluice stats --watch"})
final class StatsCommand extends HubCommand {

    @Parameters(arity = "0..1", paramLabel = "PREFIX", description = "Which ones: whole segments. Default: all")
    private String prefix = "";

    @Option(names = "--limit", paramLabel = "N", description = "At most so many. 0: all of them. Default: 1000")
    private long limit = 1_000;

    @Option(names = "--after", paramLabel = "NAME", description = "Only those behind this name, for the next page.")
    private String after = "";

    @Option(names = "--watch", description = "Again and again, until Ctrl-C.")
    private boolean watch;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = Converters.Time.class,
            description = "How often with --watch, 100ms or more. Default: ${DEFAULT-VALUE}")
    private Duration every;

    @Override
    int run() throws InterruptedException {
        if (limit < 0) {
            throw usage("--limit must be 0 or more, was " + limit);
        }
        if (every.toMillis() < 100) {
            throw usage("--every must be 100ms or more");
        }
        int result = once();
        while (watch && result == 0) {
            Thread.sleep(every.toMillis());
            if (!json()) {
                out().println();
            }
            result = once();
        }
        return result;
    }

    private int once() {
        Flux<ChannelStats> all = hub().channels().stats(prefix, after);
        Iterable<ChannelStats> shown = each(limit == 0 ? all : all.take(limit + 1));
        if (json()) {
            long count = 0;
            for (ChannelStats stats : shown) {
                if (limit > 0 && ++count > limit) {
                    break;
                }
                out().println(Json.line(stats));
            }
            return done();
        }
        TextTable table = new TextTable(
                "CHANNEL",
                "CAPACITY",
                "BUFFERED",
                "WAITING",
                "RECEIVERS",
                "LISTENERS",
                "ACCEPTED",
                "DELIVERED",
                "DROPPED");
        String last = "";
        long count = 0;
        boolean more = false;
        for (ChannelStats stats : shown) {
            more = limit > 0 && ++count > limit;
            if (more) {
                break;
            }
            last = stats.name();
            table.row(
                    stats.name() + (stats.closed() ? " (closed)" : ""),
                    stats.capacity(),
                    stats.buffered(),
                    stats.waitingSends(),
                    stats.receivers(),
                    stats.listeners(),
                    stats.accepted(),
                    stats.delivered(),
                    stats.dropped());
        }
        table.print(out());
        if (more) {
            PrintWriter err = err();
            err.println("There are more: sluice stats" + (prefix.isEmpty() ? "" : " " + prefix) + " --after " + last);
            err.flush();
        }
        return done();
    }
}
