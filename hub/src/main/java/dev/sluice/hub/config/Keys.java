package dev.sluice.hub.config;

import dev.sluice.channel.spi.Nearest;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names of the settings and what they are by default. */
final class Keys {

    /** Names the file: no setting of the file itself. */
    static final String CONFIG = "config";

    /** Only in the file. */
    static final String CHANNELS = "channels";

    /** Where files are served. */
    static final String NINEP = "ninep";

    static final String NONE = "none";

    /** Defaults by name, in the order in which they are shown. */
    static final Map<String, String> DEFAULTS = defaults();

    private Keys() {}

    private static Map<String, String> defaults() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("tcp", "127.0.0.1:7878");
        keys.put("ws", "127.0.0.1:7879");
        keys.put(NINEP, "127.0.0.1:5640");
        keys.put("engine", "memory:");
        keys.put("drain", "30s");
        keys.put("tls-cert", NONE);
        keys.put("tls-key", NONE);
        keys.put("tls-ca", NONE);
        keys.put("users", NONE);
        keys.put("allow-anonymous", "false");
        keys.put("ninep-allow-remote", "false");
        keys.put("expire-idle", "10m");
        keys.put("service-memory", "10m");
        keys.put("most-connections", "10000");
        keys.put("metrics-channels", "1000");
        keys.put("directory", NONE);
        keys.put("node", NONE);
        keys.put("advertise", NONE);
        keys.put("directory-ttl", "10s");
        return Collections.unmodifiableMap(keys);
    }

    /** The variable of a setting: {@code SLUICE_TLS_CERT} for {@code tls-cert}. */
    static String variable(String key) {
        return Environment.PREFIX + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** The end of a message about an unknown word: what it was probably meant to be, and what there is. */
    static String instead(String word, Collection<String> known) {
        @Nullable String nearest = Nearest.to(word, known);
        return (nearest == null ? "" : ", did you mean " + nearest + "?") + "; known are " + String.join(", ", known);
    }
}
