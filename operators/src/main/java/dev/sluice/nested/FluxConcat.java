package dev.sluice.nested;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One source after the other, each asked for exactly what is asked for below.
 *
 * @param <S> the sources
 * @param <T> what they carry
 */
final class FluxConcat<S, T> extends FluxOperator<S, T> {

    private final Function<? super S, ? extends Publisher<? extends T>> open;

    FluxConcat(Flux<? extends S> sources, Function<? super S, ? extends Publisher<? extends T>> open) {
        super(sources);
        this.open = open;
    }

    Flux<T> assembled() {
        return onAssembly(this);
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        source.subscribe(new ConcatMain<>(actual, open));
    }

    @Override
    public String stepName() {
        return "concat";
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : super.scanUnsafe(key);
    }

    /**
     * Announcements come from one thread, elements from that of the one open source, request and cancel from any.
     *
     * <p>Elements go straight to the outlet; the drain moves the demand from one source to the next. Invariants: one announcement is
     * asked for at a time, so at most one source is open and none waits; {@code outstanding} is what was requested less
     * what ended sources delivered, and every open source was asked for exactly what is still outstanding.
     */
    private static final class ConcatMain<S, T> extends Drain implements CoreSubscriber<S>, Subscription, Scannable {

        @SuppressWarnings("rawtypes")
        private static final AtomicLongFieldUpdater<ConcatMain> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(ConcatMain.class, "requested");

        private final Outlet<T> outlet;
        private final Function<? super S, ? extends Publisher<? extends T>> open;

        @SuppressWarnings("NullAway.Init") // set by onSubscribe, before which nobody has this
        private Subscription s;

        /** Demand the drain has not seen yet. */
        private volatile long requested;

        /** false → true by the end of the announcements. */
        private volatile boolean outerDone;

        /** null → a source by its announcement → null by the drain once it ended. */
        private volatile @Nullable Current<T> current;

        // Owned by the drain.
        private long outstanding;

        ConcatMain(CoreSubscriber<? super T> actual, Function<? super S, ? extends Publisher<? extends T>> open) {
            this.outlet = new Outlet<>(actual);
            this.open = open;
        }

        @Override
        public Context currentContext() {
            return outlet.context();
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.validate(s, subscription)) {
                s = subscription;
                outlet.actual().onSubscribe(this);
                subscription.request(1);
            }
        }

        @Override
        public void onNext(S announced) {
            Objects.requireNonNull(announced, "onNext of null, see rule 2.13");
            if (outerDone) {
                Operators.onNextDropped(announced, currentContext());
                LeftOut.tell(announced, currentContext());
                return;
            }
            if (outlet.isEnded()) {
                LeftOut.tell(announced, currentContext());
                return;
            }
            Publisher<? extends T> publisher;
            try {
                publisher = Objects.requireNonNull(open.apply(announced), "A source's publisher is null");
            } catch (Throwable thrown) {
                LeftOut.tell(announced, currentContext());
                onError(Operators.onOperatorError(s, thrown, announced, currentContext()));
                return;
            }
            Current<T> source = new Current<>(this);
            current = source;
            Operators.<T>toFluxOrMono(Publishers.covariant(publisher)).subscribe(source);
        }

        @Override
        public void onError(Throwable failure) {
            Objects.requireNonNull(failure, "onError of null, see rule 2.13");
            // Comes before the end is visible, or another thread would complete in between.
            outlet.fail(failure);
            outerDone = true;
            stopSource();
            drain();
        }

        @Override
        public void onComplete() {
            outerDone = true;
            drain();
        }

        @Override
        public void request(long n) {
            if (n > 0) {
                Operators.addCap(REQUESTED, this, n);
                drain();
            } else {
                s.cancel();
                outlet.refuse(n);
                stopSource();
                drain();
            }
        }

        @Override
        public void cancel() {
            outlet.cancel();
            s.cancel();
            stopSource();
            drain();
        }

        /** At once: as long as a source gives what it was asked for within that request, the drain comes to nothing else. */
        private void stopSource() {
            Current<T> source = current;
            if (source != null) {
                source.cancel();
            }
        }

        void sourceFailed(Throwable failure) {
            if (!outerDone) {
                s.cancel();
            }
            outlet.fail(failure);
            drain();
        }

        @Override
        void giveUp() {
            outlet.cancel();
            s.cancel();
            stopSource();
        }

        @Override
        void advance() {
            // Read before the current source: one announced before the end is then seen.
            boolean noMoreSources = outerDone;
            Current<T> source = current;
            if (outlet.isEnded()) {
                if (source != null) {
                    source.cancel();
                }
                return;
            }
            long more = requested == 0L ? 0L : REQUESTED.getAndSet(this, 0L);
            outstanding = Operators.addCap(outstanding, more);
            if (source == null) {
                if (noMoreSources) {
                    outlet.complete();
                }
            } else if (source.completed) {
                if (outstanding != Long.MAX_VALUE) {
                    outstanding = Operators.subOrZero(outstanding, source.delivered);
                }
                current = null;
                if (noMoreSources) {
                    outlet.complete();
                } else {
                    s.request(1);
                }
            } else {
                source.ask(outstanding, more);
            }
        }

        @Override
        @SuppressWarnings("rawtypes")
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.PARENT) return s;
            if (key == Attr.ACTUAL) return outlet.actual();
            if (key == Attr.TERMINATED) return outlet.isEnded() && !outlet.isCancelled();
            if (key == Attr.CANCELLED) return outlet.isCancelled();
            if (key == Attr.RUN_STYLE) return Attr.RunStyle.SYNC;
            return null;
        }
    }

    /** The open source. */
    private static final class Current<T> implements CoreSubscriber<T>, Scannable {

        private final ConcatMain<?, T> main;

        private volatile @Nullable Subscription subscription;

        /** false → true by the source's end, good or bad: it must not be asked or cancelled any more. */
        private volatile boolean ended;

        /** false → true by the source's good end alone. Nothing comes after a failure, so the drain must not go on. */
        private volatile boolean completed;

        /** Written by the source's thread, read by the drain after {@code completed}. */
        private long delivered;

        // Owned by the drain.
        private boolean asked;

        Current(ConcatMain<?, T> main) {
            this.main = main;
        }

        @Override
        public Context currentContext() {
            return main.currentContext();
        }

        @Override
        public void onSubscribe(Subscription s) {
            if (Operators.validate(subscription, s)) {
                subscription = s;
                main.drain();
            }
        }

        @Override
        public void onNext(T element) {
            Objects.requireNonNull(element, "onNext of null, see rule 2.13");
            if (ended) {
                Operators.onNextDropped(element, currentContext());
                return;
            }
            delivered++;
            main.outlet.next(element);
        }

        @Override
        public void onError(Throwable failure) {
            Objects.requireNonNull(failure, "onError of null, see rule 2.13");
            if (ended) {
                Operators.onErrorDropped(failure, currentContext());
                return;
            }
            ended = true;
            main.sourceFailed(failure);
        }

        @Override
        public void onComplete() {
            if (!ended) {
                ended = true;
                completed = true;
                main.drain();
            }
        }

        /** The first time for all that is outstanding, then for what came since. */
        void ask(long outstanding, long more) {
            Subscription s = subscription;
            if (s == null || ended) {
                return;
            }
            long n = asked ? more : outstanding;
            asked = true;
            if (n > 0) {
                s.request(n);
            }
        }

        /** Not after the source's own end: that is over, and rule 2.3 forbids it within its last signal. */
        void cancel() {
            Subscription s = subscription;
            if (s != null && !ended) {
                s.cancel();
            }
        }

        @Override
        @SuppressWarnings("rawtypes")
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.PARENT) return subscription;
            if (key == Attr.ACTUAL) return main;
            if (key == Attr.TERMINATED) return ended;
            if (key == Attr.RUN_STYLE) return Attr.RunStyle.SYNC;
            return null;
        }
    }
}
