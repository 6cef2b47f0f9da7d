package dev.sluice.etcd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where an etcd is, who asks, and how long is waited for it. Immutable. */
public final class EtcdOptions {

    /** The port of an endpoint that has none. */
    public static final int DEFAULT_PORT = 2379;

    /** What all keys begin with, unless told otherwise. */
    public static final String DEFAULT_PREFIX = "/sluice";

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final List<Endpoint> endpoints;
    private final String prefix;
    private final @Nullable String user;
    private final @Nullable String password;
    private final boolean tls;
    private final @Nullable Path trusted;
    private final @Nullable Path certificate;
    private final @Nullable Path key;
    private final Duration requestTimeout;
    private final Duration resync;

    private EtcdOptions(Builder builder) {
        this.endpoints = Collections.unmodifiableList(new ArrayList<>(builder.endpoints));
        this.prefix = builder.prefix;
        this.user = builder.user;
        this.password = builder.password;
        this.tls = builder.tls || builder.trusted != null || builder.certificate != null;
        this.trusted = builder.trusted;
        this.certificate = builder.certificate;
        this.key = builder.key;
        this.requestTimeout = builder.requestTimeout;
        this.resync = builder.resync;
    }

    /** A builder with the defaults, and no endpoint yet. */
    public static Builder builder() {
        return new Builder();
    }

    List<Endpoint> endpoints() {
        return endpoints;
    }

    /** What all keys begin with. */
    public String prefix() {
        return prefix;
    }

    @Nullable String user() {
        return user;
    }

    @Nullable String password() {
        return password;
    }

    boolean tls() {
        return tls;
    }

    @Nullable Path trusted() {
        return trusted;
    }

    @Nullable Path certificate() {
        return certificate;
    }

    @Nullable Path key() {
        return key;
    }

    /** How long a request may take, with all its attempts. */
    public Duration requestTimeout() {
        return requestTimeout;
    }

    /** How often is looked whether etcd still has what it had. */
    public Duration resync() {
        return resync;
    }

    /** The endpoints and the prefix; no secrets. */
    @Override
    public String toString() {
        return "etcd at " + where() + prefix;
    }

    String where() {
        return String.join(",", endpoints.stream().map(Endpoint::toString).toList());
    }

    /** Makes options. Not thread safe. */
    public static final class Builder {
        private final List<Endpoint> endpoints = new ArrayList<>();
        private String prefix = DEFAULT_PREFIX;
        private @Nullable String user;
        private @Nullable String password;
        private boolean tls;
        private @Nullable Path trusted;
        private @Nullable Path certificate;
        private @Nullable Path key;
        private Duration requestTimeout = Duration.ofSeconds(5);
        private Duration resync = Duration.ofSeconds(10);

        private Builder() {}

        /**
         * Adds an endpoint: one, or each of a cluster.
         *
         * @param endpoint {@code host}, {@code host:port} or {@code [IPv6]:port}; the port is {@link #DEFAULT_PORT} by default
         * @return this
         * @throws IllegalArgumentException when it is none of these
         */
        public Builder endpoint(String endpoint) {
            endpoints.add(Endpoint.of(endpoint));
            return this;
        }

        /** What all keys begin with: {@link #DEFAULT_PREFIX} by default. Directories with different prefixes know nothing of each other. */
        public Builder prefix(String prefix) {
            this.prefix = Objects.requireNonNull(prefix, "prefix");
            return this;
        }

        /** Who asks, where etcd has users. Nobody by default. */
        public Builder user(String user, String password) {
            this.user = Objects.requireNonNull(user, "user");
            this.password = Objects.requireNonNull(password, "password");
            return this;
        }

        /** Whether to speak TLS: not by default. With the files below it is spoken in any case. */
        public Builder tls(boolean tls) {
            this.tls = tls;
            return this;
        }

        /** The certificates that are trusted, in PEM; those of the JDK by default. */
        public Builder trusted(Path trusted) {
            this.trusted = Objects.requireNonNull(trusted, "trusted");
            return this;
        }

        /** The certificate to show, and its key in PKCS#8, both in PEM. None by default. */
        public Builder certificate(Path certificate, Path key) {
            this.certificate = Objects.requireNonNull(certificate, "certificate");
            this.key = Objects.requireNonNull(key, "key");
            return this;
        }

        /** How long a request may take, with all its attempts: 100 ms to 1 h, 5 s by default. */
        public Builder requestTimeout(Duration requestTimeout) {
            this.requestTimeout = Objects.requireNonNull(requestTimeout, "requestTimeout");
            return this;
        }

        /** How often is looked, while something is watched, whether etcd still has what it had: 100 ms to 1 h, 10 s by default. */
        public Builder resync(Duration resync) {
            this.resync = Objects.requireNonNull(resync, "resync");
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException when a value is out of bounds, naming it
         */
        public EtcdOptions build() {
            require(!endpoints.isEmpty(), "endpoint: there is none, name at least one as host:port");
            require(
                    prefix.matches("/.*[^/]") && prefix.chars().noneMatch(c -> c < ' '),
                    "prefix must begin with / and not end with it, was \"" + prefix + "\"");
            require(user == null || !user.isEmpty(), "user is empty: name one, or none");
            require(password == null || !password.isEmpty(), "password is empty");
            within("requestTimeout", requestTimeout);
            within("resync", resync);
            return new EtcdOptions(this);
        }

        private static void within(String name, Duration value) {
            require(
                    value.compareTo(SHORTEST) >= 0 && value.compareTo(LONGEST) <= 0,
                    name + " must be " + SHORTEST + " to " + LONGEST + ", was " + value);
        }

        private static void require(boolean met, String otherwise) {
            if (!met) {
                throw new IllegalArgumentException(otherwise);
            }
        }
    }
}
