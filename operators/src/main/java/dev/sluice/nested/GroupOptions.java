package dev.sluice.nested;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** How {@link NestedFlux#groupBy groupBy} keeps its groups within bounds. Immutable and thread safe. */
public final class GroupOptions {

    /** What happens to an element whose group's buffer is full. */
    public enum WhenFull {
        /**
         * It waits, and with it all that come after it, so the source is pushed back and nothing is lost as long as
         * something is taken from every group. A group from which nothing is taken for the accept timeout fails with
         * {@link GroupNotDrainedException}, what it held is dropped, and the others go on.
         */
        WAIT,
        /** The oldest element of the group is dropped for it. Other groups never wait. */
        DROP_OLDEST,
        /** It is dropped. Other groups never wait. */
        DROP_LATEST,
        /**
         * It is dropped, and its group fails with {@link GroupFullException} once what is buffered was taken. Other
         * groups never wait.
         */
        FAIL_GROUP
    }

    /** What happens when a new key comes while as many groups are open as may be. */
    public enum WhenTooMany {
        /**
         * Everything fails with {@link TooManyGroupsException}. But while some of those open were not even asked for,
         * the consumer is merely slow and the new key waits, like a full group's element, for the accept timeout at
         * most.
         */
        FAIL,
        /**
         * Of the subscribed groups with nothing left to take, the one whose last element is longest ago completes. Its
         * key may come again and then opens a new group. While there is no such group the new key waits, like a full
         * group's element, for the accept timeout at most.
         */
        COMPLETE_LEAST_ACTIVE
    }

    private static final GroupOptions DEFAULTS = builder().build();

    private final int bufferSize;
    private final int maxGroups;
    private final int prefetch;
    private final WhenFull whenFull;
    private final WhenTooMany whenTooMany;
    private final Duration acceptTimeout;
    private final @Nullable Scheduler scheduler;
    private final @Nullable Consumer<? super GroupDrop> onDrop;

    private GroupOptions(Builder builder) {
        Limits.within("bufferSize", 1, MergeOptions.MAX_PREFETCH, builder.bufferSize);
        Limits.atLeast("maxGroups", 1, builder.maxGroups);
        Limits.within("prefetch", 1, MergeOptions.MAX_PREFETCH, builder.prefetch);
        Limits.positive("acceptTimeout", builder.acceptTimeout);
        this.bufferSize = builder.bufferSize;
        this.maxGroups = builder.maxGroups;
        this.prefetch = builder.prefetch;
        this.whenFull = builder.whenFull;
        this.whenTooMany = builder.whenTooMany;
        this.acceptTimeout = builder.acceptTimeout;
        this.scheduler = builder.scheduler;
        this.onDrop = builder.onDrop;
    }

    /**
     * The defaults of every value.
     *
     * @return a buffer of 32 elements a group, at most 1,024 groups and failing beyond, waiting when full, for at most
     *     30 s
     */
    public static GroupOptions defaults() {
        return DEFAULTS;
    }

    /**
     * A builder that starts from the defaults.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    int bufferSize() {
        return bufferSize;
    }

    int maxGroups() {
        return maxGroups;
    }

    int prefetch() {
        return prefetch;
    }

    WhenFull whenFull() {
        return whenFull;
    }

    WhenTooMany whenTooMany() {
        return whenTooMany;
    }

    Duration acceptTimeout() {
        return acceptTimeout;
    }

    /** Asked at each subscription, because tests swap the default one for virtual time. */
    Scheduler scheduler() {
        return scheduler == null ? Schedulers.parallel() : scheduler;
    }

    @Nullable Consumer<? super GroupDrop> onDrop() {
        return onDrop;
    }

    /** Collects values for {@link GroupOptions}. Not thread safe. */
    public static final class Builder {

        private int bufferSize = 32;
        private int maxGroups = 1024;
        private int prefetch = 256;
        private WhenFull whenFull = WhenFull.WAIT;
        private WhenTooMany whenTooMany = WhenTooMany.FAIL;
        private Duration acceptTimeout = Duration.ofSeconds(30);
        private @Nullable Scheduler scheduler;
        private @Nullable Consumer<? super GroupDrop> onDrop;

        private Builder() {}

        /**
         * How many elements wait in a group that its subscriber has not asked for.
         *
         * @param elements from 1 to {@value MergeOptions#MAX_PREFETCH}; 32 unless set
         * @return this builder
         */
        public Builder bufferSize(int elements) {
            this.bufferSize = elements;
            return this;
        }

        /**
         * How many groups are open at a time, announced or not. All buffers together hold at most this many times the
         * buffer size.
         *
         * @param groups 1 or more; 1,024 unless set
         * @return this builder
         */
        public Builder maxGroups(int groups) {
            this.maxGroups = groups;
            return this;
        }

        /**
         * How many elements are asked of the source ahead of being sorted into groups. More are asked for when three
         * quarters are sorted.
         *
         * @param elements from 1 to {@value MergeOptions#MAX_PREFETCH}; 256 unless set
         * @return this builder
         */
        public Builder prefetch(int elements) {
            this.prefetch = elements;
            return this;
        }

        /**
         * What happens to an element whose group's buffer is full.
         *
         * @param policy {@link WhenFull#WAIT} unless set
         * @return this builder
         */
        public Builder whenFull(WhenFull policy) {
            this.whenFull = Objects.requireNonNull(policy, "whenFull");
            return this;
        }

        /**
         * What happens when a new key comes while {@link #maxGroups(int)} are open.
         *
         * @param policy {@link WhenTooMany#FAIL} unless set
         * @return this builder
         */
        public Builder whenTooMany(WhenTooMany policy) {
            this.whenTooMany = Objects.requireNonNull(policy, "whenTooMany");
            return this;
        }

        /**
         * How long a group may hold up the others without anything being taken from it. It is ended no sooner than this
         * and no later than twice this: one timer serves all waits, so that a wait costs none of its own.
         *
         * @param timeout longer than nothing; 30 s unless set
         * @return this builder
         */
        public Builder acceptTimeout(Duration timeout) {
            this.acceptTimeout = Objects.requireNonNull(timeout, "acceptTimeout");
            return this;
        }

        /**
         * Where the accept timeout is measured, and on which thread its consequences are signalled.
         *
         * @param timer any time-capable scheduler; {@link Schedulers#parallel()} unless set
         * @return this builder
         */
        public Builder scheduler(Scheduler timer) {
            this.scheduler = Objects.requireNonNull(timer, "scheduler");
            return this;
        }

        /**
         * Hears of every loss. It is called in the middle of the stream, so it must neither block nor throw. Without
         * one, the first loss of each group is logged as a warning.
         *
         * @param listener told of each loss as it happens
         * @return this builder
         */
        public Builder onDrop(Consumer<? super GroupDrop> listener) {
            this.onDrop = Objects.requireNonNull(listener, "onDrop");
            return this;
        }

        /**
         * The options.
         *
         * @return immutable options
         * @throws IllegalArgumentException when a value is out of its range, naming it and the range
         */
        public GroupOptions build() {
            return new GroupOptions(this);
        }
    }
}
