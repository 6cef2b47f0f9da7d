package dev.sluice.hub.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.channel.WhenNoGroup;
import dev.sluice.channel.spi.Amounts;
import dev.sluice.hub.config.DeclaredChannel;
import dev.sluice.hub.config.HubSettings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice config}: the settings a hub started with the same words would have, and where each came from. */
@Command(
        name = "config",
        description = "Prints the settings that sluice serve would have with the same flags, environment and file,"
                + " and where each came from.")
final class ConfigCommand extends BaseCommand {

    @Mixin
    private ServeFlags flags;

    private final Map<String, String> environment;

    ConfigCommand() {
        this(System.getenv());
    }

    ConfigCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Prints the settings. */
    @Override
    public Integer call() {
        HubSettings settings = flags.settings(environment);
        if (json()) {
            out().println(json(settings));
        } else {
            table(out(), settings);
        }
        return done();
    }

    private static void table(PrintWriter out, HubSettings settings) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("key", "value", "from"));
        settings.inForce().forEach(setting -> rows.add(List.of(setting.key(), setting.text(), setting.from())));
        print(out, rows);
        if (settings.channels().isEmpty()) {
            return;
        }
        List<List<String>> channels = new ArrayList<>();
        channels.add(List.of("channel", "capacity", "retain", "when-no-group", "groups", "from"));
        for (DeclaredChannel channel : settings.channels()) {
            channels.add(List.of(
                    channel.name(),
                    Integer.toString(channel.options().capacity()),
                    Amounts.text(channel.options().retention()),
                    word(channel.options().whenNoGroup()),
                    channel.groups().isEmpty() ? "-" : String.join(",", channel.groups()),
                    channel.from()));
        }
        out.println();
        print(out, channels);
    }

    /** Columns as wide as their widest cell, but for the last; nothing in a cell breaks its line. */
    private static void print(PrintWriter out, List<List<String>> rows) {
        int last = rows.get(0).size() - 1;
        int[] widths = new int[last];
        for (List<String> row : rows) {
            for (int i = 0; i < last; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < last; i++) {
                text.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            out.println(text.append(row.get(last)).toString().replaceAll("\\p{Cntrl}", "?"));
        }
    }

    private static String json(HubSettings settings) {
        Map<String, Object> all = new LinkedHashMap<>();
        settings.inForce().forEach(setting -> all.put(setting.key(), entry(setting.value(), setting.from())));
        Map<String, Object> channels = new LinkedHashMap<>();
        for (DeclaredChannel channel : settings.channels()) {
            Map<String, Object> options = new LinkedHashMap<>();
            options.put("capacity", channel.options().capacity());
            options.put("retain", Amounts.text(channel.options().retention()));
            options.put("when-no-group", word(channel.options().whenNoGroup()));
            options.put("groups", channel.groups());
            channels.put(channel.name(), entry(options, channel.from()));
        }
        all.put("channels", entry(channels, settings.from("channels")));
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(all);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("texts, numbers and maps are JSON", impossible);
        }
    }

    private static Map<String, @Nullable Object> entry(@Nullable Object value, String from) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("value", value);
        entry.put("from", from);
        return entry;
    }

    private static String word(WhenNoGroup whenNoGroup) {
        return switch (whenNoGroup) {
            case HOLD -> "hold";
            case DISCARD -> "discard";
        };
    }
}
