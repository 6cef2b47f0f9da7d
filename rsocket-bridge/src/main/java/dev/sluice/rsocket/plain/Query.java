package dev.sluice.rsocket.plain;

import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Overflow;
import dev.sluice.channel.Position;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Options of a route. What cannot be read fails the request, naming the parameter. */
final class Query {

    static final String GROUP = "group";
    static final String LISTEN = "listen";
    static final String OVERFLOW = "overflow";
    static final String BUFFER = "buffer";
    static final String PREFIX = "prefix";
    static final String LIMIT = "limit";
    static final String AFTER = "after";

    private final Map<String, String> values;

    /**
     * The options of a route.
     *
     * @param known the parameters it has; another one is refused, so that a slip of the pen does not pass for a default
     */
    Query(Route route, List<String> known) {
        values = route.query();
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                throw bad("unknown parameter \"" + key + "\": "
                        + (known.isEmpty() ? "there are none here" : "known are " + String.join(", ", known)));
            }
        }
    }

    @Nullable String optional(String key) {
        return values.get(key);
    }

    String text(String key, String otherwise) {
        return values.getOrDefault(key, otherwise);
    }

    int number(String key, int otherwise, int least, int most) {
        String value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        long number = whole(key, value);
        if (number < least || number > most) {
            throw bad("parameter \"" + key + "\" must be " + least + " to " + most + ", was " + value);
        }
        return (int) number;
    }

    private static long whole(String key, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException notOne) {
            throw bad("parameter \"" + key + "\" must be a whole number, was \"" + value + "\"");
        }
    }

    /** Where to listen from. */
    static Position position(String value) {
        return switch (value) {
            case "latest" -> Position.latest();
            case "earliest" -> Position.earliest();
            default -> offset(value);
        };
    }

    private static Position offset(String value) {
        try {
            return Position.offset(Long.parseLong(value));
        } catch (IllegalArgumentException notOne) {
            throw bad("parameter \"listen\" must be latest, earliest or an offset of 0 or more, was \"" + value + "\"");
        }
    }

    /** How to listen, with as many elements kept as one stream may have asked for: a buffer's bytes are counted nowhere. */
    ListenOptions listenOptions(int most) {
        Overflow overflow = overflow(text(OVERFLOW, "backpressure"));
        return new ListenOptions(overflow, number(BUFFER, Math.min(ListenOptions.DEFAULT_BUFFER, most), 1, most));
    }

    private static Overflow overflow(String value) {
        for (Overflow known : Overflow.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(value)) {
                return known;
            }
        }
        throw bad(
                "parameter \"overflow\" must be backpressure, drop_oldest, drop_latest or fail, was \"" + value + "\"");
    }

    static RuntimeException bad(String message) {
        return Failures.of(Code.BAD_REQUEST, message);
    }
}
