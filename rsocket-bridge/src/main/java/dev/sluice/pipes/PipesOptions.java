package dev.sluice.pipes;

import dev.sluice.ConfigurationException;
import dev.sluice.directory.Directory;
import dev.sluice.directory.Instance;
import dev.sluice.directory.Scheme;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.transport.TlsOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Where the destinations of a process listen, as whom they and its members are known, and for how long. Immutable; made by a {@link Builder}. */
public final class PipesOptions {

    /** The time to live that nobody chose: {@value} s. */
    public static final int DEFAULT_TTL_SECONDS = 10;

    /** A connection is not believed in for longer, however long the directory believes in an instance. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(1);

    private final Builder values;

    private PipesOptions(Builder values) {
        this.values = values;
    }

    /** Listens on a free port of the loopback address. */
    public static PipesOptions defaults() {
        return builder().build();
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** See {@link Builder#node}. */
    public String node() {
        return values.node;
    }

    /** See {@link Builder#ttl}. */
    public Duration ttl() {
        return values.ttl;
    }

    Scheduler clock() {
        return values.clock;
    }

    ServerOptions server() {
        ServerOptions.Builder builder = ServerOptions.builder().tcp(values.host, values.port);
        if (values.tls != null) {
            builder.tls(values.tls);
        }
        return values.server.apply(builder).build();
    }

    ClientOptions client(Endpoint at) {
        ClientOptions.Builder builder = at.scheme().isWebSocket()
                ? ClientOptions.webSocket(at.host(), at.port(), at.path())
                : ClientOptions.tcp(at.host(), at.port());
        if (at.scheme().isSecure()) {
            builder.tls(values.trust == null ? TlsOptions.builder().build() : values.trust);
        }
        // Whoever asks without limit is ahead of the acknowledgements by as much as it may be.
        builder.session(SessionOptions.builder()
                .windowItems(JoinOptions.DEFAULT_UNACKED)
                .build());
        // Both ends notice within the time to live that the other one is gone.
        Duration silence = values.ttl.compareTo(LONGEST_SILENCE) > 0 ? LONGEST_SILENCE : values.ttl;
        builder.keepAlive(silence.dividedBy(3), silence).connectionAttempts(1);
        return values.client.apply(builder).build();
    }

    /** What is advertised of somebody who listens at an address. */
    Instance instance(String id, InetSocketAddress listening, Map<String, String> metadata) {
        String host = values.advertisedHost == null ? values.host : values.advertisedHost;
        int port = values.advertisedPort == 0 ? listening.getPort() : values.advertisedPort;
        return new Instance(id, values.tls == null ? Scheme.RSOCKET : Scheme.RSOCKETS, host, port, 1, metadata);
    }

    /** Builds {@link PipesOptions}. Not thread safe. */
    public static final class Builder implements Cloneable {
        private String host = "127.0.0.1";
        private int port;
        private @Nullable String advertisedHost;
        private int advertisedPort;
        private String node = "pid-" + ProcessHandle.current().pid();
        private Duration ttl = Duration.ofSeconds(DEFAULT_TTL_SECONDS);
        private @Nullable TlsOptions tls;
        private @Nullable TlsOptions trust;
        private UnaryOperator<ServerOptions.Builder> server = builder -> builder;
        private UnaryOperator<ClientOptions.Builder> client = builder -> builder;
        private Scheduler clock = Schedulers.parallel();

        private Builder() {}

        /**
         * Where destinations listen. Default the loopback address, and a free port.
         *
         * @param host a name or an address of this machine; {@code 0.0.0.0} or {@code ::} for all, and then {@link #advertise} must say which one others use
         * @param port 0 for a free one
         */
        public Builder listen(String host, int port) {
            this.host = Objects.requireNonNull(host, "host");
            this.port = port;
            return this;
        }

        /** Where others reach what listens here, behind a NAT or a proxy. Default where it listens, with the port it really has. */
        public Builder advertise(String host) {
            return advertise(host, 0);
        }

        /**
         * Where others reach what listens here, behind a NAT or a proxy. Default where it listens, with the port it really has.
         *
         * @param port 0 for the port it really has
         */
        public Builder advertise(String host, int port) {
            this.advertisedHost = Objects.requireNonNull(host, "host");
            this.advertisedPort = port;
            return this;
        }

        /** The name of this process, with which ids begin. Default its process id. */
        public Builder node(String node) {
            this.node = Objects.requireNonNull(node, "node");
            return this;
        }

        /**
         * For how long the directory keeps what is here when nothing is heard of it, and for how long, a minute at most, both ends of a connection
         * believe in one that is silent; renewed at a third. Default 10 s, 1 s to a day.
         */
        public Builder ttl(Duration ttl) {
            this.ttl = Objects.requireNonNull(ttl, "ttl");
            return this;
        }

        /** Certificates of what listens here; without them it is in the clear. */
        public Builder tls(TlsOptions server) {
            this.tls = Objects.requireNonNull(server, "server");
            return this;
        }

        /** Whom members here trust, and what they show, at instances with TLS. Default what the JVM trusts. */
        public Builder trust(TlsOptions client) {
            this.trust = Objects.requireNonNull(client, "client");
            return this;
        }

        /** All else a server can be told: who may connect, limits, a watcher. A member needs the right to receive from the destination. */
        public Builder server(UnaryOperator<ServerOptions.Builder> more) {
            this.server = Objects.requireNonNull(more, "more");
            return this;
        }

        /** All else a client can be told: credentials, limits, a watcher. */
        public Builder client(UnaryOperator<ClientOptions.Builder> more) {
            this.client = Objects.requireNonNull(more, "more");
            return this;
        }

        /** Tells the time, for tests. Default {@link Schedulers#parallel()}. */
        Builder clock(Scheduler clock) {
            this.clock = clock;
            return this;
        }

        /**
         * Checks the values and builds.
         *
         * @throws ConfigurationException when it listens on all addresses, and does not say which one others use
         * @throws IllegalArgumentException when a value is out of bounds; the message names it
         */
        public PipesOptions build() {
            check("port", port, 65_535);
            check("advertised port", advertisedPort, 65_535);
            if (ttl.compareTo(Directory.SHORTEST_TTL) < 0 || ttl.compareTo(Directory.LONGEST_TTL) > 0) {
                throw new IllegalArgumentException(
                        "ttl must be " + Directory.SHORTEST_TTL + " to " + Directory.LONGEST_TTL + ", was " + ttl);
            }
            if (advertisedHost == null && (host.equals("0.0.0.0") || host.equals("::"))) {
                throw new ConfigurationException("listens on all addresses, " + host
                        + ", which nobody can connect to: say where others find it, by advertise(host)");
            }
            try {
                return new PipesOptions((Builder) clone());
            } catch (CloneNotSupportedException impossible) {
                throw new AssertionError(impossible);
            }
        }

        private static void check(String name, int value, int most) {
            if (value < 0 || value > most) {
                throw new IllegalArgumentException(name + " must be 0 to " + most + ", was " + value);
            }
        }
    }
}
