package dev.sluice.rsocket.channel;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.channel.Sender;
import dev.sluice.channel.spi.Accounted;
import dev.sluice.channel.spi.Progress;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.session.ReceivedSource;
import dev.sluice.rsocket.wire.Code;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * What a publisher elsewhere sends with {@code sendAll}, on its way into a sender here: one stream for the sender, brought by one session after the
 * other.
 *
 * <p>Each session brings a <em>leg</em>, whose header says the number of its first frame: what this side has already is passed over. A leg that is
 * lost with its connection ends nothing; the next one goes on.
 *
 * <p>Frames count as accepted when the sender says so, which need not be when it asks for more: a channel elsewhere again asks ahead. A sender that does
 * not say is sent one frame after the other. Until then they are held against the window of their leg, so that however much the sender has asked for, what is
 * here is no more than that and a frame. They are acknowledged when it asks for more, or when they are many or long; at once when it is elsewhere.
 *
 * <p>Signals of legs come on their event loops, two of which may overlap when a connection is half dead. They wait in {@code signals} for whoever
 * owns the drain, which {@code wip} says; all that is not volatile belongs to it.
 */
final class Arrivals extends Flux<Frame> implements Progress, Subscription, Work.Resumable {

    /** Accepted frames, and their bytes, that are not acknowledged at most: less than half of the least window, so that its other half stays open. */
    private static final int MOST_OWED = 32;

    private static final int MOST_OWED_BYTES = 8 << 10;

    private static final AtomicIntegerFieldUpdater<Arrivals> WIP =
            AtomicIntegerFieldUpdater.newUpdater(Arrivals.class, "wip");
    private static final AtomicLongFieldUpdater<Arrivals> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(Arrivals.class, "requested");

    private final Supplier<? extends Sender<Frame>> to;
    private final Flux<RemoteSource> first;
    private final Claim claim;
    private final Queue<Runnable> signals =
            Queues.<Runnable>unboundedMultiproducer().get();

    @SuppressWarnings("UnusedVariable") // read through WIP
    private volatile int wip;

    /** Frames the sender has asked for, and those it has accepted. */
    private volatile long requested;

    private volatile long accepted;
    private long given;
    private volatile boolean cancelled;

    /** Until it is there signals wait. */
    private volatile @Nullable CoreSubscriber<? super Frame> actual;

    /** Whether the sender is elsewhere: what it acknowledges passes on at once, or what each machine owes would add up to more than a window. */
    private volatile boolean isRelayed;

    private @Nullable Leg leg;
    private boolean done;

    /**
     * Frames for a sender.
     *
     * @param to the sender, looked up until there is one that has not expired; waits along, so it must hold no call
     * @param first the sources of the first call
     * @param budget for what the sender was given and has not accepted: several may have been asked for the same room
     */
    Arrivals(Supplier<? extends Sender<Frame>> to, Flux<RemoteSource> first, Budget budget) {
        this.to = to;
        this.first = first;
        this.claim = new Claim(budget);
    }

    /** Sends all into the sender; gives the count, or fails with WITHDRAWN and the count as its text. */
    @Override
    public Publisher<Frame> begin() {
        Mono<Long> sending = sending();
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Frame> subscriber) {
                sending.subscribe(new CountedSend(subscriber, Arrivals.this, () -> signal(claim::end)));
            }
        };
    }

    private Mono<Long> sending() {
        Sender<Frame> sender = to.get();
        Mono<Long> all = sender.sendAll(this);
        boolean tells = all instanceof Accounted accounted && accounted.elements() == this;
        isRelayed = tells && all instanceof RemoteSender.AllSent;
        return tells ? all : OneByOne.sendAll(sender, this);
    }

    /** Looks the sender up again, if nobody has subscribed to this yet. */
    @Nullable Mono<Long> sendingAfresh() {
        return actual == null && !cancelled ? sending() : null;
    }

    @Override
    public void accepted(long count) {
        accepted = count;
        drain();
    }

    @Override
    public void resume(Request again) {
        expect(again.uplink());
    }

    /** Waits for the source a call brings. */
    private void expect(Flux<RemoteSource> uplink) {
        uplink.next().switchIfEmpty(Mono.error(Arrivals::nothing)).subscribe(this::brought, failure -> {
            if (!(failure instanceof ConnectionLostException)) {
                signal(() -> end(failure));
            }
        });
    }

    private static Throwable nothing() {
        return Failures.of(Code.BAD_REQUEST, "the call brings no source: sendAll takes one, with its frames");
    }

    private void brought(RemoteSource source) {
        signal(() -> next((ReceivedSource) source));
    }

    @Override
    public void subscribe(CoreSubscriber<? super Frame> subscriber) {
        subscriber.onSubscribe(this);
        actual = subscriber;
        expect(first);
        drain();
    }

    @Override
    public void request(long n) {
        Operators.addCap(REQUESTED, this, n);
        drain();
    }

    @Override
    public void cancel() {
        cancelled = true;
        drain();
    }

    private void signal(Runnable signal) {
        signals.offer(signal);
        drain();
    }

    private void drain() {
        if (WIP.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            for (Runnable signal = actual == null ? null : signals.poll(); signal != null; signal = signals.poll()) {
                signal.run();
            }
            claim.accepted(accepted);
            Leg now = leg;
            if (now != null) {
                now.goOn();
            }
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
    }

    /** Another session goes on with the stream. */
    private void next(ReceivedSource source) {
        Leg before = leg;
        if (before != null) {
            before.cancel();
        }
        if (done || cancelled) {
            source.discard();
            return;
        }
        long base;
        try {
            base = Long.parseLong(source.header().asText());
        } catch (NumberFormatException unreadable) {
            base = -1;
        }
        if (base < 0 || base > given) {
            source.discard();
            end(Failures.of(Code.BAD_REQUEST, "a source must say the number of its first frame, at most " + given));
            return;
        }
        Leg now = new Leg(source, base);
        leg = now;
        source.hold();
        source.frames().subscribe(now);
    }

    private void end(@Nullable Throwable failure) {
        if (done) {
            return;
        }
        done = true;
        CoreSubscriber<? super Frame> subscriber = Objects.requireNonNull(actual);
        if (failure == null) {
            subscriber.onComplete();
        } else {
            subscriber.onError(failure);
        }
    }

    /** What one session brings. */
    private final class Leg implements CoreSubscriber<Frame> {
        private final ReceivedSource source;

        /** The number of its first frame. */
        private final long base;

        private volatile @Nullable Subscription frames;
        private long asked;
        private long came;
        private long acknowledged;

        /** The bytes of frames that are not acknowledged, and of those at their front that are accepted. */
        private final ArrayDeque<Integer> sizes = new ArrayDeque<>();

        private long owed;
        private long owedBytes;

        Leg(ReceivedSource source, long base) {
            this.source = source;
            this.base = base;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            frames = subscription;
            drain();
        }

        @Override
        public void onNext(Frame frame) {
            signal(() -> came(frame));
        }

        private void came(Frame frame) {
            if (leg != this || done || cancelled) {
                return;
            }
            claim.accepted(accepted);
            Throwable refused = base + came >= given ? claim.add(frame.size()) : null;
            if (refused != null) {
                leg = null;
                cancel();
                end(refused);
                return;
            }
            sizes.add(frame.size());
            if (base + came++ >= given) {
                given++;
                Objects.requireNonNull(actual).onNext(frame);
            }
        }

        @Override
        public void onError(Throwable failure) {
            signal(() -> ended(failure));
        }

        @Override
        public void onComplete() {
            signal(() -> ended(null));
        }

        private void ended(@Nullable Throwable failure) {
            if (leg != this) {
                return;
            }
            leg = null;
            if (!(failure instanceof ConnectionLostException)) {
                end(failure);
            }
        }

        /** Asks for what is wanted and not asked for, acknowledges what has come and was accepted. */
        private void goOn() {
            Subscription known = frames;
            if (known == null) {
                return;
            }
            if (cancelled) {
                leg = null;
                known.cancel();
                return;
            }
            long wanted = requested;
            long more = wanted == Long.MAX_VALUE ? wanted - asked : wanted - base - asked;
            acknowledge(Math.min(accepted - base, came), more > 0 || isRelayed);
            if (more > 0) {
                asked += more;
                known.request(more);
            }
        }

        private void acknowledge(long safe, boolean all) {
            for (; acknowledged + owed < safe; owed++) {
                owedBytes += sizes.remove();
            }
            if (owed > 0 && (all || owed >= MOST_OWED || owedBytes >= MOST_OWED_BYTES)) {
                source.acknowledge(acknowledged, owed, true);
                source.release(owedBytes);
                acknowledged += owed;
                owed = 0;
                owedBytes = 0;
            }
        }

        private void cancel() {
            Subscription known = frames;
            if (known != null) {
                known.cancel();
            }
        }
    }
}
