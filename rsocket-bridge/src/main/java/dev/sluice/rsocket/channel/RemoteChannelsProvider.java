package dev.sluice.rsocket.channel;

import dev.sluice.channel.Channels;
import dev.sluice.channel.spi.ChannelsConfig;
import dev.sluice.channel.spi.ChannelsProvider;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.transport.TlsOptions;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Channels of a server: {@code rsocket://host:port}, {@code rsockets://}, {@code ws://} and {@code wss://}. */
public abstract sealed class RemoteChannelsProvider implements ChannelsProvider {

    private static final int DEFAULT_PORT = 7_878;

    private final String scheme;
    private final boolean webSocket;
    private final boolean secure;

    private RemoteChannelsProvider(String scheme, boolean webSocket, boolean secure) {
        this.scheme = scheme;
        this.webSocket = webSocket;
        this.secure = secure;
    }

    /** RSocket over TCP. */
    public static final class Tcp extends RemoteChannelsProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Tcp() {
            super("rsocket", false, false);
        }
    }

    /** RSocket over TCP and TLS. */
    public static final class Tls extends RemoteChannelsProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Tls() {
            super("rsockets", false, true);
        }
    }

    /** RSocket over WebSocket. */
    public static final class WebSocket extends RemoteChannelsProvider {
        /** For {@link java.util.ServiceLoader}. */
        public WebSocket() {
            super("ws", true, false);
        }
    }

    /** RSocket over WebSocket and TLS. */
    public static final class SecureWebSocket extends RemoteChannelsProvider {
        /** For {@link java.util.ServiceLoader}. */
        public SecureWebSocket() {
            super("wss", true, true);
        }
    }

    @Override
    public String scheme() {
        return scheme;
    }

    @Override
    public Set<String> options() {
        return Set.of("host", "port", "path", "trusted", "certificate", "key");
    }

    @Override
    public Channels open(ChannelsConfig config) {
        String host = config.text("host");
        if (host == null) {
            throw config.bad("host", "the server, as in " + scheme + "://localhost:" + DEFAULT_PORT, null);
        }
        int port = (int) config.number("port", DEFAULT_PORT, 1, 65_535);
        String path = config.text("path");
        ClientOptions.Builder builder = webSocket
                ? ClientOptions.webSocket(host, port, path == null || path.isEmpty() ? "/" : path)
                : ClientOptions.tcp(host, port);
        TlsOptions tls = secure ? tls(config) : null;
        return RemoteChannels.owning(SluiceClient.create((tls == null ? builder : builder.tls(tls)).build()));
    }

    private static TlsOptions tls(ChannelsConfig config) {
        TlsOptions.Builder builder = TlsOptions.builder();
        @Nullable String trusted = config.text("trusted");
        if (trusted != null) {
            builder.trusted(Path.of(trusted));
        }
        @Nullable String certificate = config.text("certificate");
        @Nullable String key = config.text("key");
        if (certificate != null && key != null) {
            builder.certificate(Path.of(certificate), Path.of(key));
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException unreadable) {
            throw config.bad("trusted", "a readable file: " + unreadable.getMessage(), unreadable);
        }
    }
}
