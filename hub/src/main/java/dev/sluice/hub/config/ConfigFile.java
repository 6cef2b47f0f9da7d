package dev.sluice.hub.config;

import dev.sluice.InvalidNameException;
import dev.sluice.channel.ChannelName;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.WhenNoGroup;
import dev.sluice.channel.spi.Amounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings and channels of a file. */
final class ConfigFile {

    private static final List<String> CHANNEL_KEYS = List.of("capacity", "retain", "when-no-group", "groups");
    private static final String CHANNEL_FORM = "as {capacity: 100, groups: [billing]}";

    private final YamlFile yaml;
    private final Map<String, Given> settings = new LinkedHashMap<>();
    private YamlFile.@Nullable Entry channels;

    private ConfigFile(YamlFile yaml) {
        this.yaml = yaml;
    }

    /** Reads the file's settings, unchecked but for their names. */
    static ConfigFile read(Path path, String from) {
        ConfigFile file = new ConfigFile(new YamlFile(path));
        @Nullable Path folder = path.toAbsolutePath().getParent();
        for (YamlFile.Entry entry : file.yaml.read(from)) {
            file.take(entry, folder);
        }
        return file;
    }

    private void take(YamlFile.Entry entry, @Nullable Path folder) {
        if (entry.key().equals(Keys.CHANNELS)) {
            channels = entry;
            return;
        }
        if (!Keys.DEFAULTS.containsKey(entry.key())) {
            List<String> known = new ArrayList<>(Keys.DEFAULTS.keySet());
            known.add(Keys.CHANNELS);
            throw yaml.bad(
                    entry.line(), "unknown key " + Values.shown(entry.key()) + Keys.instead(entry.key(), known), null);
        }
        settings.put(entry.key(), new Given(yaml.scalar(entry, entry.key()), yaml.from(entry.line()), folder));
    }

    Map<String, Given> settings() {
        return settings;
    }

    /** Where the channels are declared; null when none are. */
    @Nullable String channelsFrom() {
        return channels == null ? null : yaml.from(channels.line());
    }

    /** Reads the channels; what they leave out is as {@code defaults} say. */
    List<DeclaredChannel> channels(ChannelOptions defaults) {
        if (channels == null || YamlFile.isNothing(channels.value())) {
            return List.of();
        }
        List<DeclaredChannel> declared = new ArrayList<>();
        for (YamlFile.Entry entry : yaml.entries(channels.value(), Keys.CHANNELS, "NAME: {capacity: 100}")) {
            declared.add(channel(entry, defaults));
        }
        return declared;
    }

    private DeclaredChannel channel(YamlFile.Entry entry, ChannelOptions defaults) {
        String name;
        try {
            name = ChannelName.require(entry.key());
        } catch (InvalidNameException badName) {
            throw yaml.bad(entry.line(), String.valueOf(badName.getMessage()), badName);
        }
        String what = "channel " + Values.shown(name);
        ChannelOptions.Builder options = defaults.toBuilder().name(name);
        List<String> groups = List.of();
        if (!YamlFile.isNothing(entry.value())) {
            for (YamlFile.Entry option : yaml.entries(entry.value(), what, CHANNEL_FORM)) {
                if (option.key().equals("groups")) {
                    groups = groups(option, what);
                } else {
                    option(option, what, options);
                }
            }
        }
        return new DeclaredChannel(name, options.build(), groups, yaml.from(entry.line()));
    }

    private void option(YamlFile.Entry option, String what, ChannelOptions.Builder options) {
        if (!CHANNEL_KEYS.contains(option.key())) {
            throw yaml.bad(
                    option.line(),
                    what + ": unknown key " + Values.shown(option.key()) + Keys.instead(option.key(), CHANNEL_KEYS),
                    null);
        }
        String text = yaml.scalar(option, what + ": " + option.key());
        try {
            switch (option.key()) {
                case "capacity" ->
                    options.capacity(
                            Values.number(0, ChannelOptions.MAX_CAPACITY).apply(text));
                case "retain" -> options.retention(Amounts.retention(text));
                default -> options.whenNoGroup(whenNoGroup(text));
            }
        } catch (IllegalArgumentException bad) {
            throw yaml.bad(option.line(), what + ": " + option.key() + " " + bad.getMessage(), bad);
        }
    }

    private static WhenNoGroup whenNoGroup(String text) {
        return switch (text) {
            case "hold" -> WhenNoGroup.HOLD;
            case "discard" -> WhenNoGroup.DISCARD;
            default -> throw Values.bad("hold or discard", text);
        };
    }

    private List<String> groups(YamlFile.Entry option, String what) {
        List<String> names = yaml.list(option, what + ": groups");
        Set<String> seen = new LinkedHashSet<>();
        for (String name : names) {
            if (name.isEmpty()) {
                throw yaml.bad(option.line(), what + ": a group must have a name, was \"\"", null);
            }
            if (!seen.add(name)) {
                throw yaml.bad(
                        option.line(), what + ": group " + Values.shown(name) + " is given twice: leave one out", null);
            }
        }
        return names;
    }
}
