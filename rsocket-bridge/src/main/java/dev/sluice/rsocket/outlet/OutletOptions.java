package dev.sluice.rsocket.outlet;

import dev.sluice.Frame;
import dev.sluice.channel.Sender;
import dev.sluice.channel.SwitchableSender;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** What clients may do with the outlets of a server. Immutable and thread safe; made by a {@link Builder}. */
public final class OutletOptions {

    private static final int MOST = 1_000_000;
    private static final Duration LONGEST = Duration.ofDays(1);

    private final Builder values;

    private OutletOptions(Builder values) {
        this.values = values;
    }

    /** A builder with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** The defaults: clients use what the application offers, and open none. */
    public static OutletOptions defaults() {
        return builder().build();
    }

    /** See {@link Builder#opener}; null when clients open none. */
    public @Nullable BiFunction<String, Sender<Frame>, ? extends SwitchableSender<Frame>> opener() {
        return values.opener;
    }

    /** See {@link Builder#maxPerClient}. */
    public int maxPerClient() {
        return values.maxPerClient;
    }

    /** See {@link Builder#maxOpened}. */
    public int maxOpened() {
        return values.maxOpened;
    }

    /** See {@link Builder#memory}. */
    public Duration memory() {
        return values.memory;
    }

    /** See {@link Builder#waitingBytes}. */
    public long waitingBytes() {
        return values.waitingBytes;
    }

    /** Builds {@link OutletOptions}. Not thread safe. */
    public static final class Builder {
        private @Nullable BiFunction<String, Sender<Frame>, ? extends SwitchableSender<Frame>> opener;
        private int maxPerClient = 64;
        private int maxOpened = 1_024;
        private Duration memory = Duration.ofMinutes(1);
        private long waitingBytes = Runtime.getRuntime().maxMemory() / 8;

        private Builder() {}

        private Builder(Builder from) {
            opener = from.opener;
            maxPerClient = from.maxPerClient;
            maxOpened = from.maxOpened;
            memory = from.memory;
            waitingBytes = from.waitingBytes;
        }

        /**
         * Lets clients open outlets. Default: they may not.
         *
         * @param maker makes an outlet of a name with a target, such as {@code SwitchableSink::create}. Called on event loops, must not block. May
         *     be called for a name twice at the same time; one of the results is used, and the other forgotten
         */
        public Builder opener(BiFunction<String, Sender<Frame>, ? extends SwitchableSender<Frame>> maker) {
            opener = Objects.requireNonNull(maker, "maker");
            return this;
        }

        /** How many outlets one client may have open. Default 64, 1 to 1,000,000. */
        public Builder maxPerClient(int outlets) {
            maxPerClient = outlets;
            return this;
        }

        /** How many outlets all clients together may have open. Default 1,024, 1 to 1,000,000. */
        public Builder maxOpened(int outlets) {
            maxOpened = outlets;
            return this;
        }

        /**
         * How long a client whose connection is lost may stay away and find its outlets, and what became of its sends. Default 1 minute, at
         * most 1 day.
         */
        public Builder memory(Duration time) {
            memory = Objects.requireNonNull(time, "time");
            return this;
        }

        /**
         * Bytes of elements that wait for room at the targets at most, all clients together; one client may have a quarter of that.
         * Default an eighth of the heap.
         *
         * @param bytes 64 KiB or more
         */
        public Builder waitingBytes(long bytes) {
            waitingBytes = bytes;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException when one is out of its bounds
         */
        public OutletOptions build() {
            check("maxPerClient", maxPerClient);
            check("maxOpened", maxOpened);
            if (waitingBytes < 65_536) {
                throw new IllegalArgumentException("waitingBytes must be 65536 or more, was " + waitingBytes);
            }
            if (memory.isZero() || memory.isNegative() || memory.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "memory must be more than zero and at most " + LONGEST + ", was " + memory);
            }
            return new OutletOptions(new Builder(this));
        }

        private static void check(String name, int value) {
            if (value < 1 || value > MOST) {
                throw new IllegalArgumentException(name + " must be 1 to " + MOST + ", was " + value);
            }
        }
    }
}
