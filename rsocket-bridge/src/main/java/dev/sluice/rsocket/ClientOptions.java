package dev.sluice.rsocket;

import dev.sluice.rsocket.security.Credentials;
import dev.sluice.rsocket.transport.TlsOptions;
import dev.sluice.rsocket.transport.TransportOptions;
import dev.sluice.rsocket.watch.Watcher;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Where a client connects to, and how it goes about it. Immutable and thread safe. */
public final class ClientOptions {

    private final TransportOptions transport;
    private final Builder values;

    private ClientOptions(TransportOptions transport, Builder values) {
        this.transport = transport;
        this.values = values;
    }

    /** A builder for RSocket over TCP. */
    public static Builder tcp(String host, int port) {
        return new Builder(Objects.requireNonNull(host, "host"), port, null);
    }

    /** A builder for RSocket over WebSocket, on path "/". */
    public static Builder webSocket(String host, int port) {
        return webSocket(host, port, "/");
    }

    /** A builder for RSocket over WebSocket on a path. */
    public static Builder webSocket(String host, int port, String path) {
        return new Builder(Objects.requireNonNull(host, "host"), port, Objects.requireNonNull(path, "path"));
    }

    /** Host, port, certificates and connect timeout. */
    public TransportOptions transport() {
        return transport;
    }

    /** Windows, limits and timeouts of its sessions. Default {@link SessionOptions#defaults()}. */
    public SessionOptions session() {
        return values.session;
    }

    /** How often it tells the server that it is alive. Default 5 s. */
    public Duration keepAliveInterval() {
        return values.keepAliveInterval;
    }

    /** Without a sign of life for this long the other side counts as dead, on both ends. Default 15 s. */
    public Duration keepAliveTimeout() {
        return values.keepAliveTimeout;
    }

    /** The wait before it tries to connect again, doubled each time, plus or minus a half at random. Default 100 ms. */
    public Duration reconnectMin() {
        return values.reconnectMin;
    }

    /** The longest wait before it tries again. Default 5 s. */
    public Duration reconnectMax() {
        return values.reconnectMax;
    }

    /** How long a call waits for a connection altogether before it fails. Default 30 s. */
    public Duration connectionTimeout() {
        return values.connectionTimeout;
    }

    /** How many times it tries to connect before what waits for the connection fails. Default: as often as the timeout lets it. */
    public long connectionAttempts() {
        return values.connectionAttempts;
    }

    /** Is told what the client does, for metrics and traces. Default {@link Watcher#NONE}. */
    public Watcher watcher() {
        return values.watcher;
    }

    /** What it shows to the server; empty for nothing. */
    Mono<Credentials> credentials() {
        return values.credentials;
    }

    /** Builds {@link ClientOptions}. Not thread safe. */
    public static final class Builder implements Cloneable {
        private final String host;
        private final int port;
        private final @Nullable String path;
        private @Nullable TlsOptions tls;
        private Duration connectTimeout = Duration.ofSeconds(5);
        private SessionOptions session = SessionOptions.defaults();
        private Duration keepAliveInterval = Duration.ofSeconds(5);
        private Duration keepAliveTimeout = Duration.ofSeconds(15);
        private Duration reconnectMin = Duration.ofMillis(100);
        private Duration reconnectMax = Duration.ofSeconds(5);
        private Duration connectionTimeout = Duration.ofSeconds(30);
        private long connectionAttempts = Long.MAX_VALUE;
        private Mono<Credentials> credentials = Mono.empty();
        private Watcher watcher = Watcher.NONE;

        private Builder(String host, int port, @Nullable String path) {
            this.host = host;
            this.port = port;
            this.path = path;
        }

        /** Certificates; none by default, and then the connection is in the clear. */
        public Builder tls(TlsOptions options) {
            tls = Objects.requireNonNull(options, "tls");
            return this;
        }

        /** How long it waits for one TCP connection. Default 5 s. */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = Objects.requireNonNull(timeout, "connectTimeout");
            return this;
        }

        /** See {@link ClientOptions#session()}. */
        public Builder session(SessionOptions options) {
            session = Objects.requireNonNull(options, "session");
            return this;
        }

        /** See {@link ClientOptions#keepAliveInterval()} and {@link ClientOptions#keepAliveTimeout()}. */
        public Builder keepAlive(Duration interval, Duration timeout) {
            keepAliveInterval = Objects.requireNonNull(interval, "keepAliveInterval");
            keepAliveTimeout = Objects.requireNonNull(timeout, "keepAliveTimeout");
            return this;
        }

        /** See {@link ClientOptions#reconnectMin()} and {@link ClientOptions#reconnectMax()}. */
        public Builder reconnect(Duration min, Duration max) {
            reconnectMin = Objects.requireNonNull(min, "reconnectMin");
            reconnectMax = Objects.requireNonNull(max, "reconnectMax");
            return this;
        }

        /** See {@link ClientOptions#connectionTimeout()}. */
        public Builder connectionTimeout(Duration timeout) {
            connectionTimeout = Objects.requireNonNull(timeout, "connectionTimeout");
            return this;
        }

        /** See {@link ClientOptions#connectionAttempts()}. 1 or more. */
        public Builder connectionAttempts(long attempts) {
            connectionAttempts = attempts;
            return this;
        }

        /** Shows a bearer token to the server. It is a secret, so use TLS. */
        public Builder bearer(String token) {
            return credentials(Mono.just(Credentials.bearer(token)));
        }

        /** Shows a name and a password to the server. The password is a secret, so use TLS. */
        public Builder simple(String user, String password) {
            return credentials(Mono.just(Credentials.simple(user, password)));
        }

        /**
         * Shows credentials to the server that may differ each time. Nothing by default.
         *
         * @param source subscribed for each connection, so that a token can be renewed when one is made again; must not block. Empty shows
         *     nothing; an error fails the connection with it
         */
        public Builder credentials(Mono<Credentials> source) {
            credentials = Objects.requireNonNull(source, "credentials");
            return this;
        }

        /** See {@link ClientOptions#watcher()}. */
        public Builder watcher(Watcher value) {
            watcher = Objects.requireNonNull(value, "watcher");
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException when a value is out of bounds; the message names it
         */
        public ClientOptions build() {
            Bounds.checkTimeout("connectTimeout", connectTimeout);
            Bounds.checkTimeout("keepAliveInterval", keepAliveInterval);
            Bounds.checkTimeout("keepAliveTimeout", keepAliveTimeout);
            Bounds.checkTimeout("reconnectMin", reconnectMin);
            Bounds.checkTimeout("reconnectMax", reconnectMax);
            Bounds.checkTimeout("connectionTimeout", connectionTimeout);
            Bounds.check("connectionAttempts", connectionAttempts, 1, Long.MAX_VALUE);
            if (keepAliveTimeout.compareTo(keepAliveInterval) <= 0) {
                throw new IllegalArgumentException("keepAliveTimeout must be longer than keepAliveInterval, "
                        + keepAliveInterval + ", was " + keepAliveTimeout);
            }
            if (reconnectMax.compareTo(reconnectMin) < 0) {
                throw new IllegalArgumentException(
                        "reconnectMax must be at least reconnectMin, " + reconnectMin + ", was " + reconnectMax);
            }
            TransportOptions.Builder transport = path == null
                    ? TransportOptions.tcp(host, port)
                    : TransportOptions.webSocket(host, port).path(path);
            return new ClientOptions(
                    transport.tls(tls).connectTimeout(connectTimeout).build(), copy());
        }

        private Builder copy() {
            try {
                return (Builder) super.clone();
            } catch (CloneNotSupportedException impossible) {
                throw new AssertionError(impossible);
            }
        }
    }
}
