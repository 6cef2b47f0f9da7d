package dev.sluice.nested;

import org.reactivestreams.Subscription;

/** A subscription of a source that sends nothing by itself. */
class NoSubscription implements Subscription {

    volatile boolean cancelled;

    @Override
    public void request(long n) {}

    @Override
    public void cancel() {
        cancelled = true;
    }
}
