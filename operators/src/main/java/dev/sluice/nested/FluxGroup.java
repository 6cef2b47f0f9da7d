package dev.sluice.nested;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;

/**
 * Sorts elements into bounded groups.
 *
 * @param <K> the keys
 * @param <T> the elements
 */
final class FluxGroup<K, T> extends FluxOperator<T, Group<K, T>> {

    private final Function<? super T, ? extends K> keyOf;
    private final GroupOptions options;

    FluxGroup(Flux<? extends T> source, Function<? super T, ? extends K> keyOf, GroupOptions options) {
        super(source);
        this.keyOf = keyOf;
        this.options = options;
    }

    Flux<Group<K, T>> assembled() {
        return onAssembly(this);
    }

    @Override
    public void subscribe(CoreSubscriber<? super Group<K, T>> actual) {
        source.subscribe(new GroupRouter<>(actual, keyOf, options));
    }

    @Override
    public int getPrefetch() {
        return options.prefetch();
    }

    @Override
    public String stepName() {
        return "groupBy";
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : super.scanUnsafe(key);
    }
}
