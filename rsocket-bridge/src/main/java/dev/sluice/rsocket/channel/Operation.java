package dev.sluice.rsocket.channel;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Peer;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.util.List;
import java.util.Map;
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

    /** What the call told the server besides, see {@link Operations#settled}. Guarded by the operations. */
    List<Numbering.Range> told = List.of();

    private volatile int made;
    private volatile boolean withdrawn;
    private final AtomicBoolean settled = new AtomicBoolean();

    Operation(Operations operations, Call call) {
        this.operations = operations;
        this.call = call;
    }

    /** Whether the call has been handed to a session before, so that the server may know of it. */
    final boolean wasMade() {
        return made > 0;
    }

    /** Whether the call was made more than once, so that a refusal may say nothing of the first time. */
    final boolean wasRepeated() {
        return made > 1;
    }

    final boolean isWithdrawn() {
        return withdrawn;
    }

    /** Makes the call, again when it was made in an earlier session. Under the lock of {@link Operations}: only hands it over. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock of Operations
    void make(Peer peer, Map<String, String> numbering) {
        made++;
        peer.call(callFor().tags(numbering)).subscribe(new Answer());
        if (withdrawn) {
            makeWithdrawal(peer);
        }
    }

    /** The call to be made now. */
    Call callFor() {
        return call;
    }

    /** Asks to take it back. Under the lock of {@link Operations}. */
    final void makeWithdrawal(Peer peer) {
        peer.call(operations.withdrawal(number)).subscribe(new Withdrawing());
    }

    /** Takes it back: at once when it was not made, else as soon as the server says what it had come to. */
    final void withdraw() {
        withdrawn = true;
        if (operations.withdraw(this)) {
            failed(Failures.of(Code.WITHDRAWN, "0"));
        }
    }

    /** The outcome is an error. */
    final void failed(Throwable error) {
        if (Thread.holdsLock(operations)) {
            operations.afterwards(() -> failed(error));
            return;
        }
        if (settled.compareAndSet(false, true)) {
            operations.settled(this, false);
            onFailure(error);
        }
    }

    private void done(@Nullable Frame outcome) {
        if (settled.compareAndSet(false, true)) {
            operations.settled(this, true);
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
        private @Nullable Frame outcome;

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
            // One that was lost with its session is made again in the next.
            if (!isLoss(error)) {
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
            if (Failures.code(error) == Code.WITHDRAWN) {
                failed(error);
            }
        }

        @Override
        public void onComplete() {}
    }

    /** The call was not answered because its session ended or is about to: it is for the next one. */
    static boolean isLoss(Throwable error) {
        return error instanceof ConnectionLostException || Failures.code(error) == Code.UNAVAILABLE;
    }

    /** Discards an element that was not accepted. */
    static void discard(Frame element, CoreSubscriber<?> actual) {
        Operators.onDiscard(element, actual.currentContext());
    }
}
