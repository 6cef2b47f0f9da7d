package dev.sluice.rsocket.transport;

import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRoutes;

/** Where a server listens or a client connects to, and how. Immutable and thread safe. */
public final class TransportOptions {

    /** The most the length prefix of RSocket over TCP can tell. */
    public static final int LONGEST_FRAME = 0xFF_FFFF;

    private final Builder values;

    private TransportOptions(Builder values) {
        this.values = values;
    }

    /** A builder for RSocket over TCP. */
    public static Builder tcp(String host, int port) {
        return new Builder(host, port, false);
    }

    /** A builder for RSocket over WebSocket. */
    public static Builder webSocket(String host, int port) {
        return new Builder(host, port, true);
    }

    /** A name or an address. */
    public String host() {
        return values.host;
    }

    /** The port; 0 lets the system choose the one a server listens on. */
    public int port() {
        return values.port;
    }

    /** Whether this is WebSocket; TCP otherwise. */
    public boolean isWebSocket() {
        return values.webSocket;
    }

    /** The path of a WebSocket. Default "/". */
    public String path() {
        return values.path;
    }

    /** Certificates, or null for a connection in the clear, the default. */
    public @Nullable TlsOptions tls() {
        return values.tls;
    }

    /** How long a client waits for the TCP connection. Default 5 s. */
    public Duration connectTimeout() {
        return values.connectTimeout;
    }

    /**
     * Adds routes for plain HTTP requests to a server's port beside its WebSocket; all other paths are answered with 404. Null by default.
     *
     * <p>Each request has a connection of its own, which counts among {@link #mostConnections()} and is closed behind the answer. A request that is not
     * answered within {@link #handshakeTimeout()} gets 503, and a second later its connection is closed. A first line of more than 4 KiB,
     * headers of more than 8 KiB or a body of more than 64 KiB are refused, and so is a body without Content-Length. A route reads the body it
     * expects before it answers. Routes run on event loops and must not block; one that fails is answered with 500 and logged.
     *
     * <p>These routes have no WebSockets of their own: such a connection ends when the time of a request is over.
     */
    public @Nullable Consumer<? super HttpServerRoutes> http() {
        return values.http;
    }

    /** How long the handshakes of TLS and WebSocket may take, and the answer to a plain HTTP request. Default 10 s. */
    public Duration handshakeTimeout() {
        return values.handshakeTimeout;
    }

    /** Bytes of the longest RSocket frame that is taken in; a longer one ends the connection. 64 to 16,777,215, the default. */
    public int longestFrame() {
        return values.longestFrame;
    }

    /** Connections a server has at most; further ones are closed at once and counted. Default 10,000. */
    public int mostConnections() {
        return values.mostConnections;
    }

    @Nullable ByteBufAllocator allocator() {
        return values.allocator;
    }

    /** A URI, for messages. */
    String target() {
        boolean secure = values.tls != null;
        return values.webSocket
                ? (secure ? "wss://" : "ws://") + values.host + ":" + values.port + values.path
                : (secure ? "tls://" : "tcp://") + values.host + ":" + values.port;
    }

    @Override
    public String toString() {
        return target();
    }

    /** Builds {@link TransportOptions}. Not thread safe. */
    public static final class Builder {
        private final String host;
        private final int port;
        private final boolean webSocket;
        private String path = "/";
        private @Nullable TlsOptions tls;
        private Duration connectTimeout = Duration.ofSeconds(5);
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private int longestFrame = LONGEST_FRAME;
        private int mostConnections = 10_000;
        private @Nullable Consumer<? super HttpServerRoutes> http;
        private @Nullable ByteBufAllocator allocator;

        private Builder(String host, int port, boolean webSocket) {
            this.host = Objects.requireNonNull(host, "host");
            this.port = port;
            this.webSocket = webSocket;
        }

        private Builder(Builder from) {
            this(from.host, from.port, from.webSocket);
            path = from.path;
            tls = from.tls;
            connectTimeout = from.connectTimeout;
            handshakeTimeout = from.handshakeTimeout;
            longestFrame = from.longestFrame;
            mostConnections = from.mostConnections;
            http = from.http;
            allocator = from.allocator;
        }

        /** See {@link TransportOptions#path()}. */
        public Builder path(String value) {
            path = Objects.requireNonNull(value, "path");
            return this;
        }

        /** See {@link TransportOptions#tls()}. */
        public Builder tls(@Nullable TlsOptions value) {
            tls = value;
            return this;
        }

        /** See {@link TransportOptions#connectTimeout()}. */
        public Builder connectTimeout(Duration value) {
            connectTimeout = Objects.requireNonNull(value, "connectTimeout");
            return this;
        }

        /** See {@link TransportOptions#handshakeTimeout()}. */
        public Builder handshakeTimeout(Duration value) {
            handshakeTimeout = Objects.requireNonNull(value, "handshakeTimeout");
            return this;
        }

        /** See {@link TransportOptions#longestFrame()}. */
        public Builder longestFrame(int bytes) {
            longestFrame = bytes;
            return this;
        }

        /** See {@link TransportOptions#mostConnections()}. */
        public Builder mostConnections(int connections) {
            mostConnections = connections;
            return this;
        }

        /** See {@link TransportOptions#http()}. */
        public Builder http(Consumer<? super HttpServerRoutes> routes) {
            http = Objects.requireNonNull(routes, "http");
            return this;
        }

        Builder allocator(@Nullable ByteBufAllocator value) {
            allocator = value;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException when a value is out of bounds; the message names it
         */
        public TransportOptions build() {
            check("port", port, 0, 65_535);
            check("longestFrame", longestFrame, 64, LONGEST_FRAME);
            check("mostConnections", mostConnections, 1, Integer.MAX_VALUE);
            check("connectTimeout in ms", connectTimeout.toMillis(), 1, Integer.MAX_VALUE);
            check("handshakeTimeout in ms", handshakeTimeout.toMillis(), 1, Integer.MAX_VALUE);
            if (!path.startsWith("/")) {
                throw new IllegalArgumentException("path must begin with /, was " + path);
            }
            if (!webSocket && http != null) {
                throw new IllegalArgumentException(
                        "http needs a WebSocket: over TCP a port speaks RSocket only, so use webSocket(host, port)");
            }
            return new TransportOptions(new Builder(this));
        }

        private static void check(String name, long value, long least, long most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", was " + value);
            }
        }
    }
}
