package dev.sluice.channel.spi;

import dev.sluice.ConfigurationException;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Retention;
import dev.sluice.channel.WhenNoGroup;
import java.util.Set;

/** Reads the options of channels from the words of a URL or a map. */
final class ChannelOptionReader {

    static final Set<String> OPTIONS = Set.of("buffer_size", "persistent", "retention", "when_no_group");

    /**
     * What {@code persistent=true} keeps of each channel when nothing else is said. Bounded, because a name that sounds
     * harmless should not fill the heap; whoever wants all of it writes {@code retention=all}.
     */
    private static final Retention PERSISTENT = Retention.bytes(64L << 20);

    private ChannelOptionReader() {}

    static ChannelOptions read(ChannelsConfig config) {
        ChannelOptions.Builder options = ChannelOptions.builder()
                .capacity((int)
                        config.number("buffer_size", ChannelOptions.DEFAULT_CAPACITY, 0, ChannelOptions.MAX_CAPACITY))
                .retention(retention(config));
        String whenNoGroup = config.text("when_no_group");
        if (whenNoGroup != null) {
            options.whenNoGroup(
                    switch (whenNoGroup) {
                        case "hold" -> WhenNoGroup.HOLD;
                        case "discard" -> WhenNoGroup.DISCARD;
                        default -> throw config.bad("when_no_group", "hold or discard", null);
                    });
        }
        return options.build();
    }

    private static Retention retention(ChannelsConfig config) {
        boolean persistent = config.flag("persistent", false);
        String text = config.text("retention");
        if (text == null) {
            return persistent ? PERSISTENT : Retention.none();
        }
        Retention retention = parse(config, text);
        boolean keeps = !(retention instanceof Retention.None);
        if (config.text("persistent") != null && persistent != keeps) {
            throw new ConfigurationException(config.engine() + ": persistent=" + persistent + " contradicts retention="
                    + ChannelsConfig.shown(text) + ": leave one of them out");
        }
        return retention;
    }

    private static Retention parse(ChannelsConfig config, String text) {
        try {
            return Amounts.retention(text);
        } catch (IllegalArgumentException notARetention) {
            throw config.bad("retention", Amounts.RETENTION_FORMS, notARetention);
        }
    }
}
