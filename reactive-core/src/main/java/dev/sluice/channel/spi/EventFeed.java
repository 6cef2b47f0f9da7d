package dev.sluice.channel.spi;

import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * Tells every subscriber what happens to a registry, and those who are too slow that they missed something.
 *
 * <p>Two steps, so that events have the order of what they report and yet no subscriber runs under the registry's lock:
 * {@link #record} under the lock, which puts the event into each subscriber's buffer, then {@link #deliver} outside of
 * it.
 *
 * @param <E> the event
 */
public final class EventFeed<E> extends Flux<E> implements Scannable {

    /** How many events wait for one subscriber. */
    public static final int BUFFER = 256;

    private final CopyOnWriteArrayList<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private final LongFunction<? extends E> gaps;
    private volatile boolean closed;

    /**
     * A feed nobody is subscribed to yet.
     *
     * @param gaps makes the event that stands for so many that a slow subscriber has missed
     */
    public EventFeed(LongFunction<? extends E> gaps) {
        this.gaps = gaps;
    }

    /** Under the registry's lock: keeps an event for every subscriber. */
    public void record(E event) {
        for (Subscriber subscriber : subscribers) {
            subscriber.keep(event);
        }
    }

    /** Under the registry's lock: the last event has been recorded. */
    public void close() {
        closed = true;
    }

    /** Outside the lock: passes on what was recorded. */
    public void deliver() {
        for (Subscriber subscriber : subscribers) {
            subscriber.drain();
        }
    }

    @Override
    public void subscribe(CoreSubscriber<? super E> actual) {
        Subscriber subscriber = new Subscriber(actual);
        subscribers.add(subscriber);
        actual.onSubscribe(subscriber);
        subscriber.drainFrom(1);
    }

    @Override
    @SuppressWarnings("rawtypes") // as Reactor declares it
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.NAME) {
            return "events";
        }
        if (key == Attr.TERMINATED) {
            return closed;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }

    /**
     * One subscription.
     *
     * <p>Invariant: while {@link #missed} is not 0 nothing enters the buffer, so an event of its own stands exactly
     * where events are missing. The registry's lock serializes {@link #keep}; {@link #pending} serializes {@link
     * #pass}, also when a subscriber asks for more from within {@code onNext}, and counts the reasons to look again.
     */
    private final class Subscriber implements Subscription, Scannable {

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<EventFeed.Subscriber> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(EventFeed.Subscriber.class, "requested");

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<EventFeed.Subscriber> MISSED =
                AtomicLongFieldUpdater.newUpdater(EventFeed.Subscriber.class, "missed");

        @SuppressWarnings("rawtypes")
        private static final AtomicIntegerFieldUpdater<EventFeed.Subscriber> PENDING =
                AtomicIntegerFieldUpdater.newUpdater(EventFeed.Subscriber.class, "pending");

        private final CoreSubscriber<? super E> actual;
        private final Queue<E> buffer = Queues.<E>get(BUFFER).get();
        private volatile long requested;
        private volatile long missed;
        private volatile boolean cancelled;

        /** Begins at 1, so that nothing is passed before {@code onSubscribe} has returned. */
        @SuppressWarnings("UnusedVariable") // through PENDING
        private volatile int pending = 1;

        Subscriber(CoreSubscriber<? super E> actual) {
            this.actual = actual;
        }

        void keep(E event) {
            for (; ; ) {
                long before = missed;
                if (before == 0 && buffer.offer(event)) {
                    return;
                }
                if (MISSED.compareAndSet(this, before, before + 1)) {
                    return;
                }
            }
        }

        void drain() {
            if (PENDING.getAndIncrement(this) == 0) {
                drainFrom(1);
            }
        }

        void drainFrom(int reasons) {
            int left = reasons;
            do {
                try {
                    pass();
                } catch (Throwable thrown) {
                    // Rule 2.13: whoever throws is treated as if it had cancelled, and nobody else may suffer from it.
                    cancel();
                    Exceptions.throwIfJvmFatal(thrown);
                    Operators.onErrorDropped(thrown, actual.currentContext());
                } finally {
                    left = PENDING.addAndGet(this, -left);
                }
            } while (left != 0);
        }

        private void pass() {
            long demand = requested;
            long passed = 0;
            while (!cancelled) {
                boolean last = closed;
                long gap = missed;
                E event = buffer.peek();
                if (event == null && gap == 0) {
                    if (last) {
                        cancel();
                        actual.onComplete();
                    }
                    break;
                }
                if (passed == demand) {
                    break;
                }
                event = event != null ? buffer.poll() : gaps.apply(MISSED.getAndSet(this, 0));
                actual.onNext(event);
                passed++;
            }
            if (passed != 0) {
                Operators.produced(REQUESTED, this, passed);
            }
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                Operators.addCap(REQUESTED, this, n);
                drain();
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            subscribers.remove(this);
        }

        @Override
        @SuppressWarnings("rawtypes") // as Reactor declares it
        public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
            if (key == Attr.PARENT) {
                return EventFeed.this;
            }
            if (key == Attr.ACTUAL) {
                return actual;
            }
            if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
                return requested;
            }
            if (key == Attr.BUFFERED) {
                return buffer.size();
            }
            if (key == Attr.CANCELLED) {
                return cancelled;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
        }
    }
}
