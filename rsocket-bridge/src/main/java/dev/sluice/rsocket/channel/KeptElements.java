package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.channel.spi.Progress;
import dev.sluice.rsocket.session.AcknowledgedSource;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * What a publisher gave for a sender elsewhere, kept until that has accepted it: so it can be sent again in another session, and given back when the
 * send is cancelled.
 *
 * <p>The publisher is subscribed to once. Each session has a {@link Leg}, whose demand decides how far the publisher is asked: to that element
 * and never beyond.
 *
 * <p>{@code arrived} is filled by the publisher, on its thread. All else belongs to whoever owns the drain, which {@code wip} says; legs and
 * acknowledgements leave their numbers under the lock on {@code orders}.
 */
final class KeptElements implements CoreSubscriber<Frame> {

    private static final AtomicIntegerFieldUpdater<KeptElements> WIP =
            AtomicIntegerFieldUpdater.newUpdater(KeptElements.class, "wip");

    /** How many elements a publisher may give unasked before it is given up. */
    private static final int MOST_UNASKED = 128;

    /** How many elements may be kept that were sent. A server asks for what it has room for and says what it has accepted, so it is far below. */
    static final int MOST_UNACKNOWLEDGED = 4_096;

    /** How many bytes those may have, when they are more than {@value #FEW_UNACKNOWLEDGED}. */
    static final int MOST_UNACKNOWLEDGED_BYTES = 64 << 20;

    static final int FEW_UNACKNOWLEDGED = 256;

    private final Context context;
    private final @Nullable Progress progress;
    private final Consumer<Throwable> broken;
    private final Queue<Frame> arrived = Queues.<Frame>unbounded(32).get();

    @SuppressWarnings("UnusedVariable") // read through WIP
    private volatile int wip;

    // What is to be done, guarded by the lock.
    private final Object orders = new Object();
    private @Nullable Leg newest;
    private long acknowledged;
    private boolean stopped;

    // The publisher's side.
    private volatile @Nullable Subscription publisher;
    private volatile boolean unwanted;
    private volatile long asked;
    private long given;
    private volatile boolean done;
    private volatile @Nullable Throwable failure;

    // The drain's.
    private @Nullable Leg leg;
    private final ArrayDeque<Frame> sent = new ArrayDeque<>();
    private long sentBytes;
    private final ArrayDeque<Frame> unsent = new ArrayDeque<>();

    /** The number of the oldest kept element. */
    private long first;

    private long accepted = -1;

    /**
     * Keeps nothing yet.
     *
     * @param progress hears how many were accepted
     * @param broken hears that the server does not keep to what was agreed
     */
    KeptElements(Context context, @Nullable Progress progress, Consumer<Throwable> broken) {
        this.context = context;
        this.progress = progress;
        this.broken = broken;
    }

    /** A leg for a session: begins with the oldest element that is kept. */
    AcknowledgedSource newLeg() {
        return new Leg();
    }

    /** The publisher's error, when it failed. */
    @Nullable Throwable failure() {
        return failure;
    }

    /** Nothing is sent any more; elements from this number on, which were not accepted, go to the discard hook. */
    void stop(long acceptedElements) {
        synchronized (orders) {
            stopped = true;
            accepted = acceptedElements;
        }
        cancelPublisher();
        drain();
    }

    void cancelPublisher() {
        unwanted = true;
        Subscription known = publisher;
        if (known != null && !done) {
            known.cancel();
        }
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(publisher, subscription)) {
            publisher = subscription;
            if (unwanted) {
                subscription.cancel();
            }
            drain();
        }
    }

    @Override
    public void onNext(Frame element) {
        if (done) {
            Operators.onNextDropped(element, context);
            return;
        }
        Objects.requireNonNull(element, "a publisher must not emit null");
        if (++given - asked > MOST_UNASKED) {
            cancelPublisher();
            onError(Exceptions.failWithOverflow(
                    "The publisher emitted more than it was asked for, by over " + MOST_UNASKED + " elements"));
            Operators.onDiscard(element, context);
            return;
        }
        arrived.offer(element);
        drain();
    }

    @Override
    public void onError(Throwable error) {
        if (done) {
            Operators.onErrorDropped(error, context);
            return;
        }
        failure = error;
        done = true;
        drain();
    }

    @Override
    public void onComplete() {
        done = true;
        drain();
    }

    private void drain() {
        if (WIP.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            step();
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
    }

    private void step() {
        boolean wasDone = done;
        for (Frame element = arrived.poll(); element != null; element = arrived.poll()) {
            unsent.add(element);
        }
        Leg now;
        long takenTo;
        boolean over;
        synchronized (orders) {
            now = newest;
            takenTo = acknowledged;
            over = stopped;
        }
        accept(takenTo);
        if (over) {
            discardRest();
            return;
        }
        if (now == null) {
            return;
        }
        if (now != leg) {
            // What the last session took along and did not acknowledge goes again, before the rest.
            for (Frame element = sent.pollLast(); element != null; element = sent.pollLast()) {
                unsent.addFirst(element);
            }
            sentBytes = 0;
            leg = now;
        }
        now.serve(wasDone);
    }

    private void accept(long takenTo) {
        long before = first;
        for (; first < takenTo && !sent.isEmpty(); first++) {
            sentBytes -= sent.remove().size();
        }
        if (progress != null && first > before) {
            progress.accepted(first);
        }
    }

    private boolean isTooMuch() {
        int count = sent.size();
        return count >= MOST_UNACKNOWLEDGED || (count >= FEW_UNACKNOWLEDGED && sentBytes > MOST_UNACKNOWLEDGED_BYTES);
    }

    private void discardRest() {
        sent.addAll(unsent);
        unsent.clear();
        for (Frame element = sent.poll(); element != null; element = sent.poll()) {
            if (first++ >= accepted) {
                Operators.onDiscard(element, context);
            }
        }
    }

    /** The elements as a source of one session. */
    private final class Leg implements AcknowledgedSource, Subscription {

        /** The number of its first element, fixed when it is announced. */
        private long base = -1;

        /** Guarded by the lock on {@code orders}. */
        private long demand;

        private @Nullable CoreSubscriber<? super Frame> actual;
        private long served;
        private boolean ended;

        @Override
        public Frame header() {
            synchronized (orders) {
                if (base < 0) {
                    base = acknowledged;
                }
                return Frame.text(Long.toString(base));
            }
        }

        @Override
        public Flux<Frame> frames() {
            return new Flux<>() {
                @Override
                public void subscribe(CoreSubscriber<? super Frame> subscriber) {
                    actual = subscriber;
                    subscriber.onSubscribe(Leg.this);
                    synchronized (orders) {
                        newest = Leg.this;
                    }
                    drain();
                }
            };
        }

        @Override
        public void request(long n) {
            synchronized (orders) {
                demand = Operators.addCap(demand, n);
            }
            drain();
        }

        @Override
        public void cancel() {
            synchronized (orders) {
                if (newest == this) {
                    newest = null;
                }
            }
        }

        @Override
        public void acknowledged(long from, long count, boolean taken) {
            synchronized (orders) {
                acknowledged = Math.max(acknowledged, base + from + count);
            }
            drain();
        }

        @Override
        public void left() {
            cancel();
        }

        /** By the owner of the drain. */
        private void serve(boolean publisherIsDone) {
            if (ended) {
                return;
            }
            CoreSubscriber<? super Frame> subscriber = Objects.requireNonNull(actual);
            long most;
            synchronized (orders) {
                most = demand;
            }
            while (served < most && !unsent.isEmpty()) {
                if (isTooMuch()) {
                    refuse(subscriber);
                    return;
                }
                Frame element = unsent.remove();
                sent.add(element);
                sentBytes += element.size();
                served++;
                subscriber.onNext(element);
            }
            if (publisherIsDone && unsent.isEmpty() && arrived.isEmpty()) {
                end(subscriber);
                return;
            }
            Subscription known = publisher;
            long missing = Operators.addCap(base, most) - asked;
            if (known != null && missing > 0 && !publisherIsDone) {
                asked = Operators.addCap(asked, missing);
                known.request(missing);
            }
        }

        private void refuse(CoreSubscriber<? super Frame> subscriber) {
            Throwable error = Failures.of(
                    Code.LIMIT,
                    "the server asks for more although it has not acknowledged " + sent.size()
                            + " elements of sendAll with "
                            + sentBytes + " bytes, some of which it may have accepted; " + MOST_UNACKNOWLEDGED
                            + " are kept, or "
                            + MOST_UNACKNOWLEDGED_BYTES
                            + " bytes: a server must acknowledge what it accepts, or use send()");
            cancelPublisher();
            ended = true;
            subscriber.onError(error);
            broken.accept(error);
        }

        private void end(CoreSubscriber<? super Frame> subscriber) {
            ended = true;
            Throwable error = failure;
            if (error == null) {
                subscriber.onComplete();
            } else {
                subscriber.onError(error);
            }
        }
    }
}
