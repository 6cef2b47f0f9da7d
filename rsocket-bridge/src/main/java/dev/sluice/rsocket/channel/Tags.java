package dev.sluice.rsocket.channel;

import dev.sluice.channel.BroadcastOptions;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.GroupOptions;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Overflow;
import dev.sluice.channel.Position;
import dev.sluice.channel.Retention;
import dev.sluice.channel.WhenNoGroup;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Options as tags of a call, and back. What cannot be read fails the call, naming the tag. */
final class Tags {

    private final Map<String, String> tags;

    Tags(Map<String, String> tags) {
        this.tags = tags;
    }

    String text(String key) {
        String value = tags.get(key);
        if (value == null) {
            throw bad("the call lacks the tag \"" + key + "\"");
        }
        return value;
    }

    @Nullable String optional(String key) {
        return tags.get(key);
    }

    boolean flag(String key) {
        return "true".equals(tags.get(key));
    }

    long number(String key) {
        String value = text(key);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException notOne) {
            throw bad("tag \"" + key + "\" must be a whole number");
        }
    }

    long number(String key, long otherwise) {
        return tags.containsKey(key) ? number(key) : otherwise;
    }

    /** A number that is checked by whoever gets it: one beyond an int is out of every bound. */
    int small(String key) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number(key)));
    }

    int small(String key, int otherwise) {
        return tags.containsKey(key) ? small(key) : otherwise;
    }

    private <E extends Enum<E>> E word(Class<E> type, String key, E otherwise) {
        String value = tags.get(key);
        if (value == null) {
            return otherwise;
        }
        try {
            return Enum.valueOf(type, value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw bad("tag \"" + key + "\" has an unknown value");
        }
    }

    Position position(Position otherwise) {
        String value = tags.get(Verbs.FROM);
        if (value == null) {
            return otherwise;
        }
        return switch (value) {
            case "latest" -> Position.latest();
            case "earliest" -> Position.earliest();
            default -> Position.offset(Math.max(0, number(Verbs.FROM)));
        };
    }

    private static String text(Position position) {
        if (position instanceof Position.Offset offset) {
            return Long.toString(offset.value());
        }
        return position instanceof Position.Latest ? "latest" : "earliest";
    }

    /** How to listen, with a buffer of at most {@code most} elements: what is in it is in no window. */
    ListenOptions listenOptions(int most) {
        int buffer = small(Verbs.BUFFER, Math.min(most, ListenOptions.DEFAULT_BUFFER));
        if (buffer > most) {
            throw bad("a listener may have a buffer of " + most + " elements here, asked for " + buffer
                    + ": ask for less, or raise listenerBuffer at the server");
        }
        return new ListenOptions(word(Overflow.class, Verbs.OVERFLOW, Overflow.BACKPRESSURE), buffer);
    }

    static Map<String, String> of(Position from, ListenOptions options) {
        return Map.of(
                Verbs.FROM, text(from),
                Verbs.OVERFLOW, options.overflow().name().toLowerCase(Locale.ROOT),
                Verbs.BUFFER, Integer.toString(options.buffer()));
    }

    GroupOptions groupOptions() {
        return new GroupOptions(
                word(Overflow.class, Verbs.OVERFLOW, Overflow.BACKPRESSURE),
                small(Verbs.BUFFER, ListenOptions.DEFAULT_BUFFER),
                position(Position.earliest()));
    }

    static Map<String, String> of(GroupOptions options) {
        return Map.of(
                Verbs.FROM, text(options.from()),
                Verbs.OVERFLOW, options.overflow().name().toLowerCase(Locale.ROOT),
                Verbs.BUFFER, Integer.toString(options.buffer()));
    }

    ChannelOptions channelOptions() {
        return ChannelOptions.builder()
                .capacity(small(Verbs.CAPACITY, ChannelOptions.DEFAULT_CAPACITY))
                .whenNoGroup(word(WhenNoGroup.class, Verbs.WHEN_NO_GROUP, WhenNoGroup.HOLD))
                .retention(retention())
                .build();
    }

    static Map<String, String> of(ChannelOptions options) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(Verbs.CAPACITY, Integer.toString(options.capacity()));
        tags.put(Verbs.WHEN_NO_GROUP, options.whenNoGroup().name().toLowerCase(Locale.ROOT));
        tags.put(Verbs.RETENTION, text(options.retention()));
        return tags;
    }

    private Retention retention() {
        String value = tags.getOrDefault(Verbs.RETENTION, "none");
        int colon = value.indexOf(':');
        String kind = colon < 0 ? value : value.substring(0, colon);
        String amount = colon < 0 ? "" : value.substring(colon + 1);
        try {
            return switch (kind) {
                case "none" -> Retention.none();
                case "all" -> Retention.all();
                case "last" -> Retention.last(Integer.parseInt(amount));
                case "bytes" -> Retention.bytes(Long.parseLong(amount));
                case "for" -> Retention.forLast(Duration.ofMillis(Long.parseLong(amount)));
                default -> throw bad("tag \"retention\" has an unknown value");
            };
        } catch (NumberFormatException notOne) {
            throw bad("tag \"retention\" must end in a whole number");
        }
    }

    private static String text(Retention retention) {
        if (retention instanceof Retention.Last last) {
            return "last:" + last.count();
        }
        if (retention instanceof Retention.Bytes bytes) {
            return "bytes:" + bytes.limit();
        }
        if (retention instanceof Retention.Age forLast) {
            return "for:" + forLast.age().toMillis();
        }
        return retention instanceof Retention.All ? "all" : "none";
    }

    BroadcastOptions broadcastOptions() {
        String wait = tags.getOrDefault(Verbs.WAIT, "0");
        if ("forever".equals(wait)) {
            return BroadcastOptions.WAIT;
        }
        long millis = number(Verbs.WAIT, 0);
        return millis == 0 ? BroadcastOptions.NO_WAIT : BroadcastOptions.waitFor(Duration.ofMillis(millis));
    }

    static Map<String, String> of(BroadcastOptions options) {
        Duration timeout = options.timeout();
        String wait = !options.waits() ? "0" : timeout == null ? "forever" : "" + Math.max(1, timeout.toMillis());
        return Map.of(Verbs.WAIT, wait);
    }

    private static RuntimeException bad(String message) {
        return Failures.of(Code.BAD_REQUEST, message);
    }
}
