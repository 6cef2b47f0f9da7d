package dev.sluice.channel.spi;

import dev.sluice.channel.SendResult;
import java.util.Objects;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Where the elements of a group of senders go: a reference to a {@link Gate} that is checked again in the moment an
 * element is committed. {@link Moves#make} changes it; after that no element sent by this route reaches the old gate.
 *
 * <p>Thread safe.
 *
 * @param <T> the element
 */
public final class Route<T> {
    private volatile Gate<T> gate;

    /** A route to a gate. */
    public Route(Gate<T> gate) {
        this.gate = gate;
    }

    /** Where the route leads now. */
    public Gate<T> gate() {
        return gate;
    }

    /** Changed under the locks of both gates. */
    void lead(Gate<T> to) {
        gate.aimed(this, false);
        gate = to;
        to.aimed(this, true);
    }

    /** As {@link dev.sluice.channel.Sender#trySend}. */
    public SendResult trySend(T element) {
        Objects.requireNonNull(element, "element");
        for (; ; ) {
            Gate<T> at = gate;
            Outcome outcome = at.offer(element, this, false);
            if (outcome == Outcome.FULL) {
                outcome = at.offerBeyond(element, this);
            }
            if (outcome == Outcome.ACCEPTED) {
                at.committed(1);
            }
            if (outcome != Outcome.MOVED) {
                return Sends.result(outcome);
            }
        }
    }

    /** As {@link dev.sluice.channel.Sender#send}. */
    public Mono<Void> send(T element) {
        return new SendMono<>(element, gate, this);
    }

    /** As {@link dev.sluice.channel.Sender#sendAll}. */
    public Mono<Long> sendAll(Publisher<? extends T> elements) {
        return new SendAllMono<>(elements, gate, this);
    }
}
