package dev.sluice.channel.spi;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One send, made at subscription.
 *
 * @param <T> the element
 */
final class SendMono<T> extends Mono<Void> implements Scannable {
    private final T element;
    private final Gate<T> gate;
    private final @Nullable Route<T> route;

    SendMono(T element, Gate<T> gate, @Nullable Route<T> route) {
        this.element = Objects.requireNonNull(element, "element");
        this.gate = gate;
        this.route = route;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> actual) {
        Waiting<T> send = new Waiting<>(actual, element, gate, route);
        actual.onSubscribe(send);
        send.start();
    }

    @Override
    public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.NAME) {
            return "send(" + gate.name() + ")";
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }

    /**
     * The subscription; also the node that waits when there is no room. A cancel must know whether the element was
     * committed, so it waits out the few steps of {@link #OFFERING}, in which no user code runs.
     *
     * <table>
     * <caption>Transitions of the state</caption>
     * <tr><th>from</th><th>to</th><th>by</th></tr>
     * <tr><td>{@code NEW}</td><td>{@code OFFERING}</td><td>subscribe</td></tr>
     * <tr><td>{@code NEW}</td><td>{@code CANCELLED}</td><td>cancel: nothing was offered</td></tr>
     * <tr><td>{@code OFFERING}</td><td>{@code OFFERED}</td><td>subscribe: committed, refused or queued</td></tr>
     * </table>
     */
    private static final class Waiting<T> extends SendNode<T> implements Subscription, Scannable {
        private static final int NEW = 0;
        private static final int OFFERING = 1;
        private static final int OFFERED = 2;
        private static final int CANCELLED = 3;

        @SuppressWarnings("rawtypes")
        private static final AtomicIntegerFieldUpdater<Waiting> STATE =
                AtomicIntegerFieldUpdater.newUpdater(Waiting.class, "state");

        private final CoreSubscriber<? super Void> actual;
        private final T payload;
        private final Gate<T> fixed;
        private volatile int state;

        Waiting(CoreSubscriber<? super Void> actual, T payload, Gate<T> fixed, @Nullable Route<T> route) {
            super(route);
            this.actual = actual;
            this.payload = payload;
            this.fixed = fixed;
            this.element = payload;
        }

        void start() {
            if (!STATE.compareAndSet(this, NEW, OFFERING)) {
                return;
            }
            Gate<T> at = fixed;
            Outcome outcome;
            try {
                do {
                    if (route != null) {
                        at = route.gate();
                    }
                    outcome = at.offer(payload, route, false);
                    if (outcome == Outcome.FULL) {
                        outcome = at.enqueue(this);
                    }
                } while (outcome == Outcome.MOVED);
            } catch (Throwable e) {
                STATE.lazySet(this, OFFERED);
                actual.onError(Operators.onOperatorError(null, e, payload, actual.currentContext()));
                return;
            }
            STATE.lazySet(this, OFFERED);
            if (outcome == Outcome.ACCEPTED) {
                at.committed(1);
                actual.onComplete();
            } else if (outcome == Outcome.WAITING) {
                at.parked();
            } else if (outcome == Outcome.CLOSED) {
                actual.onError(at.refusal());
            }
        }

        @Override
        protected Context context() {
            return actual.currentContext();
        }

        @Override
        protected void accepted() {
            actual.onComplete();
        }

        @Override
        protected void refused(Throwable cause) {
            actual.onError(cause);
        }

        @Override
        public void request(long n) {
            Operators.validate(n);
        }

        @Override
        public void cancel() {
            boolean withdrawn = STATE.compareAndSet(this, NEW, CANCELLED);
            int turns = 0;
            while (state == OFFERING) {
                turns = Backoff.pause(turns);
            }
            if (withdrawn || withdraw()) {
                Operators.onDiscard(payload, actual.currentContext());
            }
        }

        @Override
        public @Nullable Object scanUnsafe(@SuppressWarnings("rawtypes") Attr key) {
            if (key == Attr.ACTUAL) {
                return actual;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
        }
    }
}
