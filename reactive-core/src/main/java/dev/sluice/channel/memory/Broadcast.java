package dev.sluice.channel.memory;

import dev.sluice.ChannelClosedException;
import dev.sluice.Frame;
import dev.sluice.channel.BroadcastOptions;
import dev.sluice.channel.BroadcastResult;
import dev.sluice.channel.BroadcastResult.Outcome;
import dev.sluice.channel.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One broadcast under way. First everybody is tried without waiting; then, if it is wanted, a send waits at each channel
 * that was full, all of them at once.
 */
final class Broadcast implements Disposable {

    private final MonoSink<BroadcastResult> result;
    private final Frame frame;
    /** How many renames the registry had seen when this began. */
    private final long renames;

    private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
    private final Map<String, Throwable> failures = new ConcurrentHashMap<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private final AtomicInteger undecided = new AtomicInteger(1);
    private final Disposable.Swap timer = Disposables.swap();

    private Broadcast(MonoSink<BroadcastResult> result, Frame frame, long renames) {
        this.result = result;
        this.frame = frame;
        this.renames = renames;
    }

    /** Begins a broadcast to channels by name, in a registry that has seen so many renames. */
    static void start(
            long renames,
            Iterable<? extends Map<String, MemoryChannel<Frame>>> channels,
            Frame frame,
            BroadcastOptions options,
            MonoSink<BroadcastResult> result) {
        Broadcast broadcast = new Broadcast(result, frame, renames);
        channels.forEach(some -> some.forEach((name, channel) -> broadcast.attempt(name, channel, options.waits())));
        if (!broadcast.waiters.isEmpty()) {
            broadcast.await(options);
        }
        broadcast.decided();
    }

    private void attempt(String name, MemoryChannel<Frame> channel, boolean waits) {
        if (channel.isRenamedSince(renames)) {
            // Maybe it was tried under the name it had before: better not at all than twice.
            return;
        }
        try {
            switch (channel.trySend(frame)) {
                case ACCEPTED -> outcomes.put(name, Outcome.ACCEPTED);
                case CLOSED -> {
                    // One that was deleted as idle is not there any more, so it is not one of those.
                    if (!channel.isExpired()) {
                        outcomes.put(name, Outcome.CLOSED);
                    }
                }
                case FULL -> {
                    if (waits) {
                        waiters.add(new Waiter(name, channel));
                    } else {
                        outcomes.put(name, Outcome.FULL);
                    }
                }
            }
        } catch (RuntimeException failure) {
            failures.put(name, failure);
            outcomes.put(name, Outcome.FAILED);
        }
    }

    private void await(BroadcastOptions options) {
        undecided.addAndGet(waiters.size());
        result.onDispose(this);
        waiters.forEach(waiter -> waiter.channel.send(frame).subscribe(waiter));
        Duration timeout = options.timeout();
        if (timeout != null && undecided.get() > 1) {
            timer.update(options.clock()
                    .schedule(() -> waiters.forEach(Waiter::withdraw), timeout.toNanos(), TimeUnit.NANOSECONDS));
        }
    }

    private void decided() {
        if (undecided.decrementAndGet() == 0) {
            timer.dispose();
            result.success(BroadcastResult.of(outcomes, failures));
        }
    }

    /** Nobody waits for the result any more, or it is there. */
    @Override
    public void dispose() {
        timer.dispose();
        if (undecided.get() > 0) {
            waiters.forEach(Waiter::withdraw);
        }
    }

    /**
     * A send that waits at one channel. Exactly one of three things becomes of it: it completes, it fails, or a withdrawal
     * comes in time, which the discard hook tells. A withdrawal that comes too late leaves the other two as they are, so
     * the outcome is the truth however the deadline and the receiver race.
     */
    private final class Waiter implements CoreSubscriber<Void> {
        private final String name;
        private final Channel<Frame> channel;
        private volatile @Nullable Subscription subscription;

        Waiter(String name, Channel<Frame> channel) {
            this.name = name;
            this.channel = channel;
        }

        void withdraw() {
            Subscription s = subscription;
            if (s != null) {
                s.cancel();
            }
        }

        private void settle(Outcome outcome) {
            if (outcomes.putIfAbsent(name, outcome) == null) {
                decided();
            }
        }

        @Override
        public Context currentContext() {
            Context outer = Context.of(result.contextView());
            return Operators.enableOnDiscard(outer, withdrawn -> settle(Outcome.TIMED_OUT));
        }

        @Override
        public void onSubscribe(Subscription s) {
            subscription = s;
            s.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Void never) {}

        @Override
        public void onError(Throwable error) {
            if (error instanceof ChannelClosedException) {
                settle(Outcome.CLOSED);
            } else {
                failures.put(name, error);
                settle(Outcome.FAILED);
            }
        }

        @Override
        public void onComplete() {
            settle(Outcome.ACCEPTED);
        }
    }
}
