package dev.sluice.directory;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;

/**
 * One who watches something of which only the latest state counts. It reads that state when it may emit, and keeps none: what was overtaken is never
 * seen. For engines of directories.
 *
 * <p>{@code work} is 0 when nobody emits; whoever brings it to 1 emits until it is 0 again, so signals are never concurrent.
 *
 * @param <S> the state; no two equal ones are emitted in a row
 */
public final class LatestWatcher<S> implements Subscription {

    private final Supplier<@Nullable S> latest;
    private final CoreSubscriber<? super S> actual;
    private final Consumer<LatestWatcher<S>> whenCancelled;
    private final AtomicInteger work = new AtomicInteger();
    private final AtomicLong requested = new AtomicLong();
    private volatile boolean cancelled;
    private volatile @Nullable Throwable failure;
    private @Nullable S last;

    /**
     * One who watches.
     *
     * @param latest the state now; null while it is not known
     * @param actual is told
     * @param whenCancelled is called when it watches no longer, perhaps more than once
     */
    public LatestWatcher(
            Supplier<@Nullable S> latest, CoreSubscriber<? super S> actual, Consumer<LatestWatcher<S>> whenCancelled) {
        this.latest = latest;
        this.actual = actual;
        this.whenCancelled = whenCancelled;
    }

    /** The state may have changed. */
    public void drain() {
        if (work.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            Throwable why = failure;
            if (why != null && !cancelled) {
                cancel();
                tell(() -> actual.onError(why));
            }
            S now = latest.get();
            while (!cancelled && now != null && requested.get() > 0 && !now.equals(last)) {
                last = now;
                if (requested.get() != Long.MAX_VALUE) {
                    requested.decrementAndGet();
                }
                S told = now;
                tell(() -> actual.onNext(told));
                now = latest.get();
            }
            seen = work.addAndGet(-seen);
        } while (seen != 0);
    }

    private void tell(Runnable signal) {
        try {
            signal.run();
        } catch (Throwable thrown) {
            Exceptions.throwIfJvmFatal(thrown);
            // Against the rules; it counts as a cancel, and those who are told after it are told.
            cancel();
            Operators.onErrorDropped(thrown, actual.currentContext());
        }
    }

    /** There will be no further state. */
    public void fail(Throwable why) {
        failure = why;
        drain();
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            fail(new IllegalArgumentException(
                    "a subscriber asked for less than 1 item, which rule 3.9 of Reactive Streams forbids"));
            return;
        }
        requested.accumulateAndGet(n, Operators::addCap);
        drain();
    }

    @Override
    public void cancel() {
        cancelled = true;
        whenCancelled.accept(this);
    }
}
