package dev.sluice.rsocket.balance;

import dev.sluice.rsocket.ClientOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** How calls are spread over instances. Immutable and thread safe. */
public final class BalanceOptions {

    private static final Duration LONGEST = Duration.ofDays(1);

    private final Builder values;

    private BalanceOptions(Builder values) {
        this.values = values;
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** The defaults. */
    public static BalanceOptions defaults() {
        return builder().build();
    }

    /** How long a call waits for an instance that can be reached before it fails. Default 10 s. */
    public Duration instanceTimeout() {
        return values.instanceTimeout;
    }

    /** How long an instance that could not be reached is passed over the first time; doubled each time after. Default 500 ms. */
    public Duration passOverMin() {
        return values.passOverMin;
    }

    /** The longest an instance is passed over. Default 30 s. */
    public Duration passOverMax() {
        return values.passOverMax;
    }

    UnaryOperator<ClientOptions.Builder> client() {
        return values.client;
    }

    /** Builds {@link BalanceOptions}. Not thread safe. */
    public static final class Builder {
        private Duration instanceTimeout = Duration.ofSeconds(10);
        private Duration passOverMin = Duration.ofMillis(500);
        private Duration passOverMax = Duration.ofSeconds(30);
        private UnaryOperator<ClientOptions.Builder> client = options -> options;

        private Builder() {}

        private Builder(Builder from) {
            instanceTimeout = from.instanceTimeout;
            passOverMin = from.passOverMin;
            passOverMax = from.passOverMax;
            client = from.client;
        }

        /** See {@link BalanceOptions#instanceTimeout()}. */
        public Builder instanceTimeout(Duration timeout) {
            instanceTimeout = Objects.requireNonNull(timeout, "instanceTimeout");
            return this;
        }

        /** See {@link BalanceOptions#passOverMin()} and {@link BalanceOptions#passOverMax()}. */
        public Builder passOver(Duration min, Duration max) {
            passOverMin = Objects.requireNonNull(min, "passOverMin");
            passOverMax = Objects.requireNonNull(max, "passOverMax");
            return this;
        }

        /**
         * Options of the clients: credentials, certificates, timeouts. Host, port and path come from the directory, and where an instance is
         * to be reached with TLS, what the JVM trusts is trusted unless this says other. The number of connection attempts is always 1: the
         * next attempt may be another instance's.
         *
         * @param how called for each instance
         */
        public Builder client(UnaryOperator<ClientOptions.Builder> how) {
            client = Objects.requireNonNull(how, "client");
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException when a value is out of bounds; the message names it
         */
        public BalanceOptions build() {
            check("instanceTimeout", instanceTimeout);
            check("passOverMin", passOverMin);
            check("passOverMax", passOverMax);
            if (passOverMax.compareTo(passOverMin) < 0) {
                throw new IllegalArgumentException(
                        "passOverMax must be at least passOverMin, " + passOverMin + ", was " + passOverMax);
            }
            return new BalanceOptions(new Builder(this));
        }

        private static void check(String name, Duration value) {
            if (value.isZero() || value.isNegative() || value.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        name + " must be more than zero and at most " + LONGEST + ", was " + value);
            }
        }
    }
}
