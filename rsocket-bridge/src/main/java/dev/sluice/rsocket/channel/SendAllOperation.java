package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.channel.spi.Progress;
import dev.sluice.channel.spi.Withdrawal;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * Sends all elements of a publisher to a sender elsewhere, which decides by its room how far the publisher is asked. Cancelled, it learns how many
 * were accepted, and the rest goes to the discard hook.
 */
final class SendAllOperation extends Operation {

    private final Publisher<? extends Frame> elements;
    private final CoreSubscriber<? super Long> actual;
    private final Operators.MonoSubscriber<Long, Long> result;
    private final KeptElements kept;

    SendAllOperation(
            Operations operations,
            Call call,
            Publisher<? extends Frame> elements,
            CoreSubscriber<? super Long> actual) {
        super(operations, call);
        this.elements = elements;
        this.actual = actual;
        this.kept =
                new KeptElements(actual.currentContext(), actual instanceof Progress told ? told : null, this::failed);
        this.result = new Operators.MonoSubscriber<>(actual) {
            @Override
            public void cancel() {
                super.cancel();
                SendAllOperation.this.cancel();
            }
        };
    }

    void start() {
        actual.onSubscribe(result);
        operations.begin(this);
        elements.subscribe(kept);
    }

    @Override
    Call callFor() {
        return super.callFor().uplink(Flux.just(kept.newLeg()));
    }

    @Override
    void onOutcome(@Nullable Frame outcome) {
        long accepted = outcome == null ? 0L : Long.parseLong(outcome.asText());
        if (isWithdrawn()) {
            withdrawn(accepted);
        } else {
            kept.stop(Long.MAX_VALUE);
            result.complete(accepted);
        }
    }

    @Override
    void onFailure(Throwable error) {
        Throwable own = kept.failure();
        if (!isWithdrawn()) {
            kept.stop(Long.MAX_VALUE);
            result.onError(own == null ? error : own);
        } else if (Failures.code(error) == Code.WITHDRAWN) {
            withdrawn(accepted(error));
        } else {
            kept.stop(Long.MAX_VALUE);
            actual.onError(error);
        }
    }

    /** What was not accepted is discarded; whoever passes elements on hears how many were. */
    private void withdrawn(long accepted) {
        kept.stop(accepted);
        if (actual instanceof Withdrawal withdrawal) {
            withdrawal.withdrawn(accepted);
        }
    }

    private static long accepted(Throwable withdrawal) {
        try {
            return Long.parseLong(String.valueOf(withdrawal.getMessage()));
        } catch (NumberFormatException notBegun) {
            return 0;
        }
    }

    @Override
    public void cancel() {
        if (!isSettled()) {
            kept.cancelPublisher();
            withdraw();
        }
    }
}
