package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;

/** One send that waits for room elsewhere. Cancelled, it says of its element whether it was accepted: if not, it goes to the discard hook. */
final class SendOperation extends Operation {

    private final Frame element;
    private final CoreSubscriber<? super Void> actual;

    SendOperation(Operations operations, Call call, Frame element, CoreSubscriber<? super Void> actual) {
        super(operations, call);
        this.element = element;
        this.actual = actual;
    }

    void begin() {
        operations.begin(this);
    }

    @Override
    void onOutcome(@Nullable Frame outcome) {
        actual.onComplete();
    }

    @Override
    void onFailure(Throwable error) {
        if (isWithdrawn() && isKnownNotAccepted(Failures.code(error))) {
            // Withdrawn, or refused before that could be done: either way it was not accepted.
            discard(element, actual);
        } else {
            actual.onError(error);
        }
    }

    private boolean isKnownNotAccepted(Code code) {
        return switch (code) {
            case WITHDRAWN -> true;
            case FORGOTTEN, UNAVAILABLE, VIOLATION, FAILED, TIMEOUT -> false;
            default -> !wasRepeated();
        };
    }

    @Override
    public void cancel() {
        if (!isSettled()) {
            withdraw();
        }
    }
}
