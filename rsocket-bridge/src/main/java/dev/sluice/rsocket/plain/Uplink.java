package dev.sluice.rsocket.plain;

import dev.sluice.Frame;
import dev.sluice.rsocket.PlainOptions;
import io.rsocket.Payload;
import io.rsocket.RSocketErrorException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * What a plain client sends to a channel in one request-channel, and the running totals it gets back.
 *
 * <p>Frames are sent one after the other, so what was accepted is always the beginning of what was sent. The client is asked for a window more
 * when half of the last one was accepted: for no more than it has sent before, so that its sizes are known, and than {@link Waiting} has room for; but
 * whatever others hold, for one. So who sends what it is asked for is not refused, unless its frames grow past all it sent before while no room is left. Totals are as far apart as the client's demand: a later one replaces one that nobody has asked for. All on the event loop, but for
 * {@code request} and {@code cancel}.
 */
final class Uplink extends Flux<Frame> implements CoreSubscriber<Payload>, Subscription {

    /** Room is reserved for frames of at least so many bytes, as the next may be longer than those before. */
    private static final int LEAST_SIZE = 960;

    private final Flux<Payload> payloads;
    private final Function<? super Frame, Mono<Void>> send;
    private final Gate gate;
    private final Waiting waiting;
    private final PlainOptions options;
    private final int longest;
    private final Queue<Frame> received = new ArrayDeque<>();

    private @Nullable CoreSubscriber<? super Frame> answers;
    private @Nullable Subscription client;
    private Disposable sending = () -> {};
    private @Nullable Frame inHand;
    private int largest = LEAST_SIZE;

    /** Frames that were asked for and have not come, for which room of {@code reservedSize} bytes each is reserved. */
    private long reserved;

    private long reservedSize;
    private long asked;
    private long accepted;
    private long told;
    private long demand;
    private boolean completed;

    /** Nothing is accepted any more. */
    private boolean over;

    /** Nothing is said any more. */
    private boolean gone;

    private boolean running;

    Uplink(Flux<Payload> payloads, Function<? super Frame, Mono<Void>> send, Limits limits) {
        this.payloads = payloads;
        this.send = send;
        this.gate = limits.gate();
        this.waiting = limits.waiting();
        this.options = limits.options();
        this.longest = limits.longest();
    }

    @Override
    public void subscribe(CoreSubscriber<? super Frame> actual) {
        answers = actual;
        actual.onSubscribe(this);
        payloads.subscribe(this);
    }

    // What the client sends.

    @Override
    public void onSubscribe(Subscription subscription) {
        client = subscription;
        if (over) {
            subscription.cancel();
        } else {
            asked = 1;
            subscription.request(1);
        }
    }

    @Override
    public void onNext(Payload payload) {
        int size = payload.data().readableBytes();
        if (over) {
            payload.release();
        } else if (size > longest) {
            payload.release();
            fail(Refusal.tooLarge("a frame", size, longest));
        } else if (!enter(size)) {
            payload.release();
            fail(waiting.refused());
        } else {
            largest = Math.max(largest, size);
            received.add(Limits.taken(payload));
            run();
        }
    }

    /** The first frame was not asked for: RSocket brings it with the request. The one frame a stream may always send is never too many. */
    private boolean enter(int size) {
        boolean alone = inHand == null && received.isEmpty();
        boolean first = alone && accepted == 0;
        boolean expected = reserved > 0 && size <= reservedSize;
        if (reserved > 0) {
            reserved--;
            waiting.giveBack(1, reservedSize);
        }
        if (first || !(alone || expected)) {
            return waiting.enter(size);
        }
        waiting.admit(size);
        return true;
    }

    @Override
    public void onError(Throwable failure) {
        // Who has gone or failed is told nothing: RSocket would call it dropped.
        if (failure instanceof CancellationException || failure instanceof RSocketErrorException) {
            stop();
        } else {
            fail(failure);
        }
    }

    @Override
    public void onComplete() {
        completed = true;
        giveBack();
        run();
    }

    // What it wants to hear.

    @Override
    public void request(long n) {
        if (Operators.validate(n)
                && !gate.run(() -> {
                    demand = Operators.addCap(demand, n);
                    run();
                })) {
            stop();
        }
    }

    @Override
    public void cancel() {
        if (!gate.run(this::stop)) {
            stop();
        }
    }

    private void run() {
        if (running) {
            return;
        }
        running = true;
        try {
            while (!over && inHand == null && !received.isEmpty()) {
                send(received.remove());
            }
            if (!over) {
                tell();
                askForMore();
            }
        } finally {
            running = false;
        }
    }

    private void send(Frame frame) {
        inHand = frame;
        sending = send.apply(frame).subscribe(nothing -> {}, this::settled, () -> settled(null));
    }

    /** What the sender says of the frame in hand, on whatever thread. */
    private void settled(@Nullable Throwable failure) {
        boolean alive = gate.run(() -> {
            Frame frame = inHand;
            if (frame == null) {
                return;
            }
            if (failure != null) {
                fail(failure);
                return;
            }
            inHand = null;
            waiting.leave(frame.size());
            asked--;
            accepted++;
            run();
        });
        if (!alive) {
            stop();
        }
    }

    private void tell() {
        CoreSubscriber<? super Frame> to = answers;
        if (to == null) {
            return;
        }
        boolean last = completed && inHand == null && received.isEmpty();
        if (demand > 0 && (accepted > told || (last && told == 0))) {
            demand = demand == Long.MAX_VALUE ? demand : demand - 1;
            told = accepted;
            to.onNext(Frame.wrap(Long.toString(accepted).getBytes(StandardCharsets.US_ASCII)));
        }
        if (last && !over && (told == accepted)) {
            over = true;
            to.onComplete();
        }
    }

    private void askForMore() {
        Subscription subscription = client;
        if (subscription == null || completed || over) {
            return;
        }
        long window = Math.min(
                Math.min(options.windowItems(), Math.max(1, accepted)),
                Math.max(1, options.windowBytes() / (long) largest));
        if (asked <= window / 2) {
            long more = invite(window - asked);
            asked += more;
            if (more > 0) {
                subscription.request(more);
            }
        }
    }

    /** Reserves room for those that may come, those that are under way too: the sizes have changed since. */
    private long invite(long more) {
        long held = (long) received.size() + (inHand == null ? 0 : 1);
        long underWay = asked - held;
        giveBack();
        reservedSize = largest;
        reserved = waiting.reserve(underWay + more, reservedSize);
        long room = Math.max(0, reserved - underWay);
        return asked == 0 ? Math.max(1, room) : room;
    }

    private void giveBack() {
        waiting.giveBack(reserved, reservedSize);
        reserved = 0;
    }

    /** In the next turn, as {@link RefusedChannel} says. */
    private void fail(Throwable failure) {
        CoreSubscriber<? super Frame> to = answers;
        if (!over) {
            withdraw();
            gate.later(() -> {
                if (to != null && !gone) {
                    gone = true;
                    to.onError(failure);
                }
            });
        }
    }

    private void stop() {
        gone = true;
        withdraw();
        Subscription subscription = client;
        if (subscription != null && !completed) {
            subscription.cancel();
        }
    }

    /** Nothing more is accepted. */
    private void withdraw() {
        over = true;
        giveBack();
        sending.dispose();
        Frame frame = inHand;
        if (frame != null) {
            inHand = null;
            waiting.leave(frame.size());
        }
        for (Frame dropped = received.poll(); dropped != null; dropped = received.poll()) {
            waiting.leave(dropped.size());
        }
    }
}
