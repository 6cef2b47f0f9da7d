package dev.sluice.channel.spi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * Sends what a publisher gives, asking it only for what there is room for.
 *
 * @param <T> the element
 */
final class SendAllMono<T> extends Mono<Long> implements Accounted, Scannable {
    private final Publisher<? extends T> elements;
    private final Gate<T> gate;
    private final @Nullable Route<T> route;

    SendAllMono(Publisher<? extends T> elements, Gate<T> gate, @Nullable Route<T> route) {
        this.elements = Objects.requireNonNull(elements, "elements");
        this.gate = gate;
        this.route = route;
    }

    @Override
    public Publisher<?> elements() {
        return elements;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Long> actual) {
        if (route == null && !gate.enter()) {
            Operators.error(actual, gate.refusal());
            return;
        }
        SendAll<T> sending = new SendAll<>(actual, gate, route);
        try {
            elements.subscribe(sending);
        } catch (Throwable e) {
            sending.leave();
            throw e;
        }
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.PARENT) {
            return elements;
        }
        if (key == Attr.NAME) {
            return "sendAll(" + gate.name() + ")";
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }
}
