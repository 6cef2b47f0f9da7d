package dev.sluice.hub.cli;

import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.ChannelStats.GroupStats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The counters of channels, or of their groups, as a table; with the rates since the last one, if they are wanted. Remembers the channels of the last
 * table. Not thread safe.
 */
final class StatsTable {

    private static final String[] CHANNELS = {
        "CHANNEL", "CAPACITY", "BUFFERED", "WAITING", "RECEIVERS", "LISTENERS", "ACCEPTED", "DELIVERED", "DROPPED"
    };
    private static final String[] GROUPS = {
        "CHANNEL", "GROUP", "RECEIVERS", "BACKLOG", "UNACKED", "DELIVERED", "REDELIVERED", "DROPPED"
    };

    private final boolean groups;
    private final boolean rates;
    private Map<String, ChannelStats> before = Map.of();

    StatsTable(boolean groups, boolean rates) {
        this.groups = groups;
        this.rates = rates;
    }

    List<String> lines(List<ChannelStats> channels) {
        TextTable table = new TextTable(headings());
        Map<String, ChannelStats> now = new HashMap<>();
        for (ChannelStats stats : channels) {
            ChannelStats last = before.get(stats.name());
            // Fewer than before: another channel has taken the name.
            ChannelStats earlier = last == null || stats.accepted() < last.accepted() ? null : last;
            if (groups) {
                stats.groups().forEach(group -> table.row(row(stats, group, earlier)));
            } else {
                table.row(row(stats, earlier));
            }
            if (rates) {
                now.put(stats.name(), stats);
            }
        }
        before = now;
        return table.lines();
    }

    private String[] headings() {
        String[] all = groups ? GROUPS : CHANNELS;
        if (!rates) {
            return all;
        }
        return Stream.concat(Stream.of(all), groups ? Stream.of("OUT/S") : Stream.of("IN/S", "OUT/S"))
                .toArray(String[]::new);
    }

    private Object[] row(ChannelStats stats, @Nullable ChannelStats earlier) {
        List<Object> row = new ArrayList<>(List.of(
                named(stats),
                stats.capacity(),
                stats.buffered(),
                stats.waitingSends(),
                stats.receivers(),
                stats.listeners(),
                stats.accepted(),
                stats.delivered(),
                stats.dropped()));
        if (rates) {
            row.add(rate(stats.accepted(), earlier == null ? null : earlier.accepted(), stats, earlier));
            row.add(rate(stats.delivered(), earlier == null ? null : earlier.delivered(), stats, earlier));
        }
        return row.toArray();
    }

    private Object[] row(ChannelStats stats, GroupStats group, @Nullable ChannelStats earlier) {
        List<Object> row = new ArrayList<>(List.of(
                named(stats),
                group.name(),
                group.receivers(),
                group.backlog(),
                group.unacked(),
                group.delivered(),
                group.redelivered(),
                group.dropped()));
        if (rates) {
            row.add(rate(group.delivered(), delivered(earlier, group.name()), stats, earlier));
        }
        return row.toArray();
    }

    private static @Nullable Long delivered(@Nullable ChannelStats earlier, String group) {
        return earlier == null
                ? null
                : earlier.groups().stream()
                        .filter(each -> each.name().equals(group))
                        .map(GroupStats::delivered)
                        .findFirst()
                        .orElse(null);
    }

    private static String named(ChannelStats stats) {
        return stats.name() + (stats.closed() ? " (closed)" : "");
    }

    /** A whole number, which the table aligns; 0 at the first look. */
    private static Object rate(long now, @Nullable Long then, ChannelStats stats, @Nullable ChannelStats earlier) {
        if (then == null || earlier == null || now < then) {
            return 0L;
        }
        double seconds = Math.max(1, stats.nanoTime() - earlier.nanoTime()) / 1e9;
        return Math.round((now - then) / seconds);
    }
}
