package dev.sluice.switching;

import dev.sluice.channel.Sender;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Scannable;

/**
 * The sender that leads nowhere: it accepts every element at once, counts it, and lets it go. A {@link SwitchableSink} is
 * aimed at one when what it sends is of no use for a while and its users are not to notice.
 *
 * <p>Thread safe. Never full, never closed. Switching to and from it is exact: of what is sent, each element is either
 * counted here or at the other target.
 *
 * @param <T> the element
 */
public sealed interface Sinkhole<T> extends Sender<T>, Scannable permits CountingSinkhole {

    /** A sinkhole that only counts. */
    static <T> Sinkhole<T> create(String name) {
        return Sinkhole.<T>builder(name).build();
    }

    /** A sinkhole with options. */
    static <T> Builder<T> builder(String name) {
        return new Builder<>(name);
    }

    /** The sinkhole's name. */
    @Override
    String name();

    /** How many elements it has accepted. */
    long count();

    /**
     * How a sinkhole lets go. What it calls runs on the sender's thread, after the element is accepted and under no lock;
     * when it throws, the error goes to Reactor's {@code onErrorDropped} and the sender does not notice.
     */
    final class Builder<T> {
        final String name;

        @Nullable Consumer<? super T> onDiscard;

        @Nullable Consumer<? super T> sampler;

        int every = 1;

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /** Gets every element, so that pooled payloads can be released. Default: none. */
        public Builder<T> onDiscard(Consumer<? super T> hook) {
            this.onDiscard = hook;
            return this;
        }

        /**
         * Shows some of the elements, before they are discarded. Default: none.
         *
         * @param every how many elements there are to a sample, 1 or more: of 100 every hundredth is shown
         * @param sampler gets them
         */
        public Builder<T> sample(int every, Consumer<? super T> sampler) {
            if (every < 1) {
                throw new IllegalArgumentException("every must be 1 or more, was " + every);
            }
            this.every = every;
            this.sampler = sampler;
            return this;
        }

        /** The sinkhole. */
        public Sinkhole<T> build() {
            return new CountingSinkhole<>(this);
        }
    }
}
