package dev.sluice.rsocket.channel;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import dev.sluice.channel.spi.Afresh;
import dev.sluice.channel.spi.Gate;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What {@link Operations} of other machines ask of this one, each done once: a client that lost its connection may ask again, and is told what
 * became of it the first time. Thread safe.
 */
public final class ServedOperations {

    private static final int MOST_LINE = 32;

    /** What a tag costs besides its characters, about: two strings and an entry of a map. */
    private static final int TAG_OVERHEAD = 120;

    private final Publishers publishers;

    /**
     * None yet.
     *
     * @param memory for how long a client that lost its connection may come back and find what became of its operations
     * @param waitingBytes bytes of elements that wait to be accepted, and of kept outcomes, of all clients together at most; a client may have a
     *     quarter of that
     */
    public ServedOperations(Duration memory, long waitingBytes) {
        this.publishers = new Publishers(memory, waitingBytes);
    }

    private PublisherState publisher(Request request) {
        return publishers.of(request.peer(), line(request));
    }

    private static String line(Request request) {
        String line = tags(request).optional(Verbs.LINE);
        if (line != null && line.length() > MOST_LINE) {
            throw Failures.of(Code.BAD_REQUEST, "tag \"line\" may have " + MOST_LINE + " characters");
        }
        return line == null ? "" : line;
    }

    private static Tags tags(Request request) {
        return new Tags(request.tags());
    }

    /**
     * Does an operation, unless the number the request carries has been done: then it is not asked for again. As long as it goes on, body and tags of
     * the request count against {@code waitingBytes}.
     *
     * @param operation called at once, and at most once for a number, and not held; what it gives goes on when the call that began it is gone
     * @return a source whose header is the frame the operation gives; none when it completes without one
     */
    public Publisher<Source> once(Request request, Supplier<? extends Publisher<Frame>> operation) {
        long bytes = request.body().size();
        for (Map.Entry<String, String> tag : request.tags().entrySet()) {
            bytes += TAG_OVERHEAD + 2L * (tag.getKey().length() + tag.getValue().length());
        }
        return once(request, operation::get, bytes);
    }

    private Publisher<Source> once(Request request, Work work, long bytes) {
        return once(publisher(request), request, work, bytes);
    }

    private static Publisher<Source> once(PublisherState publisher, Request request, Work work, long bytes) {
        return publisher
                .attempt(Numbering.of(tags(request)), request, work, bytes)
                .outcome()
                .map(outcome -> Source.of(outcome, Flux.empty()));
    }

    /**
     * The operation of {@link Operations#sender}'s {@code sendAll}: sends the uplink, asked for as there is room; asked for again over another
     * connection, it goes on with that one's uplink. What was not accepted yet has at most the bytes of a stream's window and one frame.
     *
     * @param to asked for at once, and again when it is a channel that was deleted as idle meanwhile; held as long as the operation goes on, so it should not refer to the request. Its {@code sendAll} is used when
     *     that {@linkplain dev.sluice.channel.spi.Accounted tells} what was accepted, as those of channels and sinks do; else its {@code send}, for
     *     one frame after the other
     */
    public Publisher<Source> sendAll(Request request, Supplier<? extends Sender<Frame>> to) {
        PublisherState publisher = publisher(request);
        return once(publisher, request, new Arrivals(to, request.uplink(), publisher.budget()), 0);
    }

    /**
     * The operation of {@link Operations#sender}'s {@code send} and {@code trySend}: sends the body, which is all that is held of the request while
     * it waits.
     *
     * @param to the sender; asked for at once, and again when it is a channel that was deleted as idle meanwhile
     */
    public Publisher<Source> send(Request request, Supplier<? extends Sender<Frame>> to) {
        Frame body = request.body();
        return once(
                request,
                () -> tags(request).flag(Verbs.TRY)
                        ? Mono.just(Frame.text(tried(body, to).name()))
                        : Afresh.mono(() -> to.get().send(body)).cast(Frame.class),
                body.size());
    }

    /** Tries one that is there: not a channel that was deleted as idle since it was looked up. */
    private static SendResult tried(Frame body, Supplier<? extends Sender<Frame>> to) {
        Sender<Frame> sender;
        SendResult result;
        do {
            sender = to.get();
            result = sender.trySend(body);
        } while (result == SendResult.CLOSED && sender instanceof Gate<?> gate && gate.isExpired());
        return result;
    }

    /** Whether this very client is remembered, whose earlier sessions have ended by then. */
    public Publisher<Source> remember(Request request) {
        return publishers
                .remember(request.peer(), line(request))
                .map(before -> Source.of(Frame.text(before.toString()), Flux.empty()));
    }

    /** Takes back the operation whose number the request carries; only what this very client has begun. */
    public Publisher<Source> withdraw(Request request) {
        PublisherState publisher = publishers.find(request.peer(), line(request));
        long number = tags(request).number(Verbs.NUMBER);
        Attempt attempt = publisher == null ? null : publisher.find(number);
        if (attempt == null) {
            return Flux.error(Failures.of(Code.WITHDRAWN, "there is nothing to withdraw"));
        }
        attempt.withdraw();
        return Flux.empty();
    }

    /** The client that asks: the same object as long as it is remembered, over several connections and whatever it asks for. */
    public Object client(Request request) {
        return publishers.client(request.peer());
    }

    /**
     * Has something done when a client is gone for longer than it is remembered; at once, when it is.
     *
     * @param client one that {@link #client} gave
     * @param key of several with the same key, only the first is kept
     * @param farewell runs on whichever thread finds it gone, and must not block
     */
    public void whenGone(Object client, Object key, Runnable farewell) {
        publishers.whenGone(client, key, farewell);
    }
}
