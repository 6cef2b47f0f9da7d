package dev.sluice.hub.cli;

import dev.sluice.hub.control.HubInfo;
import dev.sluice.hub.control.TopOrder;
import dev.sluice.hub.control.TopView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Lays {@code sluice top} out in lines. Where there is little room the figures that matter least are left out, and long names lose their beginnings.
 *
 * @param hub the address
 * @param prefix what was looked at
 * @param colours whether to use them
 */
record TopPicture(String hub, String prefix, boolean colours) {

    private static final String BOLD = "\u001b[1m";
    private static final String RESET = "\u001b[0m";
    private static final String NAME = "CHANNEL";
    private static final String GAP = "  ";
    private static final int SHORTEST_NAME = 20;
    private static final int FEWEST_COLUMNS = 2;

    private record Column(String heading, int width, Function<TopView.Line, String> value) {
        String cell(String text) {
            return GAP + " ".repeat(Math.max(0, width - text.length())) + text;
        }
    }

    /** Those on the right go first. */
    private static final List<Column> COLUMNS = List.of(
            new Column("IN/S", 7, line -> Figures.count(line.acceptedPerSecond())),
            new Column("OUT/S", 7, line -> Figures.count(line.deliveredPerSecond())),
            new Column(
                    "BUFFERED",
                    13,
                    line -> count(line.stats().buffered()) + "/"
                            + count(line.stats().capacity())),
            new Column("WAITING", 7, line -> count(line.stats().waitingSends())),
            new Column(
                    "READERS",
                    7,
                    line -> count((long) line.stats().receivers() + line.stats().listeners())),
            new Column("DROP/S", 7, line -> Figures.count(line.droppedPerSecond())),
            new Column("ACCEPTED", 8, line -> count(line.stats().accepted())),
            new Column("DROPPED", 7, line -> count(line.stats().dropped())));

    /** As wide as it comes. */
    List<String> lines(TopLook look, TopOrder order) {
        return lines(look, "by " + order, Integer.MAX_VALUE);
    }

    /**
     * What fits into a width.
     *
     * @param note stands over the table
     */
    List<String> lines(TopLook look, String note, int width) {
        List<String> lines = new ArrayList<>();
        summary(look).forEach(line -> lines.add(cut(line, width)));
        lines.add(cut(note, width));
        lines.addAll(table(look.view().channels(), width));
        return lines;
    }

    private List<String> summary(TopLook look) {
        HubInfo info = look.info();
        TopView view = look.view();
        return List.of(
                "sluice " + info.version() + GAP + hub + GAP + info.state() + ", up " + age(info.uptimeMillis()) + GAP
                        + "heap " + Figures.bytes(info.heapUsed()) + " of " + Figures.bytes(info.heapMax()),
                String.join(
                        GAP,
                        many(info.channels(), "channel"),
                        many(info.sessions(), "session"),
                        many(info.services(), "service"),
                        many(info.leases(), "lease"),
                        count(info.discarded()) + " discarded"),
                String.join(
                        GAP,
                        prefix.isEmpty() ? "all:" : prefix + ", " + many(view.looked(), "channel") + ":",
                        Figures.count(view.acceptedPerSecond()) + "/s in",
                        Figures.count(view.deliveredPerSecond()) + "/s out",
                        Figures.count(view.droppedPerSecond()) + "/s dropped",
                        count(view.buffered()) + " buffered",
                        count(view.waitingSends()) + " waiting"));
    }

    private List<String> table(List<TopView.Line> channels, int width) {
        List<Column> columns = COLUMNS;
        while (columns.size() > FEWEST_COLUMNS && width - wide(columns) < SHORTEST_NAME) {
            columns = columns.subList(0, columns.size() - 1);
        }
        int longest =
                channels.stream().mapToInt(line -> length(name(line))).max().orElse(0);
        int room = Math.max(NAME.length(), Math.min(longest, width - wide(columns)));
        List<String> lines = new ArrayList<>();
        StringBuilder headings = new StringBuilder(padded(NAME, room));
        columns.forEach(column -> headings.append(column.cell(column.heading)));
        lines.add(strong(cut(headings.toString(), width)));
        for (TopView.Line channel : channels) {
            StringBuilder line = new StringBuilder(padded(name(channel), room));
            columns.forEach(column -> line.append(column.cell(column.value.apply(channel))));
            lines.add(cut(line.toString(), width));
        }
        return lines;
    }

    private static int wide(List<Column> columns) {
        return columns.stream().mapToInt(column -> column.width + GAP.length()).sum();
    }

    private static String name(TopView.Line line) {
        return line.stats().name() + (line.stats().closed() ? " (closed)" : "");
    }

    /** The ends of names tell them apart. */
    private static String padded(String name, int room) {
        int length = length(name);
        return length <= room
                ? name + " ".repeat(room - length)
                : "~" + name.substring(name.offsetByCodePoints(0, length - room + 1));
    }

    private static String cut(String line, int width) {
        return length(line) <= width ? line : line.substring(0, line.offsetByCodePoints(0, width));
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private String strong(String text) {
        return colours ? BOLD + text + RESET : text;
    }

    private static String many(long count, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
    }

    private static String count(long count) {
        return Figures.count((double) count);
    }

    /** As {@code 3 h 20 min}. */
    static String age(long millis) {
        long seconds = millis / 1_000;
        long minutes = seconds / 60;
        long hours = minutes / 60;
        if (hours >= 48) {
            return hours / 24 + " d " + hours % 24 + " h";
        }
        if (hours > 0) {
            return hours + " h " + minutes % 60 + " min";
        }
        return minutes > 0 ? minutes + " min " + seconds % 60 + " s" : seconds + " s";
    }
}
