package dev.sluice.rsocket.plain;

import io.rsocket.Payload;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

/**
 * A request-channel that is refused at its first payload, whatever else the client would send.
 *
 * <p>The refusal leaves in the event loop's next turn: while RSocket is handing the first payload over it would tell the payloads of the error too, which nobody hears
 * any more, and log a trace for each stranger. On the event loop.
 */
final class RefusedChannel extends Flux<Payload> {

    private final Flux<Payload> payloads;
    private final Throwable refusal;
    private final Gate gate;

    RefusedChannel(Flux<Payload> payloads, Throwable refusal, Gate gate) {
        this.payloads = payloads;
        this.refusal = refusal;
        this.gate = gate;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Payload> actual) {
        Refused refused = new Refused(actual);
        actual.onSubscribe(refused);
        payloads.subscribe(refused);
    }

    private final class Refused extends BaseSubscriber<Payload> {
        private final CoreSubscriber<? super Payload> actual;
        private boolean over;

        Refused(CoreSubscriber<? super Payload> actual) {
            this.actual = actual;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        protected void hookOnNext(Payload payload) {
            payload.release();
            gate.later(() -> {
                if (!over) {
                    over = true;
                    actual.onError(refusal);
                }
            });
        }

        @Override
        protected void hookOnError(Throwable gone) {
            over = true;
        }

        @Override
        protected void hookOnCancel() {
            over = true;
        }
    }
}
