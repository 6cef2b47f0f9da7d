package dev.sluice.hub;

import dev.sluice.Frame;
import dev.sluice.channel.ChannelName;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.directory.Directory;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.rsocket.security.Authenticator;
import dev.sluice.rsocket.transport.TlsOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where a hub listens, what it holds and what it allows. Immutable and thread safe; made by a {@link Builder}. */
public final class HubOptions {

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int MOST_CONNECTIONS = 1_000_000;
    private static final int MOST_CHANNELS_IN_METRICS = 100_000;

    private final Builder values;

    private HubOptions(Builder values) {
        this.values = values;
    }

    /** A builder with the defaults; name at least one endpoint. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Where a hub listens.
     *
     * @param host a name or an address of this machine
     * @param port 0 lets the system choose
     */
    record Listen(String host, int port) {}

    /** A channel that is there from the start, and its groups. */
    record Declared(ChannelOptions options, List<String> groups) {}

    @Nullable Listen tcp() {
        return values.tcp;
    }

    @Nullable Listen webSocket() {
        return values.webSocket;
    }

    @Nullable Listen ninep() {
        return values.ninep;
    }

    boolean ninepAllowRemote() {
        return values.ninepAllowRemote;
    }

    /** See {@link Builder#engine}. */
    public String engine() {
        return values.engine;
    }

    @Nullable TlsOptions tls() {
        return values.tls;
    }

    @Nullable Authenticator authenticator() {
        return values.authenticator;
    }

    @Nullable AccessPolicy accessPolicy() {
        return values.accessPolicy;
    }

    /** See {@link Builder#drain}. */
    public Duration drain() {
        return values.drain;
    }

    /** See {@link Builder#expireIdle}. */
    public @Nullable Duration expireIdle() {
        return values.expireIdle;
    }

    /** See {@link Builder#serviceMemory}. */
    public Duration serviceMemory() {
        return values.serviceMemory;
    }

    /** See {@link Builder#mostConnections}. */
    public int mostConnections() {
        return values.mostConnections;
    }

    /** See {@link Builder#channelsInMetrics}. */
    public int channelsInMetrics() {
        return values.channelsInMetrics;
    }

    /** See {@link Builder#directory(String)}; null for none. */
    @Nullable String directoryUrl() {
        return values.directoryUrl;
    }

    /** See {@link Builder#directory(Directory)}; null for none. */
    @Nullable Directory directory() {
        return values.directory;
    }

    /** See {@link Builder#node}; null for the machine's. */
    @Nullable String node() {
        return values.node;
    }

    @Nullable Listen advertise() {
        return values.advertise;
    }

    /** See {@link Builder#directoryTtl}. */
    public Duration directoryTtl() {
        return values.directoryTtl;
    }

    Map<String, Declared> channels() {
        return values.channels;
    }

    Consumer<? super Frame> onDiscard() {
        return values.onDiscard;
    }

    /** Builds {@link HubOptions}. Not thread safe. */
    public static final class Builder {
        private @Nullable Listen tcp;
        private @Nullable Listen webSocket;
        private @Nullable Listen ninep;
        private boolean ninepAllowRemote;
        private String engine = "memory:";
        private @Nullable TlsOptions tls;
        private @Nullable Authenticator authenticator;
        private @Nullable AccessPolicy accessPolicy;
        private Duration drain = Duration.ofSeconds(30);
        private @Nullable Duration expireIdle = Duration.ofMinutes(10);
        private Duration serviceMemory = Duration.ofMinutes(10);
        private int mostConnections = 10_000;
        private int channelsInMetrics = 1_000;
        private @Nullable String directoryUrl;
        private @Nullable Directory directory;
        private @Nullable String node;
        private @Nullable Listen advertise;
        private Duration directoryTtl = Duration.ofSeconds(10);
        private Map<String, Declared> channels = new LinkedHashMap<>();
        private Consumer<? super Frame> onDiscard = frame -> {};

        private Builder() {}

        private Builder(Builder from) {
            tcp = from.tcp;
            webSocket = from.webSocket;
            ninep = from.ninep;
            ninepAllowRemote = from.ninepAllowRemote;
            engine = from.engine;
            tls = from.tls;
            authenticator = from.authenticator;
            accessPolicy = from.accessPolicy;
            drain = from.drain;
            expireIdle = from.expireIdle;
            serviceMemory = from.serviceMemory;
            mostConnections = from.mostConnections;
            channelsInMetrics = from.channelsInMetrics;
            directoryUrl = from.directoryUrl;
            directory = from.directory;
            node = from.node;
            advertise = from.advertise;
            directoryTtl = from.directoryTtl;
            channels = new LinkedHashMap<>(from.channels);
            onDiscard = from.onDiscard;
        }

        /**
         * Listens for RSocket over TCP.
         *
         * @param host a name or an address of this machine
         * @param port 0 lets the system choose
         */
        public Builder tcp(String host, int port) {
            tcp = new Listen(Objects.requireNonNull(host, "host"), port);
            return this;
        }

        /**
         * Listens for RSocket over WebSocket, on the path {@code /rsocket}, and answers {@code /health/live}, {@code /health/ready} and {@code
         * /metrics} over HTTP.
         *
         * @param host a name or an address of this machine
         * @param port 0 lets the system choose
         */
        public Builder webSocket(String host, int port) {
            webSocket = new Listen(Objects.requireNonNull(host, "host"), port);
            return this;
        }

        /**
         * Serves its channels as files, over 9P, besides another endpoint.
         *
         * @param host a name or an address of this machine, of loopback unless {@link #ninepAllowRemote} allows another
         * @param port 0 lets the system choose
         */
        public Builder ninep(String host, int port) {
            ninep = new Listen(Objects.requireNonNull(host, "host"), port);
            return this;
        }

        /** Lets files be served where other machines reach them. 9P carries no secret: who reaches the port is who it says it is. Default false. */
        public Builder ninepAllowRemote(boolean allowed) {
            ninepAllowRemote = allowed;
            return this;
        }

        /** The URL of the engine of its channels, as {@link dev.sluice.channel.Channels#open(String)} reads it. Default {@code memory:}. */
        public Builder engine(String url) {
            engine = Objects.requireNonNull(url, "engine");
            return this;
        }

        /** Certificates for all endpoints; none by default, and then connections are in the clear. */
        public Builder tls(@Nullable TlsOptions options) {
            tls = options;
            return this;
        }

        /**
         * Who may connect, and what they may do. Nobody is asked by default, and may do everything.
         *
         * @param policy the rights of those it knows
         */
        public Builder security(Authenticator who, AccessPolicy policy) {
            authenticator = Objects.requireNonNull(who, "authenticator");
            accessPolicy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /** How long calls that run may take to finish when the hub is {@linkplain Hub#drain drained}. Default 30 s. */
        public Builder drain(Duration time) {
            drain = Objects.requireNonNull(time, "drain");
            return this;
        }

        /**
         * After what time a channel is deleted that nobody has declared or created, that holds nothing, and that nobody has used meanwhile:
         * at the latest after twice the time. Default 10 minutes; null for never.
         */
        public Builder expireIdle(@Nullable Duration time) {
            expireIdle = time;
            return this;
        }

        /** How long a service stays whose producers are all gone, and stays aimed where it was. Default 10 minutes, at most a day. */
        public Builder serviceMemory(Duration time) {
            serviceMemory = Objects.requireNonNull(time, "serviceMemory");
            return this;
        }

        /** Connections each endpoint has at most. Default 10,000. */
        public Builder mostConnections(int connections) {
            mostConnections = connections;
            return this;
        }

        /** Channels that metrics tell apart, the first by name; the sums are over all. Default 1,000, 0 to 100,000. */
        public Builder channelsInMetrics(int channels) {
            channelsInMetrics = channels;
            return this;
        }

        /**
         * Registers the hub, and the services it offers, in a directory that it opens and closes. One that cannot be reached is tried until it can. Default: none.
         *
         * @param url as {@link Directory#open(String)} reads it
         */
        public Builder directory(String url) {
            directoryUrl = Objects.requireNonNull(url, "directory");
            directory = null;
            return this;
        }

        /**
         * As {@link #directory(String)}, in a directory that is open.
         *
         * @param open stays the caller's to close, after the hub
         */
        public Builder directory(Directory open) {
            directory = Objects.requireNonNull(open, "directory");
            directoryUrl = null;
            return this;
        }

        /** The hub's name in the directory. Default: the machine's. */
        public Builder node(String name) {
            node = Objects.requireNonNull(name, "node");
            return this;
        }

        /**
         * Under which address others reach the hub, for the directory. Default: the address it listens on, or when that is all of them, one of
         * the machine's that is not loopback.
         *
         * @param port 0 for the port it listens on
         */
        public Builder advertise(String host, int port) {
            advertise = new Listen(Objects.requireNonNull(host, "host"), port);
            return this;
        }

        /** How long the directory remembers the hub when it no longer renews. Default 10 s, 1 s to a day. */
        public Builder directoryTtl(Duration ttl) {
            directoryTtl = Objects.requireNonNull(ttl, "directoryTtl");
            return this;
        }

        /**
         * Declares a channel: it is there from the start, and does not expire.
         *
         * @param groups its groups, which are there from the start too
         * @throws dev.sluice.InvalidNameException when the name breaks a rule
         */
        public Builder channel(String name, ChannelOptions options, List<String> groups) {
            channels.put(
                    ChannelName.require(name),
                    new Declared(Objects.requireNonNull(options, "options"), List.copyOf(groups)));
            return this;
        }

        /** Is shown what goes to {@code /dev/null}. Runs on the sender's thread; must neither block nor throw. Default: nothing. */
        public Builder onDiscard(Consumer<? super Frame> hook) {
            onDiscard = Objects.requireNonNull(hook, "onDiscard");
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException when no endpoint was named or a value is out of bounds; the message names it
         */
        public HubOptions build() {
            if (tcp == null && webSocket == null) {
                throw new IllegalArgumentException(
                        "a hub needs an endpoint: call tcp(host, port) or webSocket(host, port)");
            }
            checkTime("drain", drain);
            checkTime("serviceMemory", serviceMemory);
            if (serviceMemory.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("serviceMemory must be at most a day, was " + serviceMemory);
            }
            if (expireIdle != null) {
                checkTime("expireIdle", expireIdle);
                if (expireIdle.isZero()) {
                    throw new IllegalArgumentException("expireIdle must be more than 0: use null for never");
                }
            }
            check("mostConnections", mostConnections, 1, MOST_CONNECTIONS);
            check("channelsInMetrics", channelsInMetrics, 0, MOST_CHANNELS_IN_METRICS);
            if (directoryTtl.compareTo(Directory.SHORTEST_TTL) < 0
                    || directoryTtl.compareTo(Directory.LONGEST_TTL) > 0) {
                throw new IllegalArgumentException("directoryTtl must be " + Directory.SHORTEST_TTL + " to "
                        + Directory.LONGEST_TTL + ", was " + directoryTtl);
            }
            return new HubOptions(new Builder(this));
        }

        private static void checkTime(String name, Duration time) {
            if (time.isNegative() || time.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(name + " must be 0 to " + LONGEST + ", was " + time);
            }
        }

        private static void check(String name, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", was " + value);
            }
        }
    }
}
