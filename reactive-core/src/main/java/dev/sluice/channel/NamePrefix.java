package dev.sluice.channel;

import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;

/**
 * Selects channels by the beginning of their names, whole segments only: {@code sub} never selects {@code
 * subscriber/1}.
 *
 * <table>
 *   <caption>What a prefix selects</caption>
 *   <tr><th>prefix</th><th>selects</th></tr>
 *   <tr><td>the empty text, or {@code *}</td><td>all channels</td></tr>
 *   <tr><td>{@code subscriber}</td><td>the channel {@code subscriber} and all below it, at any depth</td></tr>
 *   <tr><td>{@code subscriber/*}, or {@code subscriber/}</td><td>all below {@code subscriber}, not itself</td></tr>
 * </table>
 *
 * <p>Immutable.
 */
public final class NamePrefix {

    private static final NamePrefix ALL = new NamePrefix("", false);

    private final String path;
    private final boolean self;

    private NamePrefix(String path, boolean self) {
        this.path = path;
        this.self = self;
    }

    /**
     * Reads a prefix.
     *
     * @param prefix as the table above shows
     * @return what it selects
     * @throws dev.sluice.InvalidNameException when it could not select any legal name
     */
    public static NamePrefix of(String prefix) {
        Objects.requireNonNull(prefix, "prefix");
        if (prefix.isEmpty() || prefix.equals("*")) {
            return ALL;
        }
        String path = prefix;
        if (path.endsWith("/*")) {
            path = path.substring(0, path.length() - 2);
        } else if (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        ChannelName.requirePath(path, prefix, "prefix");
        return new NamePrefix(path, path.length() == prefix.length());
    }

    /**
     * Whether a channel is selected.
     *
     * @param name a channel's name
     * @return true when it is
     */
    public boolean matches(String name) {
        if (path.isEmpty()) {
            return true;
        }
        return name.length() > path.length()
                ? name.charAt(path.length()) == '/' && name.startsWith(path)
                : self && name.equals(path);
    }

    /**
     * The selected part of a map of names in their natural order, as live views in the order of the names. No entry is
     * visited or copied.
     *
     * @param byName channels, or what stands for them, by name
     * @param <V> what stands for a channel
     * @return one or two views
     */
    public <V> Collection<NavigableMap<String, V>> select(NavigableMap<String, V> byName) {
        if (path.isEmpty()) {
            return List.of(byName);
        }
        // '0' follows '/', so this range is exactly what begins with "path/".
        NavigableMap<String, V> below = byName.subMap(path + '/', true, path + '0', false);
        return self ? List.of(byName.subMap(path, true, path, true), below) : List.of(below);
    }

    @Override
    public String toString() {
        return self ? path : path.isEmpty() ? "*" : path + "/*";
    }
}
