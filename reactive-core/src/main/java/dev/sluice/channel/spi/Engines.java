package dev.sluice.channel.spi;

import dev.sluice.ConfigurationException;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Finds engines on the class path by their scheme. */
public final class Engines {

    /** Where the engines of this project are, so that a missing one can be named. */
    private static final Map<String, String> ARTIFACTS = Map.of(
            "memory", "sluice-core",
            "file", "sluice-rocksdb",
            "jetstream", "sluice-jetstream",
            "rsocket", "sluice-rsocket");

    private Engines() {}

    /**
     * Opens a registry by its engine.
     *
     * @param config the engine and its options
     * @return a registry, the caller's to close
     * @throws ConfigurationException when there is no such engine, an option is unknown or a value is bad
     */
    public static Channels open(ChannelsConfig config) {
        return provider(config).open(config);
    }

    /**
     * Checks a configuration as far as it can be without opening anything: there is such an engine, it knows the options,
     * and those of channels have good values.
     *
     * @param config the engine and its options
     * @return the options the engine gives channels that are created without any
     * @throws ConfigurationException as {@link #open} would
     */
    public static ChannelOptions check(ChannelsConfig config) {
        provider(config);
        return config.channelOptions();
    }

    private static ChannelsProvider provider(ChannelsConfig config) {
        Map<String, ChannelsProvider> found = load();
        ChannelsProvider provider = found.get(config.engine());
        if (provider == null) {
            throw unknown(config.engine(), found);
        }
        config.requireKnown(provider.options());
        return provider;
    }

    /** Looks anew each time: opening is rare, and what is on the class path may differ between callers. */
    private static Map<String, ChannelsProvider> load() {
        Map<String, ChannelsProvider> found = new TreeMap<>();
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader own = ChannelsProvider.class.getClassLoader();
        try {
            for (ChannelsProvider provider : ServiceLoader.load(ChannelsProvider.class, own)) {
                found.putIfAbsent(provider.scheme(), provider);
            }
            if (context != null && context != own) {
                for (ChannelsProvider provider : ServiceLoader.load(ChannelsProvider.class, context)) {
                    found.putIfAbsent(provider.scheme(), provider);
                }
            }
        } catch (ServiceConfigurationError broken) {
            throw new ConfigurationException(
                    "an engine on the class path cannot be loaded: " + broken.getMessage(), broken);
        }
        return found;
    }

    private static ConfigurationException unknown(String engine, Map<String, ChannelsProvider> found) {
        StringBuilder message = new StringBuilder("no engine for ")
                .append(ChannelsConfig.shown(engine))
                .append(':');
        message.append(found.isEmpty() ? " there is none at all" : " there is ");
        message.append(
                String.join(", ", found.keySet().stream().map(s -> s + ':').toList()));
        message.append(" on the class path");
        String artifact = ARTIFACTS.get(engine);
        if (artifact != null) {
            message.append("; add dev.sluice:").append(artifact);
        } else {
            String nearest = Nearest.to(engine, ARTIFACTS.keySet());
            message.append(nearest == null ? "" : "; did you mean " + nearest + ":?");
        }
        return new ConfigurationException(message.toString());
    }
}
