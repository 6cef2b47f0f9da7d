package dev.sluice.channel;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * What a producer holds: the sending end of a channel, wherever that channel is and whichever it is at the moment.
 *
 * <p>Thread safe: any number of threads may send at once. The order of one sender is kept: of two elements sent one
 * after the other, the first is received first.
 *
 * @param <T> the element
 */
public interface Sender<T> {

    /**
     * Sends one element and waits, without blocking a thread, until it is accepted: buffered, or handed to a receiver
     * when the channel holds no elements of its own.
     *
     * <p>Lazy: nothing is sent before the subscription, and each subscription sends once. A cancel before completion
     * withdraws the element, which is then provably never delivered and goes to the subscriber's discard hook. Completes
     * on the thread that made room.
     *
     * @param element what to send
     * @return completes when the element is accepted; fails with {@link dev.sluice.ChannelClosedException} when the
     *     channel is closed before that
     */
    Mono<Void> send(T element);

    /**
     * Sends one element if there is room for it now. Never waits, never fails spuriously: {@link SendResult#FULL} means
     * that there was no room, not that somebody else was sending.
     *
     * @param element what to send
     * @return what became of it
     */
    SendResult trySend(T element);

    /**
     * Sends all elements of a publisher, asking it only for what the channel has room for.
     *
     * <p>Lazy. A cancel cancels the publisher and withdraws the elements it had given and that were not accepted yet;
     * they go to the discard hook. The publisher sees the subscriber's context.
     *
     * @param elements where the elements come from; its error ends this {@code Mono}, never the channel
     * @return how many elements were accepted, once the publisher has completed and all of them are; fails with {@link
     *     dev.sluice.ChannelClosedException} when the channel is closed before that
     */
    Mono<Long> sendAll(Publisher<? extends T> elements);

    /**
     * This sender as a Reactor sink. {@code tryEmitNext} answers {@code FAIL_OVERFLOW} where {@link #trySend} answers
     * {@link SendResult#FULL}, {@code FAIL_TERMINATED} where it answers {@link SendResult#CLOSED}, and never {@code
     * FAIL_NON_SERIALIZED}: any number of threads may emit.
     *
     * <p>{@code tryEmitComplete} and {@code tryEmitError} {@linkplain Channel#close() close} a channel; on any other sender
     * they end this view only. {@code asFlux} {@linkplain Channel#receive() receives} from a channel, and fails on any
     * other sender.
     *
     * <p>{@code emitNext} that finds no room, and whose handler does not retry, discards the element and throws {@link
     * Sinks.EmissionException} to its caller. Unlike Reactor's own sinks it does not fail the subscribers: there may be
     * other senders.
     *
     * @return a new view; several of one sender are independent
     */
    default Sinks.Many<T> asSink() {
        return new SenderSink<>(this);
    }
}
