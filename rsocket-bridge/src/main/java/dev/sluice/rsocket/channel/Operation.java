package dev.sluice.rsocket.channel;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.RemoteSource;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * Something the server does once, and somebody who waits for the outcome: a frame, or nothing, or an error.
 *
 * <p>{@code settled} goes false → true once, whatever comes first. A cancel of one that can be withdrawn does not end it: it asks the server to
 * take it back and waits for what that has come to.
 */
abstract class Operation implements Subscription {

    final Operations operations;
    private final Call call;

    /** Among the operations of this client; given when it begins. */
    long number;

    private volatile boolean made;
    private volatile boolean withdrawn;
    private final AtomicBoolean settled = new AtomicBoolean();

    Operation(Operations operations, Call call) {
        this.operations = operations;
        this.call = call;
    }

    /** Whether the call has been handed to a session before, so that the server may know of it. */
    final boolean wasMade() {
        return made;
    }

    final boolean isWithdrawn() {
        return withdrawn;
    }

    /** Makes the call. Under the lock of {@link Operations}: only hands it over. */
    void make(Peer peer, long lowest, boolean again) {
        if (withdrawn && made) {
            makeWithdrawal(peer);
            return;
        }
        made = true;
        peer.call(operations.numbered(callFor(), number, lowest, again)).subscribe(new Answer(peer));
    }

    /** The call to be made now. */
    Call callFor() {
        return call;
    }

    /** Asks to take it back. Under the lock of {@link Operations}. */
    final void makeWithdrawal(Peer peer) {
        peer.call(operations.withdrawal(number)).subscribe(new Withdrawing(peer));
    }

    final void withdraw() {
        withdrawn = true;
        operations.also(this);
    }

    /** The outcome is an error. */
    final void failed(Throwable error) {
        if (settled.compareAndSet(false, true)) {
            operations.settled(this);
            onFailure(error);
        }
    }

    private void done(@Nullable Frame outcome) {
        if (settled.compareAndSet(false, true)) {
            operations.settled(this);
            onOutcome(outcome);
        }
    }

    final boolean isSettled() {
        return settled.get();
    }

    abstract void onOutcome(@Nullable Frame outcome);

    abstract void onFailure(Throwable error);

    @Override
    public void request(long n) {}

    /** What the server answers. */
    private final class Answer implements CoreSubscriber<RemoteSource> {
        private final Peer peer;
        private @Nullable Frame outcome;

        Answer(Peer peer) {
            this.peer = peer;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(RemoteSource source) {
            outcome = source.header();
            source.discard();
        }

        @Override
        public void onError(Throwable error) {
            if (error instanceof ConnectionLostException) {
                operations.lost(Operation.this, peer);
            } else {
                failed(error);
            }
        }

        @Override
        public void onComplete() {
            done(outcome);
        }
    }

    /** What the server says of a withdrawal: only that it knows of nothing counts, else the answer to the operation tells. */
    private final class Withdrawing implements CoreSubscriber<RemoteSource> {
        private final Peer peer;

        Withdrawing(Peer peer) {
            this.peer = peer;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(RemoteSource source) {
            source.discard();
        }

        @Override
        public void onError(Throwable error) {
            if (error instanceof ConnectionLostException) {
                operations.lost(Operation.this, peer);
            } else {
                failed(error);
            }
        }

        @Override
        public void onComplete() {}
    }

    /** Discards an element that was not accepted. */
    static void discard(Frame element, CoreSubscriber<?> actual) {
        Operators.onDiscard(element, actual.currentContext());
    }
}
