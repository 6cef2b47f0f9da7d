package dev.sluice.nested;

import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;

/**
 * Merges sources by turns: round robin, or by priority when there is one.
 *
 * @param <S> the sources
 * @param <T> what they carry
 */
final class FluxMerge<S, T> extends FluxOperator<S, T> {

    private final Function<? super S, ? extends Publisher<? extends T>> open;
    private final @Nullable ToIntFunction<? super S> priority;
    private final MergeOptions options;

    FluxMerge(
            Flux<? extends S> sources,
            Function<? super S, ? extends Publisher<? extends T>> open,
            @Nullable ToIntFunction<? super S> priority,
            MergeOptions options) {
        super(sources);
        this.open = open;
        this.priority = priority;
        this.options = options;
    }

    /** The operator as assembly hooks want it. */
    Flux<T> assembled() {
        return onAssembly(this);
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        Turns<T> turns = priority == null ? new Ring<>() : new Lanes<>(options.starvationBound());
        source.subscribe(new MergeMain<>(actual, open, priority, turns, options));
    }

    @Override
    public int getPrefetch() {
        return options.prefetch();
    }

    @Override
    public String stepName() {
        return priority == null ? "mergeFair" : "mergeByPriority";
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : super.scanUnsafe(key);
    }
}
