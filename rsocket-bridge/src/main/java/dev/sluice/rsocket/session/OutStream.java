package dev.sluice.rsocket.session;

import dev.sluice.rsocket.wire.Code;
import dev.sluice.rsocket.wire.Wire;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A stream this side sends: GRANTs become demand, signals become records.
 *
 * <p>The producer is asked when it is this stream's turn, never for more than was granted, and for no more at a time than fits what may leave.
 * What it gives within its turn on the event loop is written at once. What it gives at other times, on whatever thread, waits in the {@code backlog}
 * for the next turn.
 *
 * <p>{@code items} may still be sent; {@code requested} of them have been asked for and not been sent yet, so {@code requested <= items}.
 *
 * @param <T> the items
 */
abstract class OutStream<T> extends Stream implements CoreSubscriber<T> {

    /** What an item is taken to have at least. */
    private static final int LEAST_SIZE = 64;

    /** What an item is taken to have while none was seen: small enough to ask an idle producer for a few, large enough to bound what comes. */
    private static final int UNKNOWN_SIZE = Wire.CHUNK_BYTES;

    private long items;

    private long requested;

    /** What this stream has of the session's budget for items that were asked for. */
    private long reserved;

    /** Whether the producer gives what it is asked for at once, as part of being asked. */
    private boolean prompt;

    /** The other side has subscribed, whether or not it has asked for anything. */
    private boolean accepted;

    private boolean subscribed;

    /** No record leaves any more. */
    private boolean finished;

    /** Whether this stream waits for its turn, and whether for something other streams have in use; kept by {@link Outbound}. */
    boolean waiting;

    boolean parked;

    /** Bytes, 0 or less, that its last turn took beyond what it had; kept by {@link Outbound}. */
    int overdrawn;

    /** The producer is being subscribed to or asked, on the event loop: what it says now is looked at as soon as it returns. */
    private boolean asking;

    private final Backlog<T> backlog = new Backlog<>();
    private volatile @Nullable Subscription producer;
    private volatile boolean done;
    private volatile boolean stopped;
    private @Nullable Throwable error;

    OutStream(Session session, long id, int depth, long items) {
        super(session, id, depth);
        this.items = items;
    }

    @Override
    public Context currentContext() {
        return Context.empty();
    }

    // Signals of the producer, on any thread.

    @Override
    public void onSubscribe(Subscription subscription) {
        if (producer != null) {
            subscription.cancel();
            return;
        }
        producer = subscription;
        if (stopped) {
            subscription.cancel();
        } else {
            touch();
        }
    }

    @Override
    public void onNext(T item) {
        if (done || stopped) {
            Operators.onNextDropped(item, currentContext());
            return;
        }
        if (session.inLoop() && asking && requested > 0 && backlog.isEmpty() && mayWrite(item)) {
            sent();
            write(item);
            return;
        }
        backlog.offer(item);
        if (stopped) {
            backlog.discard(this::discard);
        }
        session.touch(this);
    }

    @Override
    public void onError(Throwable failure) {
        if (done || stopped) {
            Operators.onErrorDropped(failure, currentContext());
            return;
        }
        error = failure;
        done = true;
        touch();
    }

    @Override
    public void onComplete() {
        done = true;
        touch();
    }

    /** Has the event loop look at this stream, unless it does so anyway. */
    private void touch() {
        if (!(session.inLoop() && asking)) {
            session.touch(this);
        }
    }

    // All below on the event loop.

    @Override
    void run() {
        if (!finished) {
            session.outbound().ready(this);
        }
    }

    @Override
    void onGrant(long more, long bytes) {
        if (finished) {
            return;
        }
        items = Operators.addCap(items, more);
        grantBytes(bytes);
        accepted = true;
        granted();
        // At once: what a later record of the same batch does may depend on this demand.
        session.outbound().serve(this);
    }

    /**
     * Sends what may be sent now.
     *
     * @return whether there is more that may be sent as soon as it is this stream's turn again
     */
    final boolean turn() {
        boolean more = takeTurn();
        reserve();
        return more;
    }

    private boolean takeTurn() {
        if (finished) {
            return false;
        }
        if (!subscribed) {
            if (items == 0 && !accepted) {
                return false;
            }
            begin();
        }
        if (!resumeItem()) {
            return true;
        }
        if (backlog.size() > requested) {
            overflow();
            return false;
        }
        while (!finished) {
            if (itemInProgress()) {
                // Before the next is looked at, whose window may be closed: what was begun goes on all the same.
                return true;
            }
            T next = backlog.peek();
            if (next != null) {
                if (requested <= 0) {
                    overflow();
                    return false;
                }
                if (!mayWrite(next)) {
                    return windowIsOpen() && session.outbound().isHeld();
                }
                backlog.poll();
                sent();
                write(next);
            } else if (done) {
                // What was queued before "done" is seen by now, or the backlog shows it on the next look.
                if (backlog.isEmpty()) {
                    end();
                    return false;
                }
            } else if (!windowIsOpen()) {
                // Asked now, a producer would give what can only be kept; and there may be thousands of producers.
                return false;
            } else if (session.outbound().isHeld()) {
                return true;
            } else if (!ask()) {
                return false;
            }
        }
        return false;
    }

    /** Subscribes to the producer; whoever calls it gives this stream a turn next. */
    final void begin() {
        subscribed = true;
        asking = true;
        try {
            subscribeTo();
        } catch (Throwable thrown) {
            broken(thrown);
        } finally {
            asking = false;
        }
    }

    /** A producer that throws is one that fails, whatever it does next. */
    private void broken(Throwable thrown) {
        Exceptions.throwIfJvmFatal(thrown);
        Subscription subscription = producer;
        if (subscription != null) {
            session.callOut(subscription::cancel);
        }
        onError(thrown);
    }

    /** Asks the producer; false when it may not be asked, or gave nothing yet. */
    private boolean ask() {
        Subscription subscription = producer;
        if (subscription == null) {
            return false;
        }
        int size = usualSize();
        if (size == 0 && requested == 0 && items > 0) {
            // Whoever gives at once is measured by its first item; whoever does not is asked for what a few may have.
            if (request(subscription, 1)) {
                return true;
            }
        }
        // What a prompt producer gives beyond this turn would only be queued.
        long room = prompt
                ? session.outbound().turnBytes()
                : Math.min(window(), session.outbound().unreserved() + reserved);
        long most = Math.min(items, Math.max(1, room / expectedSize()));
        return most > requested && request(subscription, most - requested);
    }

    private boolean request(Subscription subscription, long n) {
        long before = requested + n;
        requested = before;
        asking = true;
        try {
            subscription.request(n);
        } catch (Throwable thrown) {
            broken(thrown);
        } finally {
            asking = false;
        }
        prompt = requested < before || !backlog.isEmpty();
        return prompt || done;
    }

    /** Brings what is reserved in line with what was asked for and not been sent. */
    private void reserve() {
        long now = finished ? 0 : requested * expectedSize();
        session.outbound().reserve(now - reserved);
        reserved = now;
    }

    private int expectedSize() {
        int usual = usualSize();
        return usual == 0 ? UNKNOWN_SIZE : Math.max(usual, LEAST_SIZE);
    }

    private void sent() {
        items--;
        requested--;
    }

    private void overflow() {
        fail(Code.FAILED, "the producer sent more than it was asked for");
    }

    private void end() {
        Throwable failure = error;
        if (failure == null) {
            session.outbound().end(id);
        } else {
            session.outbound().fail(id, Failures.code(failure), Failures.text(failure));
        }
        stop(false);
        leave();
    }

    /** Gives the stream up, because of an item that cannot be sent, say. */
    final void fail(Code code, String text) {
        session.outbound().fail(id, code, text);
        stop(true);
        leave();
    }

    @Override
    void onCancel() {
        if (!finished) {
            stop(true);
            leave();
        }
    }

    @Override
    void disconnected(Throwable cause) {
        onCancel();
    }

    private void leave() {
        finished = true;
        reserve();
        session.outbound().left(this);
        gone();
    }

    private void stop(boolean cancel) {
        stopped = true;
        if (cancel) {
            Subscription subscription = producer;
            if (!subscribed) {
                subscribed = true;
                neverSubscribed();
            } else if (subscription != null && !done) {
                session.callOut(subscription::cancel);
            }
        }
        backlog.discard(this::discard);
        discardItem();
    }

    final long items() {
        return items;
    }

    final boolean isFinished() {
        return finished;
    }

    /** Subscribes this to the producer. */
    abstract void subscribeTo();

    /** The producer will never be subscribed to. */
    abstract void neverSubscribed();

    /** Something was granted, if only nothing: somebody has subscribed. */
    abstract void granted();

    /** Bytes were granted. */
    abstract void grantBytes(long bytes);

    /** Whether the windows, the turn and the connection have room for this item now. */
    abstract boolean mayWrite(T item);

    /** Whether it is only the turn or the session that holds this stream up, not a window of its own. */
    abstract boolean windowIsOpen();

    /** Writes an item, or its beginning. */
    abstract void write(T item);

    /** Goes on with an item that was begun; false when it is not finished, so the turn is over. */
    abstract boolean resumeItem();

    /** Whether an item was begun and is not finished. */
    abstract boolean itemInProgress();

    /** Bytes this stream may still send by its own windows. */
    abstract long window();

    /** About the bytes of an item, lately; 0 while nothing is known. */
    abstract int usualSize();

    abstract void discardItem();

    abstract void discard(T item);

    /** The stream takes no more part in the session. */
    abstract void gone();
}
