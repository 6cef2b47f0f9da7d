package dev.sluice.nested;

import dev.sluice.Frame;
import dev.sluice.Source;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Asks for a further source only while fewer than so many of those it passed on are still open. */
final class FluxLimitConcurrent extends FluxOperator<Source, Source> {

    private final int limit;

    FluxLimitConcurrent(Flux<? extends Source> sources, int limit) {
        super(sources);
        this.limit = limit;
    }

    Flux<Source> assembled() {
        return onAssembly(this);
    }

    @Override
    public void subscribe(CoreSubscriber<? super Source> actual) {
        source.subscribe(new Limiting(actual, limit));
    }

    @Override
    public String stepName() {
        return "limitConcurrent";
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : super.scanUnsafe(key);
    }

    /**
     * Announcements come from one thread at a time; request, cancel and the end of a source from any.
     *
     * <p>Invariant: sources asked for and not ended, plus {@code free}, equal the limit; and no more are asked for than
     * were requested from below. So an announced source is passed on at once and there is no queue. Only the drain
     * asks, which also keeps a source that ends while it is being announced from recursing.
     */
    private static final class Limiting extends Drain implements CoreSubscriber<Source>, Subscription, Scannable {

        private static final AtomicIntegerFieldUpdater<Limiting> FREE =
                AtomicIntegerFieldUpdater.newUpdater(Limiting.class, "free");
        private static final AtomicLongFieldUpdater<Limiting> REQUESTED =
                AtomicLongFieldUpdater.newUpdater(Limiting.class, "requested");

        private final Outlet<Source> outlet;
        private final int limit;

        @SuppressWarnings("NullAway.Init") // set by onSubscribe, before which nobody has this
        private Subscription s;

        /** false → true by the announcements' end; only the announcing thread uses it. */
        private boolean done;

        /** How many more sources may be asked for: lowered by asking, raised by each end. */
        private volatile int free;

        /** Demand from below that was not passed on yet. */
        private volatile long requested;

        Limiting(CoreSubscriber<? super Source> actual, int limit) {
            this.outlet = new Outlet<>(actual);
            this.limit = limit;
            this.free = limit;
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
            }
        }

        @Override
        public void onNext(Source source) {
            Objects.requireNonNull(source, "onNext of null, see rule 2.13");
            if (done) {
                Operators.onNextDropped(source, currentContext());
                LeftOut.tell(source, currentContext());
            } else if (outlet.isEnded()) {
                LeftOut.tell(source, currentContext());
            } else {
                outlet.next(new Counted(source, this));
            }
        }

        @Override
        public void onError(Throwable failure) {
            Objects.requireNonNull(failure, "onError of null, see rule 2.13");
            done = true;
            outlet.fail(failure);
        }

        @Override
        public void onComplete() {
            done = true;
            outlet.complete();
        }

        @Override
        public void request(long n) {
            if (n > 0) {
                Operators.addCap(REQUESTED, this, n);
                drain();
            } else {
                s.cancel();
                outlet.refuse(n);
            }
        }

        @Override
        public void cancel() {
            outlet.cancel();
            s.cancel();
        }

        void ended() {
            FREE.incrementAndGet(this);
            drain();
        }

        @Override
        void advance() {
            int more = (int) Math.min(requested, free);
            if (more > 0) {
                Operators.produced(REQUESTED, this, more);
                FREE.addAndGet(this, -more);
                s.request(more);
            }
        }

        @Override
        void giveUp() {
            cancel();
        }

        @Override
        @SuppressWarnings("rawtypes")
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.PARENT) return s;
            if (key == Attr.ACTUAL) return outlet.actual();
            if (key == Attr.CAPACITY) return limit;
            if (key == Attr.REQUESTED_FROM_DOWNSTREAM) return requested;
            if (key == Attr.TERMINATED) return outlet.isEnded() && !outlet.isCancelled();
            if (key == Attr.CANCELLED) return outlet.isCancelled();
            if (key == Attr.RUN_STYLE) return Attr.RunStyle.SYNC;
            return null;
        }
    }

    /** A source that says once when it ended, whichever way. */
    private static final class Counted implements Source {

        private final Source source;
        private final Limiting limiting;
        private final Flux<Frame> frames;
        private final AtomicBoolean subscribed = new AtomicBoolean();
        private final AtomicBoolean over = new AtomicBoolean();

        Counted(Source source, Limiting limiting) {
            this.source = source;
            this.limiting = limiting;
            this.frames = Flux.defer(() -> {
                subscribed.set(true);
                return source.frames().doFinally(signal -> over());
            });
        }

        @Override
        public Frame header() {
            return source.header();
        }

        @Override
        public Flux<Frame> frames() {
            return frames;
        }

        @Override
        public void discard() {
            if (subscribed.compareAndSet(false, true)) {
                source.discard();
                over();
            }
        }

        private void over() {
            if (over.compareAndSet(false, true)) {
                limiting.ended();
            }
        }

        @Override
        public String toString() {
            return source.toString();
        }
    }
}
