package dev.sluice.channel.spi;

import dev.sluice.channel.Sender;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A send that a {@link SenderGate} has handed on to its sender.
 *
 * <table>
 * <caption>Transitions of the state, under the gate's lock</caption>
 * <tr><th>from</th><th>to</th><th>by</th></tr>
 * <tr><td>{@code UNSENT}</td><td>{@code SENT}</td><td>the pump takes it</td></tr>
 * <tr><td>{@code UNSENT}</td><td>{@code WITHDRAWN}</td><td>the gate is paused</td></tr>
 * <tr><td>{@code SENT}</td><td>{@code CLOSED}</td><td>the sender confirms or refuses</td></tr>
 * <tr><td>{@code SENT}</td><td>{@code WITHDRAWN}</td><td>it was recalled, and the sender has discarded the element</td></tr>
 * <tr><td>{@code WITHDRAWN}</td><td>{@code CLOSED}</td><td>a cancel: nothing comes of it</td></tr>
 * </table>
 *
 * @param <T> the element
 */
final class Submission<T> implements CoreSubscriber<Void> {
    enum State {
        UNSENT,
        SENT,
        WITHDRAWN,
        CLOSED
    }

    private final SenderGate<T> gate;
    final SendNode<T> node;
    private final T element;
    private final Context context;

    State state = State.UNSENT;

    /** Nobody waits for the answer any more. Guarded by the gate's lock. */
    boolean orphan;

    private volatile boolean recalled;
    private volatile @Nullable Subscription subscription;

    Submission(SenderGate<T> gate, SendNode<T> node) {
        this.gate = gate;
        this.node = node;
        this.element = Objects.requireNonNull(node.element);
        this.context = Operators.enableOnDiscard(node.context(), this::discarded);
    }

    boolean isOpen() {
        return state == State.UNSENT || state == State.SENT;
    }

    /** Hands it on; returns as {@link Thrown#by}. */
    @Nullable Thrown start(Sender<T> sender, @Nullable Thrown before) {
        try {
            sender.send(element).subscribe(this);
            return before;
        } catch (Throwable thrown) {
            gate.finished(this, thrown);
            return Exceptions.isJvmFatal(thrown) ? Thrown.by(thrown, before) : before;
        }
    }

    /** Asks the sender to withdraw the element. Foreign code runs. */
    void recall() {
        recalled = true;
        Subscription s = subscription;
        if (s != null) {
            s.cancel();
        }
    }

    private void discarded(Object discarded) {
        if (recalled) {
            gate.withdrawn(this);
        } else {
            Operators.onDiscard(discarded, node.context());
        }
    }

    /** The element goes to the hook of whoever sent it. */
    void discard() {
        Operators.onDiscard(element, node.context());
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription s) {
        subscription = s;
        if (recalled) {
            s.cancel();
        } else {
            s.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(Void nothing) {}

    @Override
    public void onError(Throwable cause) {
        gate.finished(this, cause);
    }

    @Override
    public void onComplete() {
        gate.finished(this, null);
    }
}
