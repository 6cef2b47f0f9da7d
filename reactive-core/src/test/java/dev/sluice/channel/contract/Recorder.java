package dev.sluice.channel.contract;

import java.util.Collection;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/**
 * Records whatever it is given, also what was on its way when it cancelled: by rule 2.8 that was received. Most
 * subscribers drop it, and a count would miss it.
 */
final class Recorder implements CoreSubscriber<Integer> {
    private final Collection<Integer> received;
    private final long demand;
    private volatile Subscription subscription;

    Recorder(Collection<Integer> received, long demand) {
        this.received = received;
        this.demand = demand;
    }

    void cancel() {
        subscription.cancel();
    }

    @Override
    public void onSubscribe(Subscription s) {
        subscription = s;
        s.request(demand);
    }

    @Override
    public void onNext(Integer element) {
        received.add(element);
    }

    @Override
    public void onError(Throwable error) {
        throw new AssertionError("a receiver failed", error);
    }

    @Override
    public void onComplete() {}
}
