package dev.sluice.nested;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import reactor.core.Exceptions;

/**
 * One thread at a time, without a lock and without waiting.
 *
 * <p>Any thread changes a volatile word of the operator and then enters. Who finds nobody inside runs {@link #advance()}
 * until nobody entered any more; who finds somebody leaves at once, and what it changed is seen by the one inside.
 * Calling back into the operator from within is entering too: it returns at once, so nothing recurses, however deep the
 * chain.
 *
 * <p>A subscriber that throws is taken as cancelled (rule 2.13): the operator gives up, the drain is given back, and the
 * exception goes to whoever brought the signal.
 */
abstract class Drain {

    private static final AtomicIntegerFieldUpdater<Drain> WIP =
            AtomicIntegerFieldUpdater.newUpdater(Drain.class, "wip");

    /** 0 = nobody is inside; n = somebody is, and n entries were made since it last looked. */
    private volatile int wip;

    /** Looks at everything that may have changed. Runs inside. */
    abstract void advance();

    /** Lets go of everything after a subscriber threw. Runs inside. */
    abstract void giveUp();

    final void drain() {
        if (WIP.getAndIncrement(this) == 0) {
            run();
        }
    }

    /** Goes in if nobody is inside. Who gets true must {@link #tryLeave()} or {@link #run()}. */
    final boolean tryEnter() {
        return wip == 0 && WIP.compareAndSet(this, 0, 1);
    }

    /** Leaves if nobody entered meanwhile. Who gets false is still inside and must {@link #run()}. */
    final boolean tryLeave() {
        return WIP.decrementAndGet(this) == 0;
    }

    /** Advances until nobody entered any more. Only for who is inside. */
    final void run() {
        Throwable thrown = null;
        int missed = 1;
        do {
            try {
                advance();
            } catch (RuntimeException | Error broken) {
                thrown = broken;
                giveUp();
            }
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
        if (thrown != null) {
            throw Exceptions.propagate(thrown);
        }
    }
}
