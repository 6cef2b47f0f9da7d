package dev.sluice.rsocket.plain;

import dev.sluice.rsocket.PlainOptions;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.transport.TransportOptions;
import dev.sluice.rsocket.wire.Code;
import io.rsocket.Payload;
import io.rsocket.util.ByteBufPayload;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;

/**
 * What leaves in one plain stream, for one subscriber.
 *
 * <p>RSocket's demand counts items, whose sizes nobody knows, and is often 2^31 - 1. So the producer is asked in windows instead: for so many items
 * as fit into the window's bytes by the sizes seen lately, beginning with one, and only while the client wants more and the {@link Gate} is
 * open. {@code asked} items were asked for and not handed over; they come, on whatever thread, through {@code arrived}.
 *
 * <p>Signals of the producer come on any thread, and so do {@code request} and {@code cancel}; all else belongs to the event loop, which is where
 * payloads are handed over.
 */
final class Outflow extends Flux<Payload> implements CoreSubscriber<Outgoing>, Subscription {

    /** Bytes after which others have their turn. */
    private static final int TURN_BYTES = 64 << 10;

    /** What RSocket puts before metadata and data. */
    private static final int HEADER_BYTES = 16;

    private static final int LEAST_SIZE = 64;

    private final Publisher<Outgoing> producer;
    private final PlainOptions options;
    private final Gate gate;
    private final Queue<Outgoing> arrived = Queues.<Outgoing>unbounded(64).get();
    private volatile @Nullable Subscription upstream;
    private volatile @Nullable Throwable error;
    private volatile boolean done;

    /** The client or the connection is gone. */
    private volatile boolean over;

    private @Nullable CoreSubscriber<? super Payload> client;
    private long wanted;
    private long asked;
    private long expectedSize;
    private boolean draining;
    private boolean again;

    Outflow(Publisher<Outgoing> producer, PlainOptions options, Gate gate) {
        this.producer = producer;
        this.options = options;
        this.gate = gate;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Payload> actual) {
        if (client != null) {
            Operators.error(actual, new IllegalStateException("a plain stream has one subscriber"));
            return;
        }
        client = actual;
        actual.onSubscribe(this);
        producer.subscribe(this);
    }

    // Signals of the producer.

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(upstream, subscription)) {
            upstream = subscription;
            touch();
        }
    }

    @Override
    public void onNext(Outgoing item) {
        if (!over) {
            arrived.offer(item);
            touch();
        }
    }

    @Override
    public void onError(Throwable failure) {
        error = failure;
        done = true;
        touch();
    }

    @Override
    public void onComplete() {
        done = true;
        touch();
    }

    // Signals of the client.

    @Override
    public void request(long n) {
        if (Operators.validate(n)
                && !gate.run(() -> {
                    // RSocket says "no limit" with the largest number of 31 bits.
                    wanted = n >= Integer.MAX_VALUE ? Long.MAX_VALUE : Operators.addCap(wanted, n);
                    turn();
                })) {
            giveUp();
        }
    }

    @Override
    public void cancel() {
        over = true;
        if (!gate.run(this::turn)) {
            giveUp();
        }
    }

    private void touch() {
        if (!gate.run(this::turn)) {
            giveUp();
        }
    }

    /** The event loop is gone: what was taken goes back. */
    private void giveUp() {
        over = true;
        Subscription subscription = upstream;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    // On the event loop.

    /** Hands over what may be handed over now. */
    void turn() {
        if (draining) {
            again = true;
            return;
        }
        draining = true;
        try {
            boolean goesOn;
            do {
                again = false;
                goesOn = drain();
            } while (goesOn && again);
        } finally {
            draining = false;
        }
    }

    /**
     * Hands over for one turn.
     *
     * @return false when the gate has the next turn: to go on before it, as a producer that answers at once would have it, starves all others
     */
    private boolean drain() {
        int bytes = 0;
        if (!over && arrived.size() > asked) {
            fail(Failures.of(Code.FAILED, "the producer sent more than it was asked for"));
        }
        while (!over) {
            if (!gate.isConnected()) {
                over = true;
                break;
            }
            Outgoing next = arrived.peek();
            if (next == null && done) {
                // What arrived before "done" is seen by now, or shows on the next look.
                if (arrived.isEmpty()) {
                    end(error);
                    return true;
                }
            } else if (wanted == 0 || upstream == null) {
                return true;
            } else if (!gate.isOpen() || bytes >= TURN_BYTES) {
                gate.await(this);
                return false;
            } else if (next != null) {
                arrived.poll();
                bytes += next.size() + LEAST_SIZE;
                handOver(next);
            } else if (!ask()) {
                return true;
            }
        }
        stop();
        return true;
    }

    /** Asks the producer for a window, or for what of it has been handed over; false when it has been asked already or gave nothing yet. */
    private boolean ask() {
        Subscription subscription = upstream;
        long most = expectedSize == 0 ? 1 : Math.max(1, options.windowBytes() / expectedSize);
        long window = Math.min(wanted, Math.min(options.windowItems(), most));
        if (subscription == null || asked > window / 2 || asked == window) {
            return false;
        }
        long more = window - asked;
        asked = window;
        subscription.request(more);
        return !arrived.isEmpty() || done;
    }

    private void handOver(Outgoing item) {
        asked--;
        int size = item.size();
        int longest = TransportOptions.LONGEST_FRAME - HEADER_BYTES;
        if (size > longest) {
            fail(Refusal.tooLarge("a frame with its header", size, longest));
            return;
        }
        expectedSize = Math.max(size + LEAST_SIZE, expectedSize - expectedSize / 8);
        if (wanted != Long.MAX_VALUE) {
            wanted--;
        }
        CoreSubscriber<? super Payload> to = client;
        if (to != null) {
            to.onNext(payload(item));
        }
        Runnable told = item.whenHandedOver();
        if (told != null && !over) {
            told.run();
        }
    }

    private Payload payload(Outgoing item) {
        return item.metadata() == null
                ? ByteBufPayload.create(Entries.buffer(gate.alloc(), item.data()))
                : ByteBufPayload.create(
                        Entries.buffer(gate.alloc(), item.data()), Entries.buffer(gate.alloc(), item.metadata()));
    }

    private void fail(Throwable failure) {
        CoreSubscriber<? super Payload> to = client;
        stop();
        if (to != null) {
            to.onError(Refusal.of(failure));
        }
    }

    private void end(@Nullable Throwable failure) {
        over = true;
        gate.leave(this);
        CoreSubscriber<? super Payload> to = client;
        if (to == null) {
            return;
        }
        if (failure == null) {
            to.onComplete();
        } else {
            Exceptions.throwIfJvmFatal(failure);
            to.onError(Refusal.of(failure));
        }
    }

    /** Of what is dropped here nothing was handed over: the producer knows it by the cancel. */
    private void stop() {
        over = true;
        gate.leave(this);
        Subscription subscription = upstream;
        if (subscription != null && !done) {
            subscription.cancel();
        }
        arrived.clear();
    }
}
