package dev.sluice.nested;

import dev.sluice.Frame;
import dev.sluice.Source;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable.ConditionalSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Passes on the sources whose header is wanted, tells the others so, and replaces the demand they used up. */
final class FluxSelect extends FluxOperator<Source, Source> {

    private final Predicate<? super Frame> wanted;

    FluxSelect(Flux<? extends Source> sources, Predicate<? super Frame> wanted) {
        super(sources);
        this.wanted = wanted;
    }

    Flux<Source> assembled() {
        return onAssembly(this);
    }

    @Override
    public void subscribe(CoreSubscriber<? super Source> actual) {
        source.subscribe(new Selecting(actual, wanted));
    }

    @Override
    public String stepName() {
        return "select";
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : super.scanUnsafe(key);
    }

    /** Announcements come from one thread at a time, request and cancel from any. */
    private static final class Selecting implements ConditionalSubscriber<Source>, Subscription, Scannable {

        private final Outlet<Source> outlet;
        private final Predicate<? super Frame> wanted;

        @SuppressWarnings("NullAway.Init") // set by onSubscribe, before which nobody has this
        private Subscription s;

        /** false → true by the announcements' end or the predicate's failure; only the announcing thread uses it. */
        private boolean done;

        Selecting(CoreSubscriber<? super Source> actual, Predicate<? super Frame> wanted) {
            this.outlet = new Outlet<>(actual);
            this.wanted = wanted;
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
            if (!tryOnNext(source)) {
                s.request(1);
            }
        }

        @Override
        public boolean tryOnNext(Source source) {
            Objects.requireNonNull(source, "onNext of null, see rule 2.13");
            if (done) {
                Operators.onNextDropped(source, currentContext());
                LeftOut.tell(source, currentContext());
                return true;
            }
            if (outlet.isEnded()) {
                LeftOut.tell(source, currentContext());
                return true;
            }
            boolean keep;
            try {
                keep = wanted.test(source.header());
            } catch (Throwable thrown) {
                LeftOut.tell(source, currentContext());
                onError(Operators.onOperatorError(s, thrown, source, currentContext()));
                return true;
            }
            if (keep) {
                outlet.next(source);
            } else {
                LeftOut.tell(source, currentContext());
            }
            return keep;
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
                s.request(n);
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
}
