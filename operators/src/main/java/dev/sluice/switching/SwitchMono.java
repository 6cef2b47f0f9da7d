package dev.sluice.switching;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;

/** A switch, made at subscription. */
final class SwitchMono<T, R> extends Mono<R> implements Scannable {
    private final String name;
    private final Supplier<Order<T, R>> orders;

    SwitchMono(String name, Supplier<Order<T, R>> orders) {
        this.name = name;
        this.orders = orders;
    }

    @Override
    public void subscribe(CoreSubscriber<? super R> actual) {
        Switch<T, R> change = new Switch<>(actual, orders.get());
        actual.onSubscribe(change);
        change.start();
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.NAME) {
            return name;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }

    @Override
    public String stepName() {
        return name;
    }
}
