package dev.sluice.switching;

import dev.sluice.channel.Sender;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * How a channel is leased. Immutable; made by a {@link Builder}.
 *
 * @param <T> the element
 */
public final class LeaseOptions<T> {

    /** What happens to services that are aimed at the channel. */
    public enum Others {
        /** What they send is accepted, counted and let go: they do not notice. */
        DISCARD,
        /** Their sends wait. */
        HOLD,
        /** They send to another target. */
        DIVERT
    }

    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final Others others;
    private final @Nullable Sender<T> diversion;
    private final @Nullable Duration ttl;
    private final Duration maxWait;
    private final Scheduler clock;

    private LeaseOptions(Builder<T> builder) {
        this.others = builder.others;
        this.diversion = builder.diversion;
        this.ttl = builder.ttl;
        this.maxWait = builder.maxWait;
        this.clock = builder.clock;
    }

    /** Others wait, 30 seconds, fails at once when somebody has the lease. */
    public static <T> LeaseOptions<T> defaults() {
        return LeaseOptions.<T>builder().build();
    }

    /** A builder with the defaults. */
    public static <T> Builder<T> builder() {
        return new Builder<>();
    }

    /** What happens to services that are aimed at the channel. */
    public Others others() {
        return others;
    }

    /** See {@link Builder#divertOthersTo}. */
    public @Nullable Sender<T> diversion() {
        return diversion;
    }

    /** See {@link Builder#ttl}; {@code null} for no limit. */
    public @Nullable Duration ttl() {
        return ttl;
    }

    /** See {@link Builder#maxWait}. */
    public Duration maxWait() {
        return maxWait;
    }

    /** See {@link Builder#clock}. */
    public Scheduler clock() {
        return clock;
    }

    /** Builds {@link LeaseOptions}. */
    public static final class Builder<T> {
        private Others others = Others.HOLD;
        private @Nullable Sender<T> diversion;
        private @Nullable Duration ttl = Duration.ofSeconds(30);
        private Duration maxWait = Duration.ZERO;
        private Scheduler clock = Schedulers.parallel();

        private Builder() {}

        /** Services that are aimed at the channel wait, as everybody else does. The default. */
        public Builder<T> holdOthers() {
            others = Others.HOLD;
            diversion = null;
            return this;
        }

        /** What services send to the channel is accepted, counted and let go; what waits at that moment too. */
        public Builder<T> discardOthers() {
            others = Others.DISCARD;
            diversion = null;
            return this;
        }

        /**
         * What services send to the channel goes elsewhere; what waits at that moment too.
         *
         * @param target where, but not the leased channel
         */
        public Builder<T> divertOthersTo(Sender<T> target) {
            others = Others.DIVERT;
            diversion = Objects.requireNonNull(target, "target");
            return this;
        }

        /** The lease ends by itself after so long, unless it is {@linkplain ExclusiveLease#renew renewed}. Default: 30 s. */
        public Builder<T> ttl(Duration limit) {
            this.ttl = Objects.requireNonNull(limit, "ttl");
            return this;
        }

        /** The lease does not end by itself. */
        public Builder<T> noTtl() {
            this.ttl = null;
            return this;
        }

        /**
         * How long to wait, first come first served, while somebody has the lease; then, and with {@link Duration#ZERO}
         * at once, it fails with {@link LeaseHeldException}. Default: {@code ZERO}.
         */
        public Builder<T> maxWait(Duration limit) {
            this.maxWait = Objects.requireNonNull(limit, "maxWait");
            return this;
        }

        /** What measures time and ends leases. Default: {@link Schedulers#parallel()}. */
        public Builder<T> clock(Scheduler scheduler) {
            this.clock = Objects.requireNonNull(scheduler, "clock");
            return this;
        }

        /** The options. */
        public LeaseOptions<T> build() {
            if (ttl != null && (ttl.isZero() || ttl.isNegative() || ttl.compareTo(LONGEST) > 0)) {
                throw new IllegalArgumentException("ttl must be longer than 0 and at most " + LONGEST + ", was " + ttl
                        + ": use noTtl() for no limit");
            }
            if (maxWait.isNegative() || maxWait.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("maxWait must be 0 to " + LONGEST + ", was " + maxWait);
            }
            return new LeaseOptions<>(this);
        }
    }
}
