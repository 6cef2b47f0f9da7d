package dev.sluice.channel.spi;

import dev.sluice.ConfigurationException;
import dev.sluice.channel.ChannelOptions;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An engine and its options, read from a URL or from a map. Both say the same with the same words: {@code
 * memory:?buffer_size=100} is {@code {engine: memory, buffer_size: 100}}, and {@code rsocket://hub:7000} is {@code
 * {engine: rsocket, host: hub, port: 7000}}.
 *
 * <p>Immutable. The readers throw {@link ConfigurationException} with the option, its value and its bounds.
 */
public final class ChannelsConfig {

    /** The options {@link #channelOptions()} reads: {@code buffer_size, persistent, retention, when_no_group}. */
    public static final Set<String> CHANNEL_OPTIONS = ChannelOptionReader.OPTIONS;

    /** The key under which a map names the engine. */
    private static final String ENGINE = "engine";

    private final String engine;
    private final Map<String, String> options;

    private ChannelsConfig(String engine, Map<String, String> options) {
        this.engine = engine;
        this.options = Collections.unmodifiableMap(options);
    }

    /**
     * Reads a URL: {@code engine:path?option=value&option=value} or {@code engine://host:port/path?…}. Values may be
     * percent-encoded.
     *
     * @param url the URL
     * @return what it says
     */
    public static ChannelsConfig parse(String url) {
        TreeMap<String, String> options = new TreeMap<>();
        String engine = UrlReader.read(url, options);
        return new ChannelsConfig(engine, options);
    }

    /**
     * Reads a map.
     *
     * @param config {@code engine}, and the options by name; values are texts, or anything whose text says the same, as
     *     numbers and booleans
     * @return what it says
     */
    public static ChannelsConfig of(Map<String, ?> config) {
        TreeMap<String, String> options = new TreeMap<>();
        config.forEach((name, value) -> {
            if (value == null) {
                throw new ConfigurationException("option " + name + " is null: give it a value or leave it out");
            }
            options.put(name, value.toString());
        });
        String engine = options.remove(ENGINE);
        if (engine == null) {
            throw new ConfigurationException("the configuration has no engine: add engine=memory, or another; it has "
                    + (options.isEmpty() ? "nothing" : String.join(", ", options.keySet())));
        }
        return new ChannelsConfig(engine.toLowerCase(Locale.ROOT), options);
    }

    /**
     * The engine.
     *
     * @return the URL's scheme, lower case
     */
    public String engine() {
        return engine;
    }

    /**
     * All options, unchecked.
     *
     * @return values by name, sorted by name
     */
    public Map<String, String> options() {
        return options;
    }

    /**
     * An option's text.
     *
     * @param name the option
     * @return null when it is not given
     */
    public @Nullable String text(String name) {
        return options.get(name);
    }

    /**
     * An option that is a whole number.
     *
     * @param name the option
     * @param otherwise the value when it is not given
     * @param min the smallest value
     * @param max the largest value
     * @return the number
     */
    public long number(String name, long otherwise, long min, long max) {
        String text = options.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw bad(name, "a whole number from " + min + " to " + max, notANumber);
        }
        throw bad(name, "a whole number from " + min + " to " + max, null);
    }

    /**
     * An option that is true or false.
     *
     * @param name the option
     * @param otherwise the value when it is not given
     * @return the value
     */
    public boolean flag(String name, boolean otherwise) {
        String text = options.get(name);
        if (text == null) {
            return otherwise;
        }
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw bad(name, "true or false", null);
        };
    }

    /**
     * The options of channels, for those the registry creates without being told others.
     *
     * @return {@link #CHANNEL_OPTIONS} where given, else {@link ChannelOptions#defaults()}
     */
    public ChannelOptions channelOptions() {
        return ChannelOptionReader.read(this);
    }

    /**
     * The error for a bad value.
     *
     * @param name the option, which is given
     * @param wanted what would be good
     * @param cause what led to it
     * @return the error to throw
     */
    public ConfigurationException bad(String name, String wanted, @Nullable Throwable cause) {
        String message =
                engine + ": option " + name + " must be " + wanted + ", was \"" + shown(options.get(name)) + "\"";
        return cause == null ? new ConfigurationException(message) : new ConfigurationException(message, cause);
    }

    /**
     * Refuses options nobody would read.
     *
     * @param known the names of those that are read
     * @throws ConfigurationException naming the first unknown one, the nearest known one, and all known ones
     */
    public void requireKnown(Set<String> known) {
        for (String name : options.keySet()) {
            if (!known.contains(name)) {
                String nearest = Nearest.to(name, known);
                throw new ConfigurationException(engine + ": unknown option " + shown(name)
                        + (nearest == null ? "" : ", did you mean " + nearest + "?")
                        + (known.isEmpty()
                                ? "; this engine has none"
                                : "; known options are " + String.join(", ", new TreeSet<>(known))));
            }
        }
    }

    /** Text from outside as it may stand in a message. */
    static String shown(@Nullable String text) {
        String shown = Objects.requireNonNullElse(text, "").replaceAll("\\p{Cntrl}", "?");
        return shown.length() <= 60 ? shown : shown.substring(0, 60) + "…";
    }

    /** The options' names only: values may be secrets. */
    @Override
    public String toString() {
        return engine + ": " + options.keySet();
    }
}
