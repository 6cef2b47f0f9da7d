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
    private @Nullable Gate<?> entered;
    private long sent;
    private boolean told;

    /**
     * A count of none.
     *
     * @param entered the gate it has {@linkplain Gate#enter entered}, if any, and leaves when it is over
     */
    SendAllResult(CoreSubscriber<? super Long> actual, SendAll<?> owner, @Nullable Gate<?> entered) {
        super(actual);
        this.owner = owner;
        this.entered = entered;
        this.progress = actual instanceof Progress subscriber ? subscriber : null;
    }

    /** More elements have been sent. */
    void accepted(int count) {
        sent += count;
        if (progress != null) {
            progress.accepted(sent);
        }
    }

    /** All elements have been sent, or there is a reason why no more are. */
    void end(@Nullable Throwable cause) {
        leave();
        if (cause == null) {
            complete(sent);
        } else {
            actual.onError(cause);
        }
    }

    /** Nothing is left to be done; whoever wants to hear how a cancel ended is told, once. */
    void settled(boolean withdrawn) {
        leave();
        if (withdrawn && !told && actual instanceof Withdrawal subscriber) {
            told = true;
            subscriber.withdrawn(sent);
        }
    }

    /** It sends no more; said once, also by a publisher that fails to begin while it has begun. */
    void leave() {
        Gate<?> at;
        synchronized (this) {
            at = entered;
            entered = null;
        }
        if (at != null) {
            at.leave();
        }
    }

    @Override
    public void cancel() {
        super.cancel();
        owner.cancel();
    }
}
