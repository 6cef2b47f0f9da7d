package dev.sluice.rsocket.channel;

import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import dev.sluice.channel.spi.Accounted;
import dev.sluice.channel.spi.ExactSender;
import dev.sluice.rsocket.Call;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The sending end of something on another machine, of which it is a handle: several of one name are the same. */
final class RemoteSender implements ExactSender, Scannable, Sender<Frame> {

    private final Operations operations;
    private final String kind;
    private final String name;
    private final Call send;
    private final Call sendAll;

    /**
     * A sender.
     *
     * @param kind what it sends to, for messages
     * @param send the call that sends one element, but for its body
     * @param sendAll the call that sends its uplink
     */
    RemoteSender(Operations operations, String kind, String name, Call send, Call sendAll) {
        this.operations = operations;
        this.kind = kind;
        this.name = name;
        this.send = send;
        this.sendAll = sendAll;
    }

    @Override
    public Mono<Void> send(Frame element) {
        Objects.requireNonNull(element, "element");
        return new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Void> actual) {
                SendOperation operation = new SendOperation(operations, send.body(element), element, actual);
                actual.onSubscribe(operation);
                operation.begin();
            }
        };
    }

    @Override
    public SendResult trySend(Frame element) {
        Objects.requireNonNull(element, "element");
        if (Schedulers.isInNonBlockingThread()) {
            throw new IllegalStateException("trySend to " + kind + " \"" + name
                    + "\" on another machine needs a round trip, and this thread must not wait: use send()");
        }
        Mono<SendResult> answer = operations.ask(
                send.tag(Verbs.TRY, "true").body(element),
                said -> SendResult.valueOf(
                        Objects.requireNonNull(said, "answer").asText()));
        Duration timeout = operations.requestTimeout();
        SendResult result = answer.timeout(
                        timeout,
                        Mono.error(() -> new ConnectionLostException(
                                "no answer from " + operations + " within " + timeout
                                        + ": the element may have been sent, or may be yet; send() tells for certain",
                                null)))
                .block();
        return Objects.requireNonNull(result, "answer");
    }

    @Override
    public Mono<Long> sendAll(Publisher<? extends Frame> elements) {
        Objects.requireNonNull(elements, "elements");
        return new AllSent(elements);
    }

    /** A {@code sendAll}. */
    final class AllSent extends Mono<Long> implements Accounted {
        private final Publisher<? extends Frame> elements;

        AllSent(Publisher<? extends Frame> elements) {
            this.elements = elements;
        }

        @Override
        public Publisher<?> elements() {
            return elements;
        }

        @Override
        public void subscribe(CoreSubscriber<? super Long> actual) {
            new SendAllOperation(operations, sendAll, elements, actual).start();
        }
    }

    @Override
    @SuppressWarnings("rawtypes") // as Reactor declares it
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.NAME ? name : null;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "Sender(" + kind + " " + name + " at " + operations + ")";
    }
}
