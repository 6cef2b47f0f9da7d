package dev.sluice.rsocket;

import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.rsocket.security.Authenticator;
import dev.sluice.rsocket.transport.TlsOptions;
import dev.sluice.rsocket.transport.TransportOptions;
import dev.sluice.rsocket.watch.Watcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRoutes;

/** Where a server listens, and what it allows. Immutable and thread safe. */
public final class ServerOptions {

    private final List<TransportOptions> endpoints;
    private final SessionOptions session;
    private final PlainOptions plain;
    private final @Nullable Authenticator authenticator;
    private final AccessPolicy accessPolicy;
    private final Duration publisherMemory;
    private final long waitingBytes;
    private final int listenerBuffer;
    private final Watcher watcher;

    private ServerOptions(List<TransportOptions> endpoints, AccessPolicy accessPolicy, Builder from) {
        this.endpoints = endpoints;
        this.accessPolicy = accessPolicy;
        this.session = from.session;
        this.plain = from.plain;
        this.authenticator = from.authenticator;
        this.publisherMemory = from.publisherMemory;
        this.waitingBytes = from.waitingBytes;
        this.listenerBuffer = from.listenerBuffer;
        this.watcher = from.watcher;
    }

    /** A builder; name at least one endpoint. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where the server listens, in the order they were named. */
    public List<TransportOptions> endpoints() {
        return endpoints;
    }

    /** Windows, limits and timeouts of its sessions. Default {@link SessionOptions#defaults()}. */
    public SessionOptions session() {
        return session;
    }

    /** Windows and limits of clients without a session. Default {@link PlainOptions#defaults()}. */
    public PlainOptions plain() {
        return plain;
    }

    /** Tells who a client is; null, the default, when nobody is asked. */
    public @Nullable Authenticator authenticator() {
        return authenticator;
    }

    /** What clients may do. Default: everything when nobody is asked who they are, and nothing at all with an authenticator. */
    public AccessPolicy accessPolicy() {
        return accessPolicy;
    }

    /**
     * For how long a client of this server's channels that lost its connection may come back and find what became of its operations. Until then
     * its sends go on waiting; after that they are taken back. Default 1 minute.
     */
    public Duration publisherMemory() {
        return publisherMemory;
    }

    /**
     * Elements that may wait at this server for a listener that is behind and does not hold senders back; one that asks for a longer buffer is
     * refused. Their bytes are in no window. Default 4,096.
     */
    public int listenerBuffer() {
        return listenerBuffer;
    }

    /**
     * Bytes of elements that wait for room in this server's channels at most, all clients together; one client may have a quarter
     * of that. Each counts with about 1,024 bytes besides its own. Further sends fail with LIMIT, and so does an element that is
     * longer than that quarter by itself, be there room or not. Default a quarter of the heap.
     */
    public long waitingBytes() {
        return waitingBytes;
    }

    /** Is told what the server does, for metrics and traces. Default {@link Watcher#NONE}. */
    public Watcher watcher() {
        return watcher;
    }

    /** Builds {@link ServerOptions}. Not thread safe. */
    public static final class Builder {
        private final List<Endpoint> endpoints = new ArrayList<>();
        private SessionOptions session = SessionOptions.defaults();
        private PlainOptions plain = PlainOptions.defaults();
        private @Nullable TlsOptions tls;
        private int mostConnections = 10_000;
        private @Nullable Authenticator authenticator;
        private @Nullable AccessPolicy accessPolicy;
        private Duration publisherMemory = Duration.ofMinutes(1);
        private long waitingBytes = Runtime.getRuntime().maxMemory() / 4;
        private int listenerBuffer = 4_096;
        private Watcher watcher = Watcher.NONE;

        private Builder() {}

        private record Endpoint(
                String host,
                int port,
                @Nullable String path,
                @Nullable Consumer<? super HttpServerRoutes> http) {}

        /**
         * Listens for RSocket over TCP.
         *
         * @param host a name or an address of this machine
         * @param port 0 lets the system choose
         */
        public Builder tcp(String host, int port) {
            endpoints.add(new Endpoint(Objects.requireNonNull(host, "host"), port, null, null));
            return this;
        }

        /**
         * Listens for RSocket over WebSocket, on path "/".
         *
         * @param host a name or an address of this machine
         * @param port 0 lets the system choose
         */
        public Builder webSocket(String host, int port) {
            return webSocket(host, port, "/");
        }

        /** Listens for RSocket over WebSocket on a path. */
        public Builder webSocket(String host, int port, String path) {
            return webSocket(host, port, path, routes -> {});
        }

        /**
         * Listens for RSocket over WebSocket on a path, and answers plain HTTP requests on the same port.
         *
         * @param http adds their routes, within the limits {@link TransportOptions#http()} tells of
         */
        public Builder webSocket(String host, int port, String path, Consumer<? super HttpServerRoutes> http) {
            endpoints.add(new Endpoint(
                    Objects.requireNonNull(host, "host"),
                    port,
                    Objects.requireNonNull(path, "path"),
                    Objects.requireNonNull(http, "http")));
            return this;
        }

        /** Certificates for all endpoints; none by default. */
        public Builder tls(TlsOptions options) {
            tls = Objects.requireNonNull(options, "tls");
            return this;
        }

        /** Connections each endpoint has at most; further ones are closed at once. Default 10,000. */
        public Builder mostConnections(int connections) {
            mostConnections = connections;
            return this;
        }

        /** See {@link ServerOptions#session()}. */
        public Builder session(SessionOptions options) {
            session = Objects.requireNonNull(options, "session");
            return this;
        }

        /** See {@link ServerOptions#plain()}. */
        public Builder plain(PlainOptions options) {
            plain = Objects.requireNonNull(options, "plain");
            return this;
        }

        /** See {@link ServerOptions#authenticator()}. */
        public Builder authenticator(Authenticator value) {
            authenticator = Objects.requireNonNull(value, "authenticator");
            return this;
        }

        /** See {@link ServerOptions#accessPolicy()}. */
        public Builder accessPolicy(AccessPolicy value) {
            accessPolicy = Objects.requireNonNull(value, "accessPolicy");
            return this;
        }

        /** See {@link ServerOptions#publisherMemory()}. */
        public Builder publisherMemory(Duration value) {
            publisherMemory = Objects.requireNonNull(value, "publisherMemory");
            return this;
        }

        /** See {@link ServerOptions#listenerBuffer()}; 1 to 2^28. */
        public Builder listenerBuffer(int elements) {
            listenerBuffer = elements;
            return this;
        }

        /** See {@link ServerOptions#waitingBytes()}; 64 KiB or more. */
        public Builder waitingBytes(long bytes) {
            waitingBytes = bytes;
            return this;
        }

        /** See {@link ServerOptions#watcher()}. */
        public Builder watcher(Watcher value) {
            watcher = Objects.requireNonNull(value, "watcher");
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException when no endpoint was named or a value is out of bounds
         */
        public ServerOptions build() {
            if (endpoints.isEmpty()) {
                throw new IllegalArgumentException(
                        "a server needs an endpoint: call tcp(host, port) or webSocket(host, port)");
            }
            Bounds.checkTimeout("publisherMemory", publisherMemory);
            Bounds.check("waitingBytes", waitingBytes, 65_536, Long.MAX_VALUE);
            Bounds.check("listenerBuffer", listenerBuffer, 1, 1 << 28);
            List<TransportOptions> all = new ArrayList<>();
            for (Endpoint endpoint : endpoints) {
                TransportOptions.Builder transport = endpoint.path == null || endpoint.http == null
                        ? TransportOptions.tcp(endpoint.host, endpoint.port)
                        : TransportOptions.webSocket(endpoint.host, endpoint.port)
                                .path(endpoint.path)
                                .http(endpoint.http);
                all.add(transport.tls(tls).mostConnections(mostConnections).build());
            }
            return new ServerOptions(List.copyOf(all), policy(), this);
        }

        private AccessPolicy policy() {
            if (accessPolicy != null) {
                return accessPolicy;
            }
            return authenticator == null ? AccessPolicy.allowAll() : AccessPolicy.denyAll();
        }
    }
}
