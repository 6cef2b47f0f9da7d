package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.rsocket.Call;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** An operation with an answer. A cancel before it was made ends it; one that was made goes on, and nobody hears of it. */
final class AskOperation<R> extends Operation {

    private final Function<@Nullable Frame, @Nullable R> read;
    private final Operators.MonoSubscriber<R, R> result;

    private AskOperation(
            Operations operations,
            Call call,
            Function<@Nullable Frame, @Nullable R> read,
            CoreSubscriber<? super R> actual) {
        super(operations, call);
        this.read = read;
        this.result = new Operators.MonoSubscriber<>(actual) {
            @Override
            public void cancel() {
                super.cancel();
                operations.giveUp(AskOperation.this);
            }
        };
    }

    /**
     * A Mono that does the operation for each subscriber.
     *
     * @param read what the outcome means, null for nothing
     */
    static <R> Mono<R> mono(Operations operations, Call call, Function<@Nullable Frame, @Nullable R> read) {
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super R> actual) {
                AskOperation<R> operation = new AskOperation<>(operations, call, read, actual);
                actual.onSubscribe(operation.result);
                if (!operation.result.isCancelled()) {
                    operations.begin(operation);
                }
            }
        };
    }

    @Override
    void onOutcome(@Nullable Frame outcome) {
        R value;
        try {
            value = read.apply(outcome);
        } catch (RuntimeException unreadable) {
            result.onError(unreadable);
            return;
        }
        if (value == null) {
            result.onComplete();
        } else {
            result.complete(value);
        }
    }

    @Override
    void onFailure(Throwable error) {
        result.onError(error);
    }

    @Override
    public void cancel() {}
}
