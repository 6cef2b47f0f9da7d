package dev.sluice.hub.cli;

import dev.sluice.channel.ChannelStats;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code sluice check} wants of channels. */
final class ChannelConditions {

    @Option(
            names = "--channel",
            paramLabel = "NAME",
            description = "A channel that must exist and meet the conditions below. May be repeated.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--exists",
            description = "It exists, which is checked anyway: the condition when there is no other.")
    private boolean exists;

    @Option(names = "--max-buffered", paramLabel = "N", description = "So many elements wait for a receiver at most.")
    private @Nullable Long maxBuffered;

    @Option(names = "--max-waiting", paramLabel = "N", description = "So many sends wait for room at most.")
    private @Nullable Long maxWaiting;

    @Option(names = "--min-receivers", paramLabel = "N", description = "So many receivers at least.")
    private @Nullable Long minReceivers;

    @Option(
            names = "--max-dropped",
            paramLabel = "N",
            description = "So many elements dropped at most, since the channel was created.")
    private @Nullable Long maxDropped;

    @Option(names = "--group", paramLabel = "NAME", description = "A group of it, for --max-backlog. May be repeated.")
    private List<String> groups = new ArrayList<>();

    @Option(
            names = "--max-backlog",
            paramLabel = "N",
            description = "So many elements the group has not taken at most.")
    private @Nullable Long maxBacklog;

    List<String> names() {
        return names;
    }

    /** What is wrong with the conditions; null for nothing. */
    @Nullable String complaint() {
        if (groups.isEmpty() != (maxBacklog == null)) {
            return "--group and --max-backlog go together";
        }
        boolean some =
                exists || maxBuffered != null || maxWaiting != null || minReceivers != null || maxDropped != null;
        if (names.isEmpty() && (some || maxBacklog != null)) {
            return "a condition on a channel needs --channel NAME";
        }
        String negative = negative("--max-buffered", maxBuffered);
        negative = negative == null ? negative("--max-waiting", maxWaiting) : negative;
        negative = negative == null ? negative("--min-receivers", minReceivers) : negative;
        negative = negative == null ? negative("--max-dropped", maxDropped) : negative;
        return negative == null ? negative("--max-backlog", maxBacklog) : negative;
    }

    private static @Nullable String negative(String option, @Nullable Long value) {
        return value != null && value < 0 ? option + " must be 0 or more, was " + value : null;
    }

    /** What is to be said of a channel that is there. */
    List<CheckResult> judge(ChannelStats stats) {
        List<CheckResult> results = new ArrayList<>();
        String name = stats.name();
        results.add(CheckResult.exists(name, true, stats.closed() ? "exists, closed" : "exists"));
        most(results, "buffered", name, stats.buffered(), maxBuffered);
        most(results, "waiting", name, stats.waitingSends(), maxWaiting);
        if (minReceivers != null) {
            results.add(CheckResult.counted("receivers", name, null, stats.receivers(), minReceivers, true));
        }
        most(results, "dropped", name, stats.dropped(), maxDropped);
        for (String group : groups) {
            results.add(backlog(stats, group));
        }
        return results;
    }

    private static void most(List<CheckResult> to, String check, String name, long value, @Nullable Long limit) {
        if (limit != null) {
            to.add(CheckResult.counted(check, name, null, value, limit, false));
        }
    }

    private CheckResult backlog(ChannelStats stats, String group) {
        long limit = maxBacklog == null ? 0 : maxBacklog;
        return stats.groups().stream()
                .filter(each -> each.name().equals(group))
                .findFirst()
                .map(found -> CheckResult.counted("backlog", stats.name(), group, found.backlog(), limit, false))
                .orElseGet(
                        () -> new CheckResult("backlog", stats.name(), group, false, "unknown: no such group", null));
    }
}
