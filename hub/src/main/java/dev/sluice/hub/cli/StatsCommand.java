package dev.sluice.hub.cli;

import dev.sluice.channel.ChannelStats;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;

/** {@code sluice stats}: the counters of channels. */
@Command(
        name = "stats",
        sortOptions = false,
        description = {
            "Tells the counters of channels.",
            "",
            "With --watch the rates since the last look as well; on a terminal the table is drawn anew in its place.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice stats plant",
            "  sluice stats orders --groups",
            "  sluice stats orders --json",
            "  sluice stats --watch --every 5s"
        })
final class StatsCommand extends HubCommand {

    @Parameters(arity = "0..1", paramLabel = "PREFIX", description = "Which ones: whole segments. Default: all")
    private String prefix = "";

    @Option(names = "--groups", description = "A line for each group: its receivers, and how far behind they are.")
    private boolean groups;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description =
                    "At most so many channels; says so when there are more. 0: all of them. Default: ${DEFAULT-VALUE}")
    private long limit;

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
        if (json()) {
            return jsonLines();
        }
        StatsTable table = new StatsTable(groups, watch);
        if (watch && Terminal.canRedraw()) {
            return redrawing(table);
        }
        int result = printed(table);
        while (watch && result == 0) {
            pause();
            out().println();
            result = printed(table);
        }
        return result;
    }

    /** As they come: there may be millions. */
    private int jsonLines() throws InterruptedException {
        while (true) {
            long count = 0;
            for (ChannelStats stats : each(read())) {
                if (limit > 0 && ++count > limit) {
                    break;
                }
                out().println(Json.line(stats));
                if (nobodyReads()) {
                    return NOBODY_READS;
                }
            }
            int result = done();
            if (!watch || result != 0) {
                return result;
            }
            pause();
        }
    }

    private void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(every.toMillis());
    }

    /** One more than is shown, when there are more. */
    private Flux<ChannelStats> read() {
        Flux<ChannelStats> all = hub().channels().stats(prefix, after);
        return limit == 0 ? all : all.take(limit + 1);
    }

    private int printed(StatsTable table) {
        List<ChannelStats> page = page();
        table.lines(shown(page)).forEach(out()::println);
        if (hasMore(page)) {
            out().flush();
            PrintWriter err = err();
            err.println("There are more: " + next(page));
            err.flush();
        }
        return done();
    }

    private List<ChannelStats> page() {
        List<ChannelStats> page = new ArrayList<>();
        each(read()).forEach(page::add);
        return page;
    }

    private boolean hasMore(List<ChannelStats> page) {
        return limit > 0 && page.size() > limit;
    }

    private List<ChannelStats> shown(List<ChannelStats> page) {
        return hasMore(page) ? page.subList(0, page.size() - 1) : page;
    }

    private String next(List<ChannelStats> page) {
        String last = page.get(page.size() - 2).name();
        return "sluice stats" + (prefix.isEmpty() ? "" : " " + prefix) + " --after " + last;
    }

    private int redrawing(StatsTable table) throws InterruptedException {
        Terminal terminal = new Terminal();
        Screen screen = new Screen(out());
        Restored atTheEnd = Restored.atTheEnd(screen::close);
        try {
            while (true) {
                List<ChannelStats> page = page();
                List<String> lines = table.lines(shown(page));
                int rows = terminal.size().rows();
                if (lines.size() > rows || hasMore(page)) {
                    int fit = Math.max(1, Math.min(lines.size(), rows - 1));
                    lines = new ArrayList<>(lines.subList(0, fit));
                    lines.add("There are more; sluice top shows the busiest");
                }
                screen.show(lines, rows);
                if (nobodyReads()) {
                    return NOBODY_READS;
                }
                pause();
            }
        } finally {
            atTheEnd.close();
        }
    }
}
