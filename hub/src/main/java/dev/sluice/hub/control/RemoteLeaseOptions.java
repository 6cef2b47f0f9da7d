package dev.sluice.hub.control;

import dev.sluice.switching.Diversion;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a channel of a hub is leased. Immutable; made by a {@link Builder}. */
public final class RemoteLeaseOptions {

    private static final Duration SHORTEST_TTL = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofDays(365);

    private final Diversion others;
    private final @Nullable Duration ttl;
    private final Duration maxWait;

    private RemoteLeaseOptions(Builder builder) {
        this.others = builder.others;
        this.ttl = builder.ttl;
        this.maxWait = builder.maxWait;
    }

    /** A builder with the defaults: others wait, 30 seconds, fails at once when somebody has the lease. */
    public static Builder builder() {
        return new Builder();
    }

    /** What becomes of services that are aimed at the channel. */
    public Diversion others() {
        return others;
    }

    /** After which the lease ends unless it is renewed; null when it does not. */
    public @Nullable Duration ttl() {
        return ttl;
    }

    /** How long to wait while somebody else has the lease. */
    public Duration maxWait() {
        return maxWait;
    }

    /** Builds {@link RemoteLeaseOptions}. Not thread safe. */
    public static final class Builder {
        private Diversion others = Diversion.HOLD;
        private @Nullable Duration ttl = Duration.ofSeconds(30);
        private Duration maxWait = Duration.ZERO;

        private Builder() {}

        /** What becomes of services that are aimed at the channel. Default {@link Diversion#HOLD}. */
        public Builder others(Diversion diversion) {
            others = Objects.requireNonNull(diversion, "others");
            return this;
        }

        /** After which the lease ends unless it is renewed, 100 ms to 365 days. Default 30 s. */
        public Builder ttl(Duration limit) {
            ttl = Objects.requireNonNull(limit, "ttl");
            return this;
        }

        /** The lease ends with its holder's connection, and not by itself. */
        public Builder noTtl() {
            ttl = null;
            return this;
        }

        /** How long to wait, first come first served, while somebody else has the lease. Default not at all. */
        public Builder maxWait(Duration limit) {
            maxWait = Objects.requireNonNull(limit, "maxWait");
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException when a value is out of bounds; the message names it
         */
        public RemoteLeaseOptions build() {
            if (ttl != null && (ttl.compareTo(SHORTEST_TTL) < 0 || ttl.compareTo(LONGEST) > 0)) {
                throw new IllegalArgumentException("ttl must be " + SHORTEST_TTL + " to " + LONGEST + ", was " + ttl
                        + ": use noTtl() for no limit");
            }
            if (maxWait.isNegative() || maxWait.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("maxWait must be 0 to " + LONGEST + ", was " + maxWait);
            }
            return new RemoteLeaseOptions(this);
        }
    }
}
