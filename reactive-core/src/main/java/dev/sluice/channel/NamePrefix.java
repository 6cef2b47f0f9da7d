package dev.sluice.channel;

import java.util.ArrayList;
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
     * As {@link #select(NavigableMap, String)}, from the first one on.
     *
     * @param byName channels, or what stands for them, by name
     * @param <V> what stands for a channel
     * @return none, one or two views
     */
    public <V> Collection<NavigableMap<String, V>> select(NavigableMap<String, V> byName) {
        return select(byName, "");
    }

    /**
     * The selected part of a map of names in their natural order that is behind a place in that order, as live views in the
     * order of the names. No entry is visited or copied.
     *
     * @param byName channels, or what stands for them, by name
     * @param after where to begin: behind this text, whether or not it is the name of anything; empty for the first
     * @param <V> what stands for a channel
     * @return none, one or two views
     */
    public <V> Collection<NavigableMap<String, V>> select(NavigableMap<String, V> byName, String after) {
        if (path.isEmpty()) {
            return List.of(after.isEmpty() ? byName : byName.tailMap(after, false));
        }
        List<NavigableMap<String, V>> views = new ArrayList<>(2);
        if (self && path.compareTo(after) > 0) {
            views.add(byName.subMap(path, true, path, true));
        }
        // '0' follows '/', so this range is exactly what begins with "path/".
        String from = path + '/';
        String to = path + '0';
        if (from.compareTo(after) > 0) {
            views.add(byName.subMap(from, true, to, false));
        } else if (to.compareTo(after) > 0) {
            views.add(byName.subMap(after, false, to, false));
        }
        return views;
    }

    @Override
    public String toString() {
        return self ? path : path.isEmpty() ? "*" : path + "/*";
    }
}
