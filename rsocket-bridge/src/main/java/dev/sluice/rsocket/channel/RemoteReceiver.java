package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.session.ReceivedSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * What a channel elsewhere delivers, as a Flux. The demand there is at subscription goes along with the call, so there is no round trip before the
 * first element.
 *
 * @param <T> the items
 */
final class RemoteReceiver<T> extends Flux<T> {

    private final SluiceClient client;
    private final Call call;
    private final Decoder<T> decoder;

    RemoteReceiver(SluiceClient client, Call call, Decoder<T> decoder) {
        this.client = client;
        this.call = call;
        this.decoder = decoder;
    }

    /** What a frame is to the subscriber. */
    interface Decoder<T> {

        /**
         * An item.
         *
         * @param index its number in the stream, 0 for the first
         * @param wire its bytes
         * @param from where it is acknowledged
         */
        T decode(long index, Frame wire, Connected from);

        /** Whether the item is acknowledged as soon as the subscriber has it. */
        boolean isAcknowledgedAtOnce();
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        Receiving<T> receiving = new Receiving<>(actual, decoder);
        actual.onSubscribe(receiving);
        receiving.start(client, call);
    }

    /** The stream as long as it lasts: where its deliveries are settled. */
    interface Connected {

        /** Settles an item; false when the receiver has gone. */
        boolean settle(long index, boolean taken);
    }

    private static final class Receiving<T> implements Subscription, CoreSubscriber<RemoteSource>, Connected {

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<Receiving> EARLY =
                AtomicLongFieldUpdater.newUpdater(Receiving.class, "early");

        private final CoreSubscriber<? super T> actual;
        private final Decoder<T> decoder;
        private final AtomicBoolean over = new AtomicBoolean();

        /** Demand from before there was a call. */
        private volatile long early;

        private volatile boolean started;
        private volatile @Nullable Subscription frames;
        private volatile @Nullable Subscription call;
        private volatile @Nullable ReceivedSource source;

        Receiving(CoreSubscriber<? super T> actual, Decoder<T> decoder) {
            this.actual = actual;
            this.decoder = decoder;
        }

        void start(SluiceClient client, Call request) {
            client.connect()
                    .flatMapMany(
                            (Peer peer) -> Flux.defer(() -> peer.call(request.firstItems(Math.min(early, 65_536)))))
                    .subscribe(this);
        }

        @Override
        public void request(long n) {
            Subscription known = frames;
            if (known != null) {
                known.request(n);
                return;
            }
            if (n <= 0) {
                if (over.compareAndSet(false, true)) {
                    cancelUpstream();
                    actual.onError(new IllegalArgumentException(
                            "a subscriber asked for less than 1 item, which rule 3.9 of Reactive Streams forbids"));
                }
                return;
            }
            Operators.addCap(EARLY, this, n);
            known = frames;
            if (known != null) {
                passEarly(known);
            }
        }

        private void passEarly(Subscription known) {
            long n = EARLY.getAndSet(this, 0);
            if (n > 0) {
                known.request(n);
            }
        }

        @Override
        public void cancel() {
            if (over.compareAndSet(false, true)) {
                cancelUpstream();
            }
        }

        private void cancelUpstream() {
            Subscription answer = call;
            if (answer != null) {
                answer.cancel();
            }
            Subscription known = frames;
            if (known != null) {
                known.cancel();
            }
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
            started = true;
            if (over.get()) {
                announced.discard();
                return;
            }
            source = (ReceivedSource) announced;
            announced.frames().subscribe(new Frames());
        }

        @Override
        public void onError(Throwable error) {
            if (!started && over.compareAndSet(false, true)) {
                actual.onError(error);
            }
        }

        @Override
        public void onComplete() {
            if (!started && over.compareAndSet(false, true)) {
                actual.onComplete();
            }
        }

        @Override
        public boolean settle(long index, boolean taken) {
            ReceivedSource known = source;
            if (known == null || over.get()) {
                return false;
            }
            known.acknowledge(index, 1, taken);
            return true;
        }

        private final class Frames implements CoreSubscriber<Frame> {
            private long index;

            @Override
            public void onSubscribe(Subscription subscription) {
                frames = subscription;
                passEarly(subscription);
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
                T item = decoder.decode(number, frame, Receiving.this);
                if (decoder.isAcknowledgedAtOnce()) {
                    // Before it is passed on, and even if it cancels at this moment: what a subscriber was given it has
                    // received.
                    Objects.requireNonNull(source).acknowledge(number, 1, true);
                }
                actual.onNext(item);
            }

            @Override
            public void onError(Throwable error) {
                if (over.compareAndSet(false, true)) {
                    actual.onError(error);
                }
            }

            @Override
            public void onComplete() {
                if (over.compareAndSet(false, true)) {
                    actual.onComplete();
                }
            }
        }
    }
}
