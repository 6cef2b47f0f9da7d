package dev.sluice.directory;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * One who watches a service. It reads the latest set when it may emit, and keeps none: what was overtaken is never seen.
 *
 * <p>{@code work} is 0 when nobody emits; whoever brings it to 1 emits until it is 0 again, so signals are never concurrent.
 */
final class SetWatcher implements Subscription {

    private final MemoryRegistry.Topic topic;
    private final CoreSubscriber<? super Set<Instance>> actual;
    private final Consumer<SetWatcher> whenCancelled;
    private final AtomicInteger work = new AtomicInteger();
    private final AtomicLong requested = new AtomicLong();
    private volatile boolean cancelled;
    private @Nullable Set<Instance> last;

    SetWatcher(
            MemoryRegistry.Topic topic,
            CoreSubscriber<? super Set<Instance>> actual,
            Consumer<SetWatcher> whenCancelled) {
        this.topic = topic;
        this.actual = actual;
        this.whenCancelled = whenCancelled;
    }

    void drain() {
        if (work.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            Set<Instance> latest = topic.current();
            while (!cancelled && requested.get() > 0 && !latest.equals(last)) {
                last = latest;
                if (requested.get() != Long.MAX_VALUE) {
                    requested.decrementAndGet();
                }
                actual.onNext(latest);
                latest = topic.current();
            }
            seen = work.addAndGet(-seen);
        } while (seen != 0);
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            requested.accumulateAndGet(n, Operators::addCap);
            drain();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        whenCancelled.accept(this);
    }
}
