package dev.sluice.directory;

import dev.sluice.ConfigurationException;
import dev.sluice.channel.spi.ChannelsConfig;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** Finds engines of directories on the class path by their scheme. */
final class Engines {

    /** Where the engines of this project are, so that a missing one can be named. */
    private static final Map<String, String> ARTIFACTS =
            Map.of("memory", "sluice-rsocket", "static", "sluice-rsocket", "etcd", "sluice-etcd");

    private Engines() {}

    static Directory open(ChannelsConfig config) {
        return check(config).open(config);
    }

    /** The engine that knows all options. */
    static DirectoryProvider check(ChannelsConfig config) {
        Map<String, DirectoryProvider> found = load();
        DirectoryProvider provider = found.get(config.engine());
        if (provider == null) {
            throw unknown(config.engine(), found);
        }
        config.requireKnown(provider.options());
        return provider;
    }

    private static Map<String, DirectoryProvider> load() {
        Map<String, DirectoryProvider> found = new TreeMap<>();
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader own = DirectoryProvider.class.getClassLoader();
        try {
            for (DirectoryProvider provider : ServiceLoader.load(DirectoryProvider.class, own)) {
                found.putIfAbsent(provider.scheme(), provider);
            }
            if (context != null && context != own) {
                for (DirectoryProvider provider : ServiceLoader.load(DirectoryProvider.class, context)) {
                    found.putIfAbsent(provider.scheme(), provider);
                }
            }
        } catch (ServiceConfigurationError broken) {
            throw new ConfigurationException(
                    "an engine of directories on the class path cannot be loaded: " + broken.getMessage(), broken);
        }
        return found;
    }

    private static ConfigurationException unknown(String engine, Map<String, DirectoryProvider> found) {
        String known =
                String.join(", ", found.keySet().stream().map(s -> s + ':').toList());
        String artifact = ARTIFACTS.get(engine);
        return new ConfigurationException("no directory engine for " + engine + ": there is " + known
                + " on the class path" + (artifact == null ? "" : "; add dev.sluice:" + artifact));
    }
}
