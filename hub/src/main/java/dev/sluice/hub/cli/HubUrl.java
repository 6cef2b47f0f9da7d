package dev.sluice.hub.cli;

import dev.sluice.rsocket.ClientOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where a hub is: {@code tcp://host:port}, {@code tls://}, {@code ws://} and {@code wss://}; {@code rsocket://} and {@code rsockets://} mean the first
 * two.
 *
 * @param webSocket whether it is reached over WebSocket
 * @param secure whether TLS is asked for
 */
record HubUrl(String text, String host, int port, String path, boolean webSocket, boolean secure) {

    static final String DEFAULT = "tcp://127.0.0.1:7878";

    private static final int TCP_PORT = 7_878;
    private static final int WEB_SOCKET_PORT = 7_879;
    private static final String FORMS = "write tcp://HOST:PORT, tls://HOST:PORT, ws://HOST:PORT/rsocket or wss://…";

    static HubUrl of(String text) {
        URI uri;
        try {
            uri = new URI(text.contains("://") ? text : "tcp://" + text);
        } catch (URISyntaxException broken) {
            throw bad(text, broken.getReason());
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        boolean webSocket = scheme.equals("ws") || scheme.equals("wss");
        boolean secure = scheme.equals("tls") || scheme.equals("rsockets") || scheme.equals("wss");
        if (!webSocket && !secure && !scheme.equals("tcp") && !scheme.equals("rsocket")) {
            throw bad(text, "unknown scheme " + scheme);
        }
        if (uri.getHost() == null) {
            throw bad(text, "it has no host");
        }
        if (uri.getUserInfo() != null) {
            throw bad(
                    text.replace(uri.getUserInfo() + "@", ""), "it must not hold credentials, give them with --token");
        }
        String path = uri.getPath();
        if (!webSocket && !path.isEmpty() && !path.equals("/")) {
            throw bad(text, "only ws and wss have a path");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : webSocket ? WEB_SOCKET_PORT : TCP_PORT;
        if (port < 1 || port > 65_535) {
            throw bad(text, "a port is 1 to 65535");
        }
        String host = uri.getHost().replaceAll("^\\[|]$", "");
        return new HubUrl(text, host, port, path.isEmpty() || path.equals("/") ? "/rsocket" : path, webSocket, secure);
    }

    private static CommandFailure bad(String text, String why) {
        return new CommandFailure(ErrorCode.USAGE, "\"" + text + "\" is no address of a hub: " + why + "; " + FORMS);
    }

    ClientOptions.Builder options() {
        return webSocket ? ClientOptions.webSocket(host, port, path) : ClientOptions.tcp(host, port);
    }

    @Override
    public String toString() {
        return text;
    }
}
