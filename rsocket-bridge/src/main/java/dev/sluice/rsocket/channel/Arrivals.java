package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.channel.Sender;
import dev.sluice.channel.spi.Withdrawal;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.session.ReceivedSource;
import dev.sluice.rsocket.wire.Code;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What a publisher elsewhere sends with {@code sendAll}, on its way into a sender here.
 *
 * <p>Frames count as accepted, and are acknowledged, when the sender asks for more: what it had been given it has accepted by then, because it
 * asks only for what there is room for. When it is withdrawn the outcome says exactly how many were.
 */
final class Arrivals {

    private final Flux<RemoteSource> uplink;

    Arrivals(Flux<RemoteSource> uplink) {
        this.uplink = uplink;
    }

    /** Sends all into the sender; gives the count, or fails with WITHDRAWN and the count as its text. */
    Publisher<Frame> into(Sender<Frame> sender) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Frame> actual) {
                sender.sendAll(frames()).subscribe(new Counted(actual));
            }
        };
    }

    private Flux<Frame> frames() {
        return uplink.next().flatMapMany(source -> new Acknowledging((ReceivedSource) source));
    }

    /** Acknowledges what was given whenever more is asked for. */
    private static final class Acknowledging extends Flux<Frame> {
        private final ReceivedSource source;

        Acknowledging(ReceivedSource source) {
            this.source = source;
        }

        @Override
        public void subscribe(CoreSubscriber<? super Frame> actual) {
            source.frames().subscribe(new CoreSubscriber<>() {
                private volatile long given;
                private long acknowledged;

                @Override
                public void onSubscribe(Subscription subscription) {
                    actual.onSubscribe(new Subscription() {
                        @Override
                        public void request(long n) {
                            long now = given;
                            if (now > acknowledged) {
                                source.acknowledge(acknowledged, now - acknowledged, true);
                                acknowledged = now;
                            }
                            subscription.request(n);
                        }

                        @Override
                        public void cancel() {
                            subscription.cancel();
                        }
                    });
                }

                @Override
                @SuppressWarnings("NonAtomicVolatileUpdate") // signals are serial
                public void onNext(Frame frame) {
                    given++;
                    actual.onNext(frame);
                }

                @Override
                public void onError(Throwable error) {
                    actual.onError(error);
                }

                @Override
                public void onComplete() {
                    actual.onComplete();
                }
            });
        }
    }

    /** The count as a frame; what a cancel has left over as an error. */
    private static final class Counted implements CoreSubscriber<Long>, Withdrawal, Subscription {
        private final CoreSubscriber<? super Frame> actual;
        private final AtomicBoolean settled = new AtomicBoolean();
        private @Nullable Subscription sending;

        Counted(CoreSubscriber<? super Frame> actual) {
            this.actual = actual;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            sending = subscription;
            actual.onSubscribe(this);
        }

        @Override
        public void onNext(Long count) {
            if (settled.compareAndSet(false, true)) {
                actual.onNext(Frame.text(Long.toString(count)));
                actual.onComplete();
            }
        }

        @Override
        public void onError(Throwable error) {
            if (settled.compareAndSet(false, true)) {
                actual.onError(error);
            }
        }

        @Override
        public void onComplete() {}

        @Override
        public void withdrawn(long accepted) {
            if (settled.compareAndSet(false, true)) {
                actual.onError(Failures.of(Code.WITHDRAWN, Long.toString(accepted)));
            }
        }

        @Override
        public void request(long n) {
            Subscription subscription = sending;
            if (subscription != null) {
                subscription.request(n);
            }
        }

        @Override
        public void cancel() {
            Subscription subscription = sending;
            if (subscription != null) {
                subscription.cancel();
            }
        }
    }
}
