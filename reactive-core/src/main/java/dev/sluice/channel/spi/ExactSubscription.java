package dev.sluice.channel.spi;

import org.reactivestreams.Subscription;

/**
 * A subscription that can tell when a cancel has taken effect. An ordinary one stops eventually: whoever cancels it does not
 * know whether an element is on its way. Those who hand demand on from one publisher to the next need to.
 */
public interface ExactSubscription extends Subscription {

    /**
     * Cancels.
     *
     * @param whenQuiet run once when no {@code onNext} is running and none will come; whatever was not passed on is back
     *     where it came from. May run on this thread before this method returns, and on the thread of the last {@code
     *     onNext} after that has returned
     */
    void cancel(Runnable whenQuiet);
}
