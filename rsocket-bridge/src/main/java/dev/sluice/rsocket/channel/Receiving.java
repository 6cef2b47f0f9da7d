package dev.sluice.rsocket.channel;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.session.ReceivedSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * One subscriber of a {@link RemoteReceiver}: receives over one session after the other, each a {@link Leg}.
 *
 * <p>Signals come on the event loop of the leg's connection; the next leg begins when the one before has ended, so they are serial. The fields
 * under the lock tell how much is asked for; no signal is given under it. {@code over} goes false → true once: whoever does that may end the
 * subscriber.
 */
final class Receiving<T> implements Subscription {

    private static final long MOST_FIRST_ITEMS = 65_536;

    private final Sessions sessions;
    private final Feed<T> feed;
    private final CoreSubscriber<? super T> actual;
    private final Patience patience;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Disposable.Swap connecting = Disposables.swap();

    private final Object lock = new Object();
    private long wanted;
    private long passed;
    private @Nullable Leg leg;

    Receiving(Sessions sessions, Feed<T> feed, CoreSubscriber<? super T> actual) {
        this.sessions = sessions;
        this.feed = feed;
        this.actual = actual;
        this.patience = sessions.patience();
    }

    void begin() {
        begin(Mono.empty(), null);
    }

    /**
     * Begins in the session there is, or the next one.
     *
     * @param ended the session before has ended
     * @param loss what ended it
     */
    private void begin(Mono<Void> ended, @Nullable Throwable loss) {
        Call call = feed.call(loss != null);
        if (call == null) {
            fail(loss);
            return;
        }
        if (over.get()) {
            return;
        }
        connecting.replace(ended.onErrorComplete()
                .then(patience.pause())
                .then(Mono.defer(sessions::next))
                .subscribe(
                        ready -> start(ready.session(), call),
                        failure -> fail(failure instanceof IllegalStateException && loss != null ? loss : failure)));
    }

    private void start(Peer session, Call call) {
        Leg now;
        long ahead;
        synchronized (lock) {
            now = new Leg(session, passed);
            leg = now;
            ahead = Math.min(wanted - passed, MOST_FIRST_ITEMS);
        }
        session.call(call.firstItems(ahead)).subscribe(now);
    }

    private void lost(Leg from, Throwable loss) {
        synchronized (lock) {
            if (leg != from) {
                return;
            }
            leg = null;
        }
        begin(from.session.onClose(), loss);
    }

    private void fail(@Nullable Throwable failure) {
        if (over.compareAndSet(false, true)) {
            cancelAll();
            actual.onError(failure == null ? new ConnectionLostException("the connection was lost", null) : failure);
        }
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            fail(new IllegalArgumentException(
                    "a subscriber asked for less than 1 item, which rule 3.9 of Reactive Streams forbids"));
            return;
        }
        Leg now;
        synchronized (lock) {
            wanted = Operators.addCap(wanted, n);
            now = leg;
        }
        if (now != null) {
            now.ask();
        }
    }

    @Override
    public void cancel() {
        if (over.compareAndSet(false, true)) {
            cancelAll();
        }
    }

    private void cancelAll() {
        connecting.dispose();
        Leg now;
        synchronized (lock) {
            now = leg;
        }
        if (now != null) {
            now.cancel();
        }
    }

    /** What one session brings. */
    private final class Leg implements CoreSubscriber<RemoteSource> {

        private final Peer session;

        /** Items the subscriber had before. */
        private final long base;

        private volatile @Nullable Subscription call;
        private volatile @Nullable ReceivedSource source;
        private volatile @Nullable Subscription frames;

        // Guarded by the lock.
        private long asked;
        private long repeated;

        Leg(Peer session, long base) {
            this.session = session;
            this.base = base;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            call = subscription;
            if (over.get()) {
                subscription.cancel();
            } else {
                subscription.request(1);
            }
        }

        @Override
        public void onNext(RemoteSource announced) {
            if (over.get()) {
                announced.discard();
                return;
            }
            source = (ReceivedSource) announced;
            try {
                feed.begins(announced.header());
            } catch (RuntimeException unreadable) {
                announced.discard();
                fail(unreadable);
                return;
            }
            announced.frames().subscribe(new Frames());
        }

        @Override
        public void onError(Throwable error) {
            if (source != null) {
                return;
            }
            if (Operation.isLoss(error)) {
                lost(this, error);
            } else {
                fail(error);
            }
        }

        @Override
        public void onComplete() {
            if (source == null && over.compareAndSet(false, true)) {
                actual.onComplete();
            }
        }

        void ask() {
            long more;
            Subscription known = frames;
            synchronized (lock) {
                if (known == null || leg != this) {
                    return;
                }
                long target = wanted == Long.MAX_VALUE ? wanted : wanted - base + repeated;
                more = target - asked;
                asked = Math.max(asked, target);
            }
            if (more > 0) {
                known.request(more);
            }
        }

        void cancel() {
            Subscription answer = call;
            if (answer != null) {
                answer.cancel();
            }
            Subscription known = frames;
            if (known != null) {
                known.cancel();
            }
        }

        /** The frames of the one source. */
        private final class Frames implements CoreSubscriber<Frame> {
            private long index;

            @Override
            public void onSubscribe(Subscription subscription) {
                frames = subscription;
                ask();
                if (over.get()) {
                    subscription.cancel();
                }
            }

            @Override
            public void onNext(Frame frame) {
                if (over.get()) {
                    return;
                }
                long number = index++;
                T item;
                try {
                    item = feed.item(frame, new Item(number));
                } catch (Throwable unreadable) {
                    Exceptions.throwIfFatal(unreadable);
                    fail(unreadable);
                    return;
                }
                patience.reset();
                synchronized (lock) {
                    if (item == null) {
                        repeated++;
                    } else {
                        passed++;
                    }
                }
                if (item == null) {
                    ask();
                } else {
                    actual.onNext(item);
                }
            }

            @Override
            public void onError(Throwable error) {
                if (error instanceof ConnectionLostException) {
                    lost(Leg.this, error);
                } else {
                    fail(error);
                }
            }

            @Override
            public void onComplete() {
                if (over.compareAndSet(false, true)) {
                    actual.onComplete();
                }
            }
        }

        /** Where one of its items is settled. */
        private final class Item implements Feed.Place {
            private final long number;

            Item(long number) {
                this.number = number;
            }

            @Override
            public void take() {
                Objects.requireNonNull(source).acknowledge(number, 1, true);
            }

            @Override
            public boolean settle(boolean taken) {
                ReceivedSource known = source;
                synchronized (lock) {
                    if (leg != Leg.this) {
                        return false;
                    }
                }
                if (known == null || over.get()) {
                    return false;
                }
                known.acknowledge(number, 1, taken);
                return true;
            }
        }
    }
}
