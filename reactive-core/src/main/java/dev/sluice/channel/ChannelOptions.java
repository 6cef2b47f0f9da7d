package dev.sluice.channel;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** How a channel behaves. Immutable; made by a {@link Builder}. */
public final class ChannelOptions {

    /** The capacity of a channel that nobody gave one: {@value}. */
    public static final int DEFAULT_CAPACITY = 100;

    /** The largest capacity: {@value} elements. */
    public static final int MAX_CAPACITY = 1 << 28;

    private static final ChannelOptions DEFAULTS = builder().build();

    private final String name;
    private final int capacity;
    private final Retention retention;
    private final WhenNoGroup whenNoGroup;
    private final @Nullable Consumer<Object> onDiscard;
    private final Scheduler clock;

    private ChannelOptions(Builder builder) {
        this.name = builder.name;
        this.capacity = builder.capacity;
        this.retention = builder.retention;
        this.whenNoGroup = builder.whenNoGroup;
        this.onDiscard = builder.onDiscard;
        this.clock = builder.clock;
    }

    /** Capacity {@value #DEFAULT_CAPACITY}, no retention, elements wait for the first group. */
    public static ChannelOptions defaults() {
        return DEFAULTS;
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder with these values. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** See {@link Builder#name}. */
    public String name() {
        return name;
    }

    /** See {@link Builder#capacity}. */
    public int capacity() {
        return capacity;
    }

    /** See {@link Builder#retention}. */
    public Retention retention() {
        return retention;
    }

    /** See {@link Builder#whenNoGroup}. */
    public WhenNoGroup whenNoGroup() {
        return whenNoGroup;
    }

    /** See {@link Builder#onDiscard}. */
    public @Nullable Consumer<Object> onDiscard() {
        return onDiscard;
    }

    /** See {@link Builder#clock}. */
    public Scheduler clock() {
        return clock;
    }

    /** Checks a capacity, with a message that names the bounds. */
    public static int requireCapacity(int capacity) {
        if (capacity < 0 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "capacity must be 0 (rendezvous) to " + MAX_CAPACITY + " elements, was " + capacity);
        }
        return capacity;
    }

    /** Builds {@link ChannelOptions}. Not thread safe. */
    public static final class Builder {
        private String name = "channel";
        private int capacity = DEFAULT_CAPACITY;
        private Retention retention = Retention.none();
        private WhenNoGroup whenNoGroup = WhenNoGroup.HOLD;
        private @Nullable Consumer<Object> onDiscard;
        private Scheduler clock = Schedulers.parallel();

        private Builder() {}

        private Builder(ChannelOptions options) {
            this.name = options.name;
            this.capacity = options.capacity;
            this.retention = options.retention;
            this.whenNoGroup = options.whenNoGroup;
            this.onDiscard = options.onDiscard;
            this.clock = options.clock;
        }

        /** The name used in messages, metrics and checkpoints. Default {@code channel}. */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /** How many elements wait; 0 = rendezvous. Default {@value ChannelOptions#DEFAULT_CAPACITY}. */
        public Builder capacity(int capacity) {
            this.capacity = capacity;
            return this;
        }

        /** Which elements are kept for those who come later. Default {@link Retention#none()}. */
        public Builder retention(Retention retention) {
            this.retention = retention;
            return this;
        }

        /** What happens while there is no group. Default {@link WhenNoGroup#HOLD}. */
        public Builder whenNoGroup(WhenNoGroup whenNoGroup) {
            this.whenNoGroup = whenNoGroup;
            return this;
        }

        /**
         * Gets every accepted element that the channel gives up without passing it on: shed by a group's overflow, left
         * behind when its last group is removed, dropped because there was no group. Called outside all locks. Default:
         * nothing.
         */
        public Builder onDiscard(Consumer<Object> onDiscard) {
            this.onDiscard = onDiscard;
            return this;
        }

        /** Tells the time for {@link Retention#forLast}. Default {@link Schedulers#parallel()}. */
        public Builder clock(Scheduler clock) {
            this.clock = clock;
            return this;
        }

        /** Checks the values and builds. */
        public ChannelOptions build() {
            requireCapacity(capacity);
            return new ChannelOptions(this);
        }
    }
}
