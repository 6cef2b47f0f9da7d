package dev.sluice.rsocket.outlet;

import dev.sluice.Frame;
import dev.sluice.channel.Sender;
import dev.sluice.channel.SwitchableSender;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

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

    /** See {@link Builder#closer}; null when there is nothing to be done. */
    public @Nullable BiFunction<String, SwitchableSender<Frame>, ? extends Publisher<?>> closer() {
        return values.closer;
    }

    /** See {@link Builder#createsTargets}. */
    public boolean createsTargets() {
        return values.createsTargets;
    }

    /** See {@link Builder#idle}. */
    public Duration idle() {
        return values.idle;
    }

    /** See {@link Builder#clock}. */
    public Scheduler clock() {
        return values.clock;
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
        private @Nullable BiFunction<String, SwitchableSender<Frame>, ? extends Publisher<?>> closer;
        private boolean createsTargets;
        private Duration idle = Duration.ZERO;
        private Scheduler clock = Schedulers.parallel();
        private int maxPerClient = 64;
        private int maxOpened = 1_024;
        private Duration memory = Duration.ofMinutes(1);
        private long waitingBytes = Runtime.getRuntime().maxMemory() / 8;

        private Builder() {}

        private Builder(Builder from) {
            opener = from.opener;
            closer = from.closer;
            createsTargets = from.createsTargets;
            idle = from.idle;
            clock = from.clock;
            maxPerClient = from.maxPerClient;
            maxOpened = from.maxOpened;
            memory = from.memory;
            waitingBytes = from.waitingBytes;
        }

        /**
         * Lets clients open outlets. Default: they may not.
         *
         * @param maker makes an outlet of a name with a target, such as {@code SwitchableSink::create} or {@code register} of a {@code
         *     ServiceRegistry}. Called once for each outlet, and for a name only while it has none: who opens it meanwhile waits, and tries for
         *     itself when this throws, as whoever had it called fails with that error. Called on event loops and on threads on which closers
         *     complete, must not block
         */
        public Builder opener(BiFunction<String, Sender<Frame>, ? extends SwitchableSender<Frame>> maker) {
            opener = Objects.requireNonNull(maker, "maker");
            return this;
        }

        /**
         * Has something done with each outlet that the opener made when it is gone: when the last client has released it or is forgotten and the
         * {@linkplain #idle idle time} is over, when it is withdrawn, and when the outlets are closed. Default: nothing.
         *
         * @param closing is given the name and the outlet, once for each, and what it gives is subscribed to; such as {@code unregister} of a
         *     {@code ServiceRegistry}. Until that completes the name is taken, and who opens it waits; a failure is logged, and frees the name too.
         *     Called on event loops, on {@linkplain #clock timer} threads and on those that withdraw, must not block
         */
        public Builder closer(BiFunction<String, SwitchableSender<Frame>, ? extends Publisher<?>> closing) {
            closer = Objects.requireNonNull(closing, "closing");
            return this;
        }

        /**
         * Whether a client that opens an outlet creates the channel it is to lead to, if there is none, as who sends to a channel does; no more
         * rights are needed for it. Who joins an outlet creates nothing, nor does who aims one; but who joins one that
         * leads to that very channel, and finds it deleted, has it lead to the one that has the name now. Default false: opening fails.
         */
        public Builder createsTargets(boolean creates) {
            createsTargets = creates;
            return this;
        }

        /**
         * How long an outlet that clients opened stays when none of them holds it any more. Until then who opens it joins it, wherever it leads.
         * It counts against {@link #maxOpened}, but gives way to a new one that would be too many, the one nobody has held for the longest first.
         * Default zero, at most 1 day.
         */
        public Builder idle(Duration time) {
            idle = Objects.requireNonNull(time, "time");
            return this;
        }

        /** What measures {@link #idle}. Default: {@link Schedulers#parallel()}. */
        public Builder clock(Scheduler scheduler) {
            clock = Objects.requireNonNull(scheduler, "scheduler");
            return this;
        }

        /** How many outlets one client may have open. Default 64, 1 to 1,000,000. */
        public Builder maxPerClient(int outlets) {
            maxPerClient = outlets;
            return this;
        }

        /** How many outlets all clients together may have open, with those whose closer has not completed. Default 1,024, 1 to 1,000,000. */
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
            if (idle.isNegative() || idle.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("idle must be 0 to " + LONGEST + ", was " + idle);
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
