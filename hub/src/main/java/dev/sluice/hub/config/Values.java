package dev.sluice.hub.config;

import dev.sluice.ConfigurationException;
import dev.sluice.channel.spi.Amounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads what was given for each setting, and writes down what it came to. Not thread safe. */
final class Values {

    /** How much of a refused text a message shows. */
    private static final int SHOWN = 60;

    private final Map<String, Given> given;
    private final List<Setting> inForce = new ArrayList<>();

    Values(Map<String, Given> given) {
        this.given = given;
    }

    Given given(String key) {
        return Objects.requireNonNull(given.get(key), key);
    }

    List<Setting> inForce() {
        return inForce;
    }

    /** A setting that may be {@code none}. */
    <T> @Nullable T optional(String key, Function<String, T> reader) {
        Given said = given(key);
        if (said.text().equals(Keys.NONE)) {
            inForce.add(new Setting(key, null, said.from()));
            return null;
        }
        return required(key, reader);
    }

    <T> T required(String key, Function<String, T> reader) {
        Given said = given(key);
        T value;
        try {
            value = reader.apply(said.text());
        } catch (ConfigurationException bad) {
            throw new ConfigurationException(said.from() + ": " + key + ": " + bad.getMessage(), bad);
        } catch (IllegalArgumentException bad) {
            throw new ConfigurationException(said.from() + ": " + key + " " + bad.getMessage(), bad);
        }
        inForce.add(new Setting(key, plain(value), said.from()));
        return value;
    }

    /** As {@link #optional}, for what holds secrets: others are shown less of it. */
    @Nullable String secret(String key, Function<String, String> reader, UnaryOperator<String> shown) {
        String value = optional(key, reader);
        if (value != null) {
            Setting last = inForce.remove(inForce.size() - 1);
            inForce.add(new Setting(key, shown.apply(value), last.from()));
        }
        return value;
    }

    /** A file that is there and can be read; relative to the file that names it, if one does. */
    @Nullable Path file(String key) {
        @Nullable Path folder = given(key).folder();
        return optional(key, text -> {
            Path path;
            try {
                path = folder == null ? Path.of(text) : folder.resolve(text);
            } catch (IllegalArgumentException noPath) {
                throw bad("the path of a file", text);
            }
            if (text.isEmpty() || Files.isDirectory(path) || !Files.isReadable(path)) {
                throw new IllegalArgumentException(
                        "must be a file that can be read, or none, was \"" + shown(path.toString()) + "\"");
            }
            return path;
        });
    }

    static Function<String, Duration> time(Duration least, Duration most, String alternative) {
        return text -> {
            String wanted =
                    Amounts.TIME_FORMS + ", from " + Amounts.text(least) + " to " + Amounts.text(most) + alternative;
            Duration time;
            try {
                time = Amounts.time(text);
            } catch (IllegalArgumentException notATime) {
                throw bad(wanted, text);
            }
            if (time.compareTo(least) < 0 || time.compareTo(most) > 0) {
                throw bad(wanted, text);
            }
            return time;
        };
    }

    static Function<String, Integer> number(int least, int most) {
        return text -> {
            // Nothing but digits: Integer.parseInt lets a plus sign pass, and digits of other scripts.
            if (text.matches("[0-9]{1,10}")) {
                long number = Long.parseLong(text);
                if (number >= least && number <= most) {
                    return (int) number;
                }
            }
            throw bad("a whole number from " + least + " to " + most, text);
        };
    }

    static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw bad("true or false", text);
        };
    }

    static IllegalArgumentException bad(String wanted, String text) {
        return new IllegalArgumentException("must be " + wanted + ", was \"" + shown(text) + "\"");
    }

    /** Text from outside as it may stand in a message. */
    static String shown(String text) {
        String shown = text.replaceAll("\\p{Cntrl}", "?");
        return shown.length() <= SHOWN ? shown : shown.substring(0, SHOWN) + "…";
    }

    private static Object plain(Object value) {
        if (value instanceof Boolean || value instanceof Integer) {
            return value;
        }
        return value instanceof Duration time ? Amounts.text(time) : value.toString();
    }
}
