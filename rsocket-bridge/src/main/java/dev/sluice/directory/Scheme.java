package dev.sluice.directory;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How an instance is spoken to. */
public enum Scheme {
    /** RSocket over TCP. */
    RSOCKET,
    /** RSocket over TCP with TLS. */
    RSOCKETS,
    /** RSocket over WebSocket. */
    WS,
    /** RSocket over WebSocket with TLS. */
    WSS;

    /** The scheme of a URL, as {@code rsocket}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether there is TLS. */
    public boolean isSecure() {
        return this == RSOCKETS || this == WSS;
    }

    /** Whether this is WebSocket; TCP otherwise. */
    public boolean isWebSocket() {
        return this == WS || this == WSS;
    }

    /**
     * Reads a scheme.
     *
     * @throws IllegalArgumentException when there is none of that name; the message lists all
     */
    public static Scheme of(String text) {
        for (Scheme scheme : values()) {
            if (scheme.text().equals(text)) {
                return scheme;
            }
        }
        List<String> all = Arrays.stream(values()).map(Scheme::text).toList();
        throw new IllegalArgumentException("the scheme must be " + String.join(", ", all) + ", was " + text);
    }
}
