package dev.sluice.directory;

import dev.sluice.channel.spi.ChannelsConfig;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The engine {@code static:host:port,host:port?scheme=rsocket}. */
public final class StaticDirectoryProvider implements DirectoryProvider {

    private static final String WANTED = "host:port,host:port";

    /** For {@link java.util.ServiceLoader}. */
    public StaticDirectoryProvider() {}

    @Override
    public String scheme() {
        return "static";
    }

    @Override
    public Set<String> options() {
        return Set.of("path", "scheme");
    }

    @Override
    public Directory open(ChannelsConfig config) {
        String places = config.text("path");
        if (places == null) {
            throw config.bad("path", WANTED, null);
        }
        Scheme scheme = scheme(config);
        Set<Instance> instances = new LinkedHashSet<>();
        for (String place : places.split(",", -1)) {
            instances.add(instance(config, scheme, place.trim()));
        }
        return new StaticDirectory(Collections.unmodifiableSet(instances));
    }

    private static Scheme scheme(ChannelsConfig config) {
        @Nullable String text = config.text("scheme");
        try {
            return text == null ? Scheme.RSOCKET : Scheme.of(text);
        } catch (IllegalArgumentException unknown) {
            throw config.bad("scheme", "rsocket, rsockets, ws or wss", unknown);
        }
    }

    private static Instance instance(ChannelsConfig config, Scheme scheme, String place) {
        int colon = place.lastIndexOf(':');
        if (colon < 0) {
            throw config.bad("path", WANTED, null);
        }
        String host = place.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        try {
            return Instance.of(
                            scheme,
                            bracketed ? host.substring(1, host.length() - 1) : host,
                            Integer.parseInt(place.substring(colon + 1)))
                    .withId(place);
        } catch (IllegalArgumentException malformed) {
            throw config.bad("path", WANTED, malformed);
        }
    }
}
