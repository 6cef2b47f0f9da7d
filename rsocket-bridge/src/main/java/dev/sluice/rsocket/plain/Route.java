package dev.sluice.rsocket.plain;

import dev.sluice.channel.spi.PercentEncoding;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import io.rsocket.Payload;
import io.rsocket.metadata.CompositeMetadata;
import io.rsocket.metadata.RoutingMetadata;
import io.rsocket.metadata.WellKnownMimeType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for, as {@code channel.NAME?key=value&key=value}: the first tag of its routing metadata.
 *
 * @param kind what the name is one of
 * @param name the name, decoded; empty for {@link Kind#CHANNELS}
 * @param query what stands behind the question mark, decoded
 */
record Route(Kind kind, String name, Map<String, String> query) {

    /** What there is. */
    enum Kind {
        CHANNEL,
        CHANNELS,
        SERVICE
    }

    private static final String MIME = WellKnownMimeType.MESSAGE_RSOCKET_ROUTING.getString();
    private static final String CHANNEL = "channel.";
    private static final String SERVICE = "service.";
    private static final String CHANNELS = "channels";
    private static final String KNOWN = "routes are channel.NAME, channels, service.NAME, and sluice.v1 for a session";

    /**
     * The route of a request.
     *
     * @throws RuntimeException when there is none, or one that cannot be read; the message says what is wrong
     */
    static Route of(Payload payload) {
        String tag;
        try {
            tag = tag(payload);
        } catch (IllegalStateException | IllegalArgumentException | IndexOutOfBoundsException malformed) {
            throw bad("metadata that is not composite metadata: connect with metadata MIME type"
                    + " message/x.rsocket.composite-metadata.v0, and put message/x.rsocket.routing.v0 into it");
        }
        if (tag == null) {
            throw bad("a request without a route: put message/x.rsocket.routing.v0 into composite metadata; " + KNOWN);
        }
        int question = tag.indexOf('?');
        String path = question < 0 ? tag : tag.substring(0, question);
        Map<String, String> query = query(question < 0 ? "" : tag.substring(question + 1));
        if (path.equals(CHANNELS)) {
            return new Route(Kind.CHANNELS, "", query);
        }
        if (path.startsWith(CHANNEL)) {
            return new Route(Kind.CHANNEL, decode(path.substring(CHANNEL.length())), query);
        }
        if (path.startsWith(SERVICE)) {
            return new Route(Kind.SERVICE, decode(path.substring(SERVICE.length())), query);
        }
        throw bad("no route \"" + path + "\" here: " + KNOWN);
    }

    private static @Nullable String tag(Payload payload) {
        if (!payload.hasMetadata()) {
            return null;
        }
        for (CompositeMetadata.Entry entry : new CompositeMetadata(payload.sliceMetadata(), false)) {
            if (MIME.equals(entry.getMimeType())) {
                for (String tag : new RoutingMetadata(entry.getContent())) {
                    return tag;
                }
            }
        }
        return null;
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : text.isEmpty() ? new String[0] : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw bad("the query has \"" + pair + "\" where key=value should stand");
            }
            String key = decode(pair.substring(0, equals));
            if (query.putIfAbsent(key, decode(pair.substring(equals + 1))) != null) {
                throw bad("the query has \"" + key + "\" twice: leave one out");
            }
        }
        return query;
    }

    /** Percent signs, as in URLs: names may have any character, a question mark too. */
    private static String decode(String text) {
        try {
            return PercentEncoding.decode(text);
        } catch (IllegalArgumentException malformed) {
            throw bad("the route " + malformed.getMessage());
        }
    }

    private static RuntimeException bad(String message) {
        return Failures.of(Code.BAD_REQUEST, message);
    }
}
