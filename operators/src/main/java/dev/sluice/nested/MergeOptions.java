package dev.sluice.nested;

/**
 * How sources are merged. Immutable and thread safe.
 *
 * @param concurrency how many sources are open at a time, 1 or more; {@link Integer#MAX_VALUE} is without limit
 * @param prefetch how many elements each source may send ahead of its turns, from 1 to {@value #MAX_PREFETCH}
 * @param delayError whether a failure waits until all other sources have ended
 * @param starvationBound how many turns in a row may pass over a source of lower priority, or 0 for any number
 */
public record MergeOptions(int concurrency, int prefetch, boolean delayError, int starvationBound) {

    /** The most a source can be allowed to send ahead. */
    public static final int MAX_PREFETCH = 65_536;

    private static final MergeOptions DEFAULTS = builder().build();

    /**
     * Checks each value.
     *
     * @throws IllegalArgumentException when one is out of its range, naming it and the range
     */
    public MergeOptions {
        Limits.atLeast("concurrency", 1, concurrency);
        Limits.within("prefetch", 1, MAX_PREFETCH, prefetch);
        Limits.atLeast("starvationBound", 0, starvationBound);
    }

    /**
     * The defaults of every value.
     *
     * @return 256 sources at a time, 32 elements ahead, errors at once, strict priority
     */
    public static MergeOptions defaults() {
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

    /** Collects values for {@link MergeOptions}. Not thread safe. */
    public static final class Builder {

        private int concurrency = 256;
        private int prefetch = 32;
        private boolean delayError;
        private int starvationBound;

        private Builder() {}

        /**
         * How many sources are open at a time. The others wait with their producer, unannounced, until one ends: so
         * sources that never end must be fewer than this.
         *
         * @param sources 1 or more, {@link Integer#MAX_VALUE} for no limit; 256 unless set
         * @return this builder
         */
        public Builder concurrency(int sources) {
            this.concurrency = sources;
            return this;
        }

        /**
         * How many elements each source may send ahead of its turns. More are asked for when three quarters are taken.
         * A merge holds at most concurrency times prefetch elements.
         *
         * @param elements from 1 to {@value #MAX_PREFETCH}; 32 unless set
         * @return this builder
         */
        public Builder prefetch(int elements) {
            this.prefetch = elements;
            return this;
        }

        /**
         * Whether a failure waits until all other sources have ended. Several failures then arrive as one, see
         * {@link reactor.core.Exceptions#unwrapMultiple(Throwable)}.
         *
         * @param delayed true to wait, false to fail at once and discard what is waiting; false unless set
         * @return this builder
         */
        public Builder delayError(boolean delayed) {
            this.delayError = delayed;
            return this;
        }

        /**
         * How many turns in a row may pass over somebody of lower priority. After that many, one turn goes to the
         * priority that has waited longest. Only a merge by priority looks at it.
         *
         * @param turns 1 or more, or 0 for strict priority; 0 unless set
         * @return this builder
         */
        public Builder starvationBound(int turns) {
            this.starvationBound = turns;
            return this;
        }

        /**
         * The options.
         *
         * @return immutable options
         * @throws IllegalArgumentException when a value is out of its range, naming it and the range
         */
        public MergeOptions build() {
            return new MergeOptions(concurrency, prefetch, delayError, starvationBound);
        }
    }
}
