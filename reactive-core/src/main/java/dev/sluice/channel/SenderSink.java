package dev.sluice.channel;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.core.publisher.SignalType;
import reactor.core.publisher.Sinks.EmissionException;
import reactor.core.publisher.Sinks.EmitFailureHandler;
import reactor.core.publisher.Sinks.EmitResult;
import reactor.core.publisher.Sinks.Many;
import reactor.util.context.Context;

/**
 * A sender in the shape of a Reactor sink.
 *
 * <p>The view of a channel ends the channel when it is completed or failed. The view of any other sender ends itself
 * only, for what is behind that sender belongs to others.
 *
 * <p>One thing differs from Reactor's own sinks, whose contract allows it: when {@code emitNext} finds no room and the
 * handler does not want to try again, the element is discarded and the <em>caller</em> gets an {@link EmissionException}.
 * Reactor would fail all subscribers; here there may be other senders, and nothing they sent is missing.
 */
final class SenderSink<T> implements Many<T> {

    private final Sender<T> sender;
    private final @Nullable Channel<T> channel;
    private final Flux<T> flux;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** A view of a sender, which may be a channel. */
    SenderSink(Sender<T> sender) {
        this.sender = sender;
        this.channel = sender instanceof Channel<T> whole ? whole : null;
        this.flux = channel != null
                ? channel.receive()
                : Flux.error(() -> new UnsupportedOperationException(
                        sender + " is a sender only: receive from the channel it sends to"));
    }

    @Override
    public EmitResult tryEmitNext(T element) {
        Objects.requireNonNull(element, "element");
        if (ended.get()) {
            return EmitResult.FAIL_TERMINATED;
        }
        return switch (sender.trySend(element)) {
            case ACCEPTED -> EmitResult.OK;
            case FULL -> EmitResult.FAIL_OVERFLOW;
            case CLOSED -> EmitResult.FAIL_TERMINATED;
        };
    }

    @Override
    public EmitResult tryEmitComplete() {
        return end(null);
    }

    @Override
    public EmitResult tryEmitError(Throwable error) {
        return end(Objects.requireNonNull(error, "error"));
    }

    private EmitResult end(@Nullable Throwable error) {
        if ((channel != null && channel.isClosed()) || !ended.compareAndSet(false, true)) {
            return EmitResult.FAIL_TERMINATED;
        }
        if (channel != null) {
            if (error == null) {
                channel.close();
            } else {
                channel.close(error);
            }
        }
        return EmitResult.OK;
    }

    @Override
    public void emitNext(T element, EmitFailureHandler failureHandler) {
        EmitResult result = tryEmitNext(element);
        while (result.isFailure()) {
            if (!failureHandler.onEmitFailure(SignalType.ON_NEXT, result)) {
                giveUp(element, result);
                return;
            }
            result = tryEmitNext(element);
        }
    }

    private void giveUp(T element, EmitResult result) {
        if (result == EmitResult.FAIL_TERMINATED) {
            Operators.onNextDropped(element, Context.empty());
            return;
        }
        Operators.onDiscard(element, Context.empty());
        throw new EmissionException(
                result,
                sender + " has no room for the element, which was discarded: use send() to wait for room,"
                        + " tryEmitNext() to keep the element, or a failure handler that retries");
    }

    @Override
    public void emitComplete(EmitFailureHandler failureHandler) {
        EmitResult result = tryEmitComplete();
        while (result.isFailure() && failureHandler.onEmitFailure(SignalType.ON_COMPLETE, result)) {
            result = tryEmitComplete();
        }
    }

    @Override
    public void emitError(Throwable error, EmitFailureHandler failureHandler) {
        EmitResult result = tryEmitError(error);
        while (result.isFailure()) {
            if (!failureHandler.onEmitFailure(SignalType.ON_ERROR, result)) {
                Operators.onErrorDropped(error, Context.empty());
                return;
            }
            result = tryEmitError(error);
        }
    }

    /** Of a channel its receivers and listeners, as far as that is known without waiting; of any other sender 0. */
    @Override
    public int currentSubscriberCount() {
        if (channel == null) {
            return 0;
        }
        ChannelStats stats = channel.stats().toFuture().getNow(null);
        return stats == null ? 0 : stats.receivers() + stats.listeners();
    }

    @Override
    public Flux<T> asFlux() {
        return flux;
    }

    @Override
    @SuppressWarnings("rawtypes") // as Reactor declares it
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return sender instanceof Scannable ? sender : null;
        }
        if (key == Attr.TERMINATED) {
            return ended.get() || (channel != null && channel.isClosed());
        }
        return channel == null ? null : channel.scanUnsafe(key);
    }

    @Override
    public String toString() {
        return sender + " as sink";
    }
}
