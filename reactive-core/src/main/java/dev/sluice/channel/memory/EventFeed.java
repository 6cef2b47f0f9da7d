package dev.sluice.channel.memory;

import dev.sluice.channel.ChannelEvent;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
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
 */
final class EventFeed extends Flux<ChannelEvent> implements Scannable {

    /** How many events wait for one subscriber. */
    static final int BUFFER = 256;

    private final CopyOnWriteArrayList<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /** Under the registry's lock: keeps an event for every subscriber. */
    void record(ChannelEvent event) {
        for (Subscriber subscriber : subscribers) {
            subscriber.keep(event);
        }
    }

    /** Under the registry's lock: the last event has been recorded. */
    void close() {
        closed = true;
    }

    /** Outside the lock: passes on what was recorded. */
    void deliver() {
        for (Subscriber subscriber : subscribers) {
            subscriber.drain();
        }
    }

    @Override
    public void subscribe(CoreSubscriber<? super ChannelEvent> actual) {
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
     * <p>Invariant: while {@link #missed} is not 0 nothing enters the buffer, so a {@link ChannelEvent.Missed} stands
     * exactly where events are missing. The registry's lock serializes {@link #keep}; {@link #pending} serializes {@link
     * #pass}, also when a subscriber asks for more from within {@code onNext}, and counts the reasons to look again.
     */
    private final class Subscriber implements Subscription, Scannable {

        private static final AtomicLongFieldUpdater<Subscriber> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(Subscriber.class, "requested");
        private static final AtomicLongFieldUpdater<Subscriber> MISSED =
                AtomicLongFieldUpdater.newUpdater(Subscriber.class, "missed");
        private static final AtomicIntegerFieldUpdater<Subscriber> PENDING =
                AtomicIntegerFieldUpdater.newUpdater(Subscriber.class, "pending");

        private final CoreSubscriber<? super ChannelEvent> actual;
        private final Queue<ChannelEvent> buffer =
                Queues.<ChannelEvent>get(BUFFER).get();
        private volatile long requested;
        private volatile long missed;
        private volatile boolean cancelled;

        /** Begins at 1, so that nothing is passed before {@code onSubscribe} has returned. */
        @SuppressWarnings("UnusedVariable") // through PENDING
        private volatile int pending = 1;

        Subscriber(CoreSubscriber<? super ChannelEvent> actual) {
            this.actual = actual;
        }

        void keep(ChannelEvent event) {
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
                ChannelEvent event = buffer.peek();
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
                event = event != null ? buffer.poll() : new ChannelEvent.Missed(MISSED.getAndSet(this, 0));
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
