package dev.sluice.channel.spi;

import dev.sluice.ConfigurationException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Takes an engine's URL apart.
 *
 * <p>Not {@link java.net.URI}, which sees no query in {@code memory:?buffer_size=100} and refuses {@code memory:}. Messages
 * show no more of a URL than the part they speak of, since there may be secrets in it.
 */
final class UrlReader {

    private UrlReader() {}

    /** Puts the URL's parts into {@code options} and returns its scheme. */
    static String read(String url, Map<String, String> options) {
        Objects.requireNonNull(url, "url");
        int colon = url.indexOf(':');
        String scheme = colon < 0 ? url : url.substring(0, colon);
        if (colon < 0 || !scheme.matches("[A-Za-z][A-Za-z0-9+.-]*")) {
            throw new ConfigurationException("the URL \"" + ChannelsConfig.shown(scheme)
                    + "\" does not begin with an engine and a colon: write memory: or rsocket://host:7000");
        }
        String rest = url.substring(colon + 1);
        if (rest.indexOf('#') >= 0) {
            throw new ConfigurationException(scheme + ": the URL has a fragment, #…: write %23 for a number sign");
        }
        int query = rest.indexOf('?');
        String place = query < 0 ? rest : rest.substring(0, query);
        if (place.startsWith("//")) {
            int slash = place.indexOf('/', 2);
            authority(scheme, slash < 0 ? place.substring(2) : place.substring(2, slash), options);
            place = slash < 0 ? "" : place.substring(slash);
        }
        if (!place.isEmpty()) {
            options.put("path", decode(scheme, place));
        }
        if (query >= 0 && query + 1 < rest.length()) {
            for (String pair : rest.substring(query + 1).split("&", -1)) {
                option(scheme, pair, options);
            }
        }
        return scheme.toLowerCase(Locale.ROOT);
    }

    private static void authority(String scheme, String authority, Map<String, String> options) {
        if (authority.indexOf('@') >= 0) {
            throw new ConfigurationException(
                    scheme + ": the URL has credentials before @: URLs end up in logs, use an option of the engine");
        }
        int colon = authority.endsWith("]") ? -1 : authority.lastIndexOf(':');
        String host = colon < 0 ? authority : authority.substring(0, colon);
        if (!host.isEmpty()) {
            options.put("host", decode(scheme, host));
        }
        if (colon >= 0) {
            options.put("port", authority.substring(colon + 1));
        }
    }

    private static void option(String scheme, String pair, Map<String, String> options) {
        int equals = pair.indexOf('=');
        if (equals <= 0) {
            throw new ConfigurationException(scheme + ": the URL has \"" + ChannelsConfig.shown(pair)
                    + "\" where an option should stand: write name=value&name=value");
        }
        String name = decode(scheme, pair.substring(0, equals));
        if (options.putIfAbsent(name, decode(scheme, pair.substring(equals + 1))) != null) {
            throw new ConfigurationException(
                    scheme + ": option " + ChannelsConfig.shown(name) + " is given twice: leave one out");
        }
    }

    private static String decode(String scheme, String text) {
        try {
            return PercentEncoding.decode(text);
        } catch (IllegalArgumentException malformed) {
            throw new ConfigurationException(scheme + ": the URL " + malformed.getMessage(), malformed);
        }
    }
}
