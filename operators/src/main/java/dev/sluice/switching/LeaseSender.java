package dev.sluice.switching;

import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import dev.sluice.channel.spi.Route;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;

/** The way into a leased channel. */
final class LeaseSender<T> implements Sender<T>, Scannable {
    private final String name;
    private final Route<T> route;

    LeaseSender(String name, Route<T> route) {
        this.name = name;
        this.route = route;
    }

    @Override
    public Mono<Void> send(T element) {
        return route.send(element);
    }

    @Override
    public SendResult trySend(T element) {
        return route.trySend(element);
    }

    @Override
    public Mono<Long> sendAll(Publisher<? extends T> elements) {
        return route.sendAll(elements);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.NAME) {
            return name;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }

    @Override
    public String toString() {
        return "LeaseSender[" + name + "]";
    }
}
