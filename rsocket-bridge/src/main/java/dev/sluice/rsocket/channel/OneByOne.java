package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.channel.Sender;
import dev.sluice.channel.spi.Progress;
import dev.sluice.channel.spi.Withdrawal;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Sends what a publisher gives to a sender, each frame when the one before has been accepted: a {@code sendAll} that knows at any time what was, also of a sender
 * that says it of single sends only. A cancel is told as {@link Withdrawal} says, once it is known what became of the frame that was under way.
 *
 * <p>{@code arrived} is filled by the publisher, {@code answer} by the sender, each on its thread. All else that is not volatile belongs to whoever owns
 * the drain, which {@code wip} says.
 */
final class OneByOne implements CoreSubscriber<Frame> {

    private static final AtomicIntegerFieldUpdater<OneByOne> WIP =
            AtomicIntegerFieldUpdater.newUpdater(OneByOne.class, "wip");

    /** Frames the publisher is asked for ahead. */
    private static final int AHEAD = 128;

    private static final Object ACCEPTED = new Object();
    private static final Object WITHDRAWN = new Object();

    private final Sender<Frame> to;
    private final CoreSubscriber<? super Long> actual;
    private final Operators.MonoSubscriber<Long, Long> result;
    private final Queue<Frame> arrived = Queues.<Frame>unbounded(32).get();

    @SuppressWarnings("UnusedVariable") // read through WIP
    private volatile int wip;

    private volatile @Nullable Subscription publisher;
    private volatile boolean done;
    private @Nullable Throwable error;
    private volatile boolean cancelled;

    /** What became of the frame under way. */
    private volatile @Nullable Object answer;

    private @Nullable Sending underWay;
    private long count;
    private int toAsk;

    /** The count has been told, or why there is none. */
    private boolean over;

    private OneByOne(Sender<Frame> to, CoreSubscriber<? super Long> actual) {
        this.to = to;
        this.actual = actual;
        this.result = new Operators.MonoSubscriber<>(actual) {
            @Override
            public void cancel() {
                super.cancel();
                OneByOne.this.cancel();
            }
        };
    }

    /** Sends all, as {@link Sender#sendAll}. A {@link Progress} that subscribes is told what was accepted. */
    static Mono<Long> sendAll(Sender<Frame> to, Publisher<Frame> elements) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Long> actual) {
                elements.subscribe(new OneByOne(to, actual));
            }
        };
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(publisher, subscription)) {
            publisher = subscription;
            actual.onSubscribe(result);
            subscription.request(AHEAD);
        }
    }

    @Override
    public void onNext(Frame frame) {
        arrived.offer(frame);
        drain();
    }

    @Override
    public void onError(Throwable failure) {
        error = failure;
        done = true;
        drain();
    }

    @Override
    public void onComplete() {
        done = true;
        drain();
    }

    private void cancel() {
        cancelled = true;
        Objects.requireNonNull(publisher).cancel();
        drain();
    }

    private void drain() {
        if (WIP.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            while (step()) {}
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
    }

    /** Does what there is to do, and says whether there may be more. */
    private boolean step() {
        Sending before = underWay;
        Object what = answer;
        if (before != null && what != null) {
            underWay = null;
            answer = null;
            answered(before.frame, what);
            return true;
        }
        if (before != null) {
            if (cancelled) {
                before.recall();
            }
            return false;
        }
        if (over || cancelled) {
            Operators.onDiscardQueueWithClear(arrived, currentContext(), null);
            withdrawn();
            return false;
        }
        boolean ended = done;
        Frame next = arrived.poll();
        if (next != null) {
            Sending sending = new Sending(next);
            underWay = sending;
            sending.start();
            return true;
        }
        if (ended) {
            end(error);
        }
        return false;
    }

    private void answered(Frame frame, Object what) {
        if (what == ACCEPTED) {
            count++;
            if (actual instanceof Progress progress) {
                progress.accepted(count);
            }
            if (++toAsk == AHEAD / 2) {
                toAsk = 0;
                Objects.requireNonNull(publisher).request(AHEAD / 2);
            }
        } else if (what == WITHDRAWN) {
            Operators.onDiscard(frame, currentContext());
        } else {
            Objects.requireNonNull(publisher).cancel();
            end((Throwable) what);
        }
    }

    private void end(@Nullable Throwable failure) {
        over = true;
        if (failure == null) {
            result.complete(count);
        } else {
            actual.onError(failure);
        }
    }

    private void withdrawn() {
        if (!over) {
            over = true;
            if (actual instanceof Withdrawal withdrawal) {
                withdrawal.withdrawn(count);
            }
        }
    }

    /** The send of one frame. */
    private final class Sending implements CoreSubscriber<Void> {
        private final Frame frame;
        private final AtomicBoolean settled = new AtomicBoolean();
        private final Context context = Operators.enableOnDiscard(actual.currentContext(), this::discarded);
        private volatile @Nullable Subscription subscription;
        private volatile boolean recalled;

        Sending(Frame frame) {
            this.frame = frame;
        }

        void start() {
            try {
                to.send(frame).subscribe(this);
            } catch (RuntimeException refused) {
                settle(refused);
            }
        }

        void recall() {
            recalled = true;
            Subscription known = subscription;
            if (known != null) {
                known.cancel();
            }
        }

        /** Once it is recalled the sender gives the frame back this way; what else it discards is its own affair. */
        private void discarded(Object discarded) {
            if (recalled) {
                settle(WITHDRAWN);
            } else {
                Operators.onDiscard(discarded, OneByOne.this.currentContext());
            }
        }

        private void settle(Object what) {
            if (settled.compareAndSet(false, true)) {
                answer = what;
                drain();
            }
        }

        @Override
        public Context currentContext() {
            return context;
        }

        @Override
        public void onSubscribe(Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
            if (recalled) {
                given.cancel();
            }
        }

        @Override
        public void onNext(Void nothing) {}

        @Override
        public void onError(Throwable failure) {
            settle(failure);
        }

        @Override
        public void onComplete() {
            settle(ACCEPTED);
        }
    }
}
