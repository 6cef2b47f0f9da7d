package dev.sluice.channel;

import dev.sluice.Codec;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A bounded FIFO queue between any number of senders and receivers, asynchronous at both ends.
 *
 * <p>{@link #receive()} shares the elements out among competing receivers; {@link #receive(String) groups} see every
 * element once each; {@link #listen(Position) listeners} see every element and take nothing away. An element leaves the
 * channel only against demand, so a receiver that cancels strands nothing.
 *
 * <p>While a channel has no group its elements wait for the first one, up to the capacity. A group exists from its first
 * join, or from {@link #createGroup}, until it is {@link #removeGroup removed}; the slowest one pushes back on senders.
 *
 * <p>Control operations return a lazy {@code Mono}, because the channel may be on another machine.
 *
 * <p>Thread safe. Signals run on the thread that made the match: the sender's when a receiver was waiting, the
 * receiver's when elements were. No lock is held while they run, and chains of channels do not recurse without bound.
 *
 * <p>Memory: capacity, plus retention, plus one node for each waiting send, plus at most {@value #HANDOVER} elements on
 * their way to the receivers of one group.
 *
 * @param <T> the element
 */
public interface Channel<T> extends Sender<T>, Scannable {

    /** How many elements a channel hands over ahead to receivers with more demand than that. */
    int HANDOVER = 256;

    /** The name under which {@link #receive()} joins. */
    String DEFAULT_GROUP = "default";

    /** A channel in memory with the {@linkplain ChannelOptions#defaults() default options}. */
    static <T> Channel<T> create() {
        return create(ChannelOptions.defaults());
    }

    /**
     * A channel in memory.
     *
     * @param capacity how many elements wait for a receiver; 0 = rendezvous, a send completes when a receiver takes the
     *     element
     */
    static <T> Channel<T> create(int capacity) {
        return create(ChannelOptions.builder().capacity(capacity).build());
    }

    /** A channel in memory. */
    static <T> Channel<T> create(ChannelOptions options) {
        return dev.sluice.channel.memory.MemoryEngine.channel(options);
    }

    /** The channel's name, for messages, metrics and checkpoints. */
    @Override
    String name();

    /** How many elements may wait now. */
    int capacity();

    /**
     * Changes the capacity while the channel is in use. Growing admits waiting sends in order; shrinking evicts nothing,
     * the channel accepts again once it holds fewer than the new capacity. Lazy.
     *
     * @param capacity 0 to {@link ChannelOptions#MAX_CAPACITY}
     */
    Mono<Void> resize(int capacity);

    /**
     * Changes which elements are kept for those who come later, while the channel is in use: from then on it keeps what the
     * retention says. Lazy; senders wait for as long as it takes to let go what it does not keep.
     *
     * <ul>
     *   <li>From one retention to another, what the new one does not keep is let go. An element counts with the size and the
     *       time it has; where the time was of no account before, all that is there counts as accepted at the change.
     *   <li>To {@link Retention#none()}, all that is kept is let go.
     *   <li>From {@code none}, it begins with what receivers and listeners have yet to take, and all that is accepted from then
     *       on.
     * </ul>
     *
     * <p>As always, retention takes nothing from a receiver: what a group has yet to take stays, and who is on his way through
     * what was kept gets all he was promised when he came.
     *
     * @param retention what to keep
     * @return fails, and changes nothing, with {@link IllegalArgumentException} for {@linkplain Retention#bytes bytes} if an
     *     element is kept, waits, or waits to be sent that has no size; with {@link UnsupportedOperationException} where
     *     the channel is elsewhere and cannot be told
     */
    default Mono<Void> retain(Retention retention) {
        return Mono.error(() -> new UnsupportedOperationException("the retention of channel \"" + name()
                + "\" cannot be changed from here, because it is elsewhere: change it where the channel is"));
    }

    /** Receives as a member of the {@linkplain #DEFAULT_GROUP default group}: each element goes to one of its members. */
    default Flux<T> receive() {
        return receive(DEFAULT_GROUP);
    }

    /**
     * Receives as a member of a group. Every group sees every element once; its members compete, served round robin
     * among those with demand.
     *
     * <p>Lazy: the subscription joins. An element is taken against demand only. On cancel, whatever was not passed to
     * {@code onNext} is back in the channel at its old place. Completes, or fails with the cause, when the channel is
     * closed and nothing is left.
     *
     * @param group the group; created by its first join, from the {@linkplain Retention retained} elements on
     */
    Flux<T> receive(String group);

    /** Like {@link #receiveAcked(String, int)} with at most {@value #HANDOVER} unacknowledged deliveries. */
    default Flux<Delivery<T>> receiveAcked(String group) {
        return receiveAcked(group, HANDOVER);
    }

    /**
     * Receives at least once: an element belongs to the receiver until it is {@linkplain Delivery#ack() acknowledged}.
     * When the receiver goes away, its unacknowledged elements return to the front of the group, in order, and are
     * {@linkplain Delivery#redelivered() marked} when they are delivered again.
     *
     * @param group the group, as in {@link #receive(String)}
     * @param maxUnacked how many deliveries may be unacknowledged before the receiver gets no more, at least 1
     */
    Flux<Delivery<T>> receiveAcked(String group, int maxUnacked);

    /** Sees every element from now on; a slow subscriber pushes back on the senders. */
    default Flux<T> listen() {
        return listen(Position.latest());
    }

    /** Sees every element from a position on; a slow subscriber pushes back on the senders. */
    default Flux<T> listen(Position from) {
        return listen(from, ListenOptions.defaults());
    }

    /**
     * Sees every element from a position on, and takes none of them away: first what is {@linkplain Retention retained}
     * from there, then the live ones, without a gap and without a repetition.
     *
     * @param from where to begin; an offset that is no longer retained begins at the earliest that is
     * @param options what happens when the subscriber is slow
     */
    default Flux<T> listen(Position from, ListenOptions options) {
        return listenEntries(from, options).map(Entry::value);
    }

    /** Like {@link #listen(Position, ListenOptions)}, each element with its offset, so that one can resume after it. */
    Flux<Entry<T>> listenEntries(Position from, ListenOptions options);

    /**
     * Creates a group before anybody joins it, so that no element sent from then on is missed. Lazy.
     *
     * @return false when the group exists already, whose options then stay as they are
     */
    Mono<Boolean> createGroup(String group, GroupOptions options);

    /**
     * Removes a group with its backlog; its members complete. Lazy.
     *
     * @return false when there was no such group
     */
    Mono<Boolean> removeGroup(String group);

    /**
     * Closes the channel: senders fail from now on, receivers get what is left and then {@code onComplete}. Idempotent:
     * the first close decides.
     */
    void close();

    /** Like {@link #close()}, but receivers get {@code onError} after what is left. */
    void close(Throwable cause);

    /** Whether the channel is closed to senders. */
    boolean isClosed();

    /** A reading of all counters, taken at subscription; does not slow the senders or receivers down. */
    Mono<ChannelStats> stats();

    /**
     * A typed view of this channel: same elements, same groups, same close. Elements are encoded when they are sent and
     * decoded when they are delivered.
     *
     * <p>An element that cannot be encoded fails its own send with {@link dev.sluice.CodecException}, which {@link
     * #trySend} throws. One that cannot be decoded fails the receiver or listener that got it with a {@code
     * CodecException} that names channel, group and, where it is known, offset; it counts as delivered and does not come
     * again. An {@linkplain #receiveAcked acked} delivery of it is passed on, and {@link Delivery#value()} throws: the
     * receiver may still ack it, to set it aside, or fail and thereby give it back.
     *
     * @param codec from the elements of this channel to those of the view
     */
    default <R> Channel<R> as(Codec<T, R> codec) {
        return TypedChannel.of(this, codec);
    }
}
