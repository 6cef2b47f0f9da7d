package dev.sluice.pipes;

import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.WhenNoGroup;
import java.util.Map;
import java.util.Objects;

/** How a destination behaves. Immutable; made by a {@link Builder}. */
public final class DestinationOptions {

    private static final DestinationOptions DEFAULTS = builder().build();

    private final ChannelOptions channel;
    private final boolean exclusive;
    private final Map<String, String> metadata;

    private DestinationOptions(Builder builder) {
        this.channel = builder.channel.build();
        this.exclusive = builder.exclusive;
        this.metadata = Map.copyOf(builder.metadata);
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

    /** Builds {@link DestinationOptions}. Not thread safe. */
    public static final class Builder {
        private ChannelOptions.Builder channel = ChannelOptions.builder();
        private boolean exclusive;
        private Map<String, String> metadata = Map.of();

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

        /**
         * Checks the values and builds.
         *
         * @throws IllegalArgumentException when a value is out of bounds; the message names it
         */
        public DestinationOptions build() {
            return new DestinationOptions(this);
        }
    }
}
