package dev.sluice.channel.spi;

import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * Counts what a {@link SendAll} has sent, by the owner of the drain only, and delivers the count against downstream demand. Whoever wants to hear of it
 * on the way is told.
 */
final class SendAllResult extends Operators.MonoSubscriber<Object, Long> {
    private final SendAll<?> owner;
    private final @Nullable Progress progress;
    private long sent;
    private boolean told;

    SendAllResult(CoreSubscriber<? super Long> actual, SendAll<?> owner) {
        super(actual);
        this.owner = owner;
        this.progress = actual instanceof Progress subscriber ? subscriber : null;
    }

    /** More elements have been sent. */
    void accepted(int count) {
        sent += count;
        if (progress != null) {
            progress.accepted(sent);
        }
    }

    /** All elements have been sent. */
    void complete() {
        complete(sent);
    }

    /** Nothing is left to be done; whoever wants to hear how a cancel ended is told, once. */
    void settled(boolean withdrawn) {
        if (withdrawn && !told && actual instanceof Withdrawal subscriber) {
            told = true;
            subscriber.withdrawn(sent);
        }
    }

    @Override
    public void cancel() {
        super.cancel();
        owner.cancel();
    }
}
