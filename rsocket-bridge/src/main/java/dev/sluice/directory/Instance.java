package dev.sluice.directory;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One server that offers a service. Immutable: every method returns another. Two are equal when all they say is equal.
 *
 * @param id who it is among the instances of its service, for as long as it runs; not empty
 * @param scheme how it is spoken to
 * @param host a name or an address
 * @param port 1 to 65,535
 * @param weight its share of the work, relative to the others: 1 to 10,000
 * @param metadata what else is to be known of it, unmodifiable; of a WebSocket {@link #PATH} is the path
 */
public record Instance(String id, Scheme scheme, String host, int port, int weight, Map<String, String> metadata) {

    /** The key in the metadata under which a WebSocket's path stands; it is "/" where there is none. */
    public static final String PATH = "path";

    /**
     * An instance.
     *
     * @throws IllegalArgumentException when a value is out of bounds; the message names it
     */
    public Instance {
        Objects.requireNonNull(scheme, "scheme");
        metadata = java.util.Collections.unmodifiableMap(new TreeMap<>(metadata));
        if (id.isEmpty() || host.isEmpty()) {
            throw new IllegalArgumentException(
                    "an instance needs an id and a host, had id \"" + id + "\" and host \"" + host + "\"");
        }
        check("port", port, 65_535);
        check("weight", weight, 10_000);
    }

    /** An instance with weight 1, no metadata, and {@code host:port} for its id. */
    public static Instance of(Scheme scheme, String host, int port) {
        return new Instance(host + ":" + port, scheme, host, port, 1, Map.of());
    }

    /** With another id. */
    public Instance withId(String other) {
        return new Instance(other, scheme, host, port, weight, metadata);
    }

    /** With another weight. */
    public Instance withWeight(int other) {
        return new Instance(id, scheme, host, port, other, metadata);
    }

    /** With other metadata. */
    public Instance withMetadata(Map<String, String> other) {
        return new Instance(id, scheme, host, port, weight, other);
    }

    private static void check(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(name + " must be 1 to " + most + ", was " + value);
        }
    }

    /** Who and where; metadata is the application's, and stays out of logs. */
    @Override
    public String toString() {
        return id + " at " + scheme.text() + "://" + host + ":" + port;
    }
}
