package dev.sluice.channel.memory;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * What a channel gives to those who subscribe: each joins a group, or listens.
 *
 * @param <R> what subscribers get
 */
final class Reading<R> extends Flux<R> implements Scannable {
    private final MemoryChannel<?> channel;
    private final Supplier<String> description;
    private final Function<CoreSubscriber<?>, Receiver<?>> joining;

    Reading(MemoryChannel<?> channel, Supplier<String> description, Function<CoreSubscriber<?>, Receiver<?>> joining) {
        this.channel = channel;
        this.description = description;
        this.joining = joining;
    }

    @Override
    public void subscribe(CoreSubscriber<? super R> actual) {
        Receiver<?> receiver;
        try {
            receiver = joining.apply(actual);
        } catch (RuntimeException e) {
            Operators.error(actual, Operators.onOperatorError(e, actual.currentContext()));
            return;
        }
        try {
            actual.onSubscribe(receiver);
        } catch (Throwable e) {
            // It would be a member for ever, one that asks for nothing and holds the senders back.
            receiver.cancel();
            throw e;
        }
        receiver.start();
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.NAME) {
            return description.get();
        }
        if (key == Attr.PARENT) {
            return channel;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }

    @Override
    public String stepName() {
        return description.get();
    }
}
