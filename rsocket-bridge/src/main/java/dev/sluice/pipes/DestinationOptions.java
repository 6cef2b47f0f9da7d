package dev.sluice.pipes;

import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Overflow;
import dev.sluice.channel.WhenNoGroup;
import dev.sluice.directory.GroupTerms;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** How a destination behaves. Immutable; made by a {@link Builder}. */
public final class DestinationOptions {

    private static final DestinationOptions DEFAULTS = builder().build();

    private final ChannelOptions channel;
    private final boolean exclusive;
    private final Map<String, String> metadata;
    private final int mostGroups;
    private final Duration longestExpiry;
    private final int longestBuffer;

    private DestinationOptions(Builder builder) {
        this.channel = builder.channel.build();
        this.exclusive = builder.exclusive;
        this.metadata = Map.copyOf(builder.metadata);
        this.mostGroups = builder.mostGroups;
        this.longestExpiry = builder.longestExpiry;
        this.longestBuffer = builder.longestBuffer;
    }

    /** A hundred frames wait, frames wait for the first group, others may register the destination too. */
    public static DestinationOptions defaults() {
        return DEFAULTS;
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    ChannelOptions channel(String name) {
        return channel.toBuilder().name(name).build();
    }

    /** See {@link Builder#exclusive}. */
    public boolean exclusive() {
        return exclusive;
    }

    /** See {@link Builder#metadata}. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** See {@link Builder#mostGroups}. */
    public int mostGroups() {
        return mostGroups;
    }

    /** What a group gets that wants these terms. */
    GroupTerms bounded(GroupTerms wanted) {
        Duration expiry = wanted.expiry().compareTo(longestExpiry) > 0 ? longestExpiry : wanted.expiry();
        return new GroupTerms(expiry, wanted.overflow(), Math.min(wanted.buffer(), longestBuffer));
    }

    /** Builds {@link DestinationOptions}. Not thread safe. */
    public static final class Builder {
        private ChannelOptions.Builder channel = ChannelOptions.builder();
        private boolean exclusive;
        private Map<String, String> metadata = Map.of();
        private int mostGroups = 1_000;
        private Duration longestExpiry = Duration.ofHours(1);
        private int longestBuffer = 1 << 16;

        private Builder() {}

        /** How many frames wait for the slowest group before senders do; 0 = rendezvous. Default {@value ChannelOptions#DEFAULT_CAPACITY}. */
        public Builder capacity(int frames) {
            channel.capacity(frames);
            return this;
        }

        /** What happens to frames while there is no group: they wait, or are dropped and counted. Default {@link WhenNoGroup#HOLD}. */
        public Builder whenNoGroup(WhenNoGroup whenNoGroup) {
            channel.whenNoGroup(Objects.requireNonNull(whenNoGroup, "whenNoGroup"));
            return this;
        }

        /** All that a channel can be told: retention, what gets discarded. Replaces what the other methods said of it; its name is the destination's. */
        public Builder channel(ChannelOptions options) {
            channel = options.toBuilder();
            return this;
        }

        /** Whether it must be the only instance of its name. Default false. */
        public Builder exclusive(boolean exclusive) {
            this.exclusive = exclusive;
            return this;
        }

        /** What the directory tells of it besides where it is. Default nothing. */
        public Builder metadata(Map<String, String> metadata) {
            this.metadata = Map.copyOf(metadata);
            return this;
        }

        /** How many groups may receive from it: members make them by joining, and each holds senders back. Others get nothing. Default 1,000. */
        public Builder mostGroups(int groups) {
            mostGroups = groups;
            return this;
        }

        /**
         * The longest a group stays without members, whatever its terms say: what waits for it holds senders back for so long. Default an hour, up to
         * {@link GroupTerms#LONGEST_EXPIRY}.
         */
        public Builder longestExpiry(Duration expiry) {
            longestExpiry = Objects.requireNonNull(expiry, "expiry");
            return this;
        }

        /** The longest buffer of a group that drops, whatever its terms say. Default 65,536. */
        public Builder longestBuffer(int frames) {
            longestBuffer = frames;
            return this;
        }

        /**
         * Checks the values and builds.
         *
         * @throws IllegalArgumentException when a value is out of bounds; the message names it
         */
        public DestinationOptions build() {
            if (mostGroups < 1) {
                throw new IllegalArgumentException("mostGroups must be 1 or more, was " + mostGroups);
            }
            // Checks them, with their bounds in the message.
            GroupTerms.defaults().withExpiry(longestExpiry).withOverflow(Overflow.DROP_OLDEST, longestBuffer);
            return new DestinationOptions(this);
        }
    }
}
