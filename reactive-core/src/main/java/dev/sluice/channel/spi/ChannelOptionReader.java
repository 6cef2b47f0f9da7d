package dev.sluice.channel.spi;

import dev.sluice.ConfigurationException;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Retention;
import dev.sluice.channel.WhenNoGroup;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the options of channels from the words of a URL or a map. */
final class ChannelOptionReader {

    static final Set<String> OPTIONS = Set.of("buffer_size", "persistent", "retention", "when_no_group");

    /**
     * What {@code persistent=true} keeps of each channel when nothing else is said. Bounded, because a name that sounds
     * harmless should not fill the heap; whoever wants all of it writes {@code retention=all}.
     */
    private static final Retention PERSISTENT = Retention.bytes(64L << 20);

    private static final String RETENTION_FORMS = "none, all, last:COUNT as last:1000, bytes:SIZE as bytes:64MiB,"
            + " or for:TIME as for:10m (units ms, s, m, h, d)";

    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})(|B|KiB|MiB|GiB)");
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

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
        int colon = text.indexOf(':');
        String kind = colon < 0 ? text : text.substring(0, colon);
        String amount = colon < 0 ? "" : text.substring(colon + 1);
        try {
            Retention parsed = switch (kind) {
                case "none" -> colon < 0 ? Retention.none() : null;
                case "all" -> colon < 0 ? Retention.all() : null;
                case "last" -> Retention.last(Integer.parseInt(amount));
                case "bytes" -> bytes(amount);
                case "for" -> time(amount);
                default -> null;
            };
            if (parsed != null) {
                return parsed;
            }
        } catch (IllegalArgumentException | ArithmeticException | DateTimeParseException notAnAmount) {
            throw config.bad("retention", RETENTION_FORMS, notAnAmount);
        }
        throw config.bad("retention", RETENTION_FORMS, null);
    }

    private static @Nullable Retention bytes(String amount) {
        Matcher size = SIZE.matcher(amount);
        if (!size.matches()) {
            return null;
        }
        int shift = switch (size.group(2)) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> 0;
        };
        return Retention.bytes(Math.multiplyExact(Long.parseLong(size.group(1)), 1L << shift));
    }

    private static Retention time(String amount) {
        Matcher time = TIME.matcher(amount);
        if (!time.matches()) {
            return Retention.forLast(Duration.parse(amount));
        }
        long count = Long.parseLong(time.group(1));
        return Retention.forLast(
                switch (time.group(2)) {
                    case "ms" -> Duration.ofMillis(count);
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                });
    }
}
