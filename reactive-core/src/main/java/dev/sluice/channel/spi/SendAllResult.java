package dev.sluice.channel.spi;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/** Delivers the count of a {@link SendAll} against downstream demand. */
final class SendAllResult extends Operators.MonoSubscriber<Object, Long> {
    private final SendAll<?> owner;

    SendAllResult(CoreSubscriber<? super Long> actual, SendAll<?> owner) {
        super(actual);
        this.owner = owner;
    }

    @Override
    public void cancel() {
        super.cancel();
        owner.cancel();
    }
}
