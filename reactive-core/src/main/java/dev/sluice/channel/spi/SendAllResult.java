package dev.sluice.channel.spi;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/** Delivers the count of a {@link SendAll} against downstream demand. */
final class SendAllResult extends Operators.MonoSubscriber<Object, Long> {
    private final SendAll<?> owner;
    private boolean told;

    SendAllResult(CoreSubscriber<? super Long> actual, SendAll<?> owner) {
        super(actual);
        this.owner = owner;
    }

    /** Nothing is left to be done; whoever wants to hear how a cancel ended is told, once. By the owner of the drain only. */
    void settled(boolean withdrawn, long accepted) {
        if (withdrawn && !told && actual instanceof Withdrawal subscriber) {
            told = true;
            subscriber.withdrawn(accepted);
        }
    }

    @Override
    public void cancel() {
        super.cancel();
        owner.cancel();
    }
}
