package dev.sluice.channel;

import dev.sluice.Codec;
import dev.sluice.CodecException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A channel seen through a codec. It has no state of its own: two views of one channel are the same channel.
 *
 * <p>What cannot be decoded never vanishes in silence. {@link #receive(String)} and {@link #listenEntries} fail with a
 * {@link CodecException} that says where; the element counts as delivered, so the next receiver does not meet it again.
 * {@link #receiveAcked(String, int)} passes the delivery on and {@link Delivery#value()} throws, so the receiver decides:
 * ack to be rid of it, nack to offer it to others, or fail, whereupon it goes back to the group and comes again, marked.
 *
 * <p>The discard hook gets elements of the view, as senders of the view know them.
 *
 * @param <W> the element of the channel beneath
 * @param <T> the element of the view
 */
final class TypedChannel<W, T> implements Channel<T> {

    private final Channel<W> wire;
    private final Codec<W, T> codec;

    private TypedChannel(Channel<W> wire, Codec<W, T> codec) {
        this.wire = wire;
        this.codec = codec;
    }

    static <W, T> Channel<T> of(Channel<W> wire, Codec<W, T> codec) {
        return new TypedChannel<>(wire, Objects.requireNonNull(codec, "codec"));
    }

    @Override
    public Mono<Void> send(T element) {
        Objects.requireNonNull(element, "element");
        return Mono.defer(() -> wire.send(encode(element)))
                .contextWrite(context ->
                        Operators.enableOnDiscard(context, withdrawn -> Operators.onDiscard(element, context)));
    }

    @Override
    public SendResult trySend(T element) {
        return wire.trySend(encode(Objects.requireNonNull(element, "element")));
    }

    @Override
    public Mono<Long> sendAll(Publisher<? extends T> elements) {
        Objects.requireNonNull(elements, "elements");
        return Flux.from(elements).<W>map(this::encode).as(wire::sendAll).contextWrite(this::discardDecoded);
    }

    /** The channel discards its own elements; the hook of a sender of the view expects those of the view. */
    private Context discardDecoded(Context context) {
        return Operators.enableOnDiscard(context, (Object withdrawn) -> {
            Object element = withdrawn;
            try {
                @SuppressWarnings("unchecked") // only elements of the channel beneath are discarded there
                W encoded = (W) withdrawn;
                element = codec.decode(encoded);
            } catch (RuntimeException notOfThisChannel) {
                // An operator of the publisher has discarded an element of another type: that is for the hook as it is.
            }
            Operators.onDiscard(element, context);
        });
    }

    private W encode(T element) {
        try {
            return Objects.requireNonNull(codec.encode(element), "the codec returned null");
        } catch (CodecException failure) {
            throw failure;
        } catch (RuntimeException failure) {
            throw new CodecException(
                    "channel \"" + name() + "\": an element of type "
                            + element.getClass().getName() + " cannot be encoded: " + failure,
                    failure);
        }
    }

    private T decode(W encoded, @Nullable String group, long offset) {
        try {
            return Objects.requireNonNull(codec.decode(encoded), "the codec returned null");
        } catch (RuntimeException failure) {
            throw new CodecException(
                    "channel \"" + name() + "\"" + (group == null ? "" : ", group \"" + group + "\"")
                            + (offset < 0 ? "" : ", offset " + offset) + ": the element cannot be decoded: "
                            + failure.getMessage(),
                    failure);
        }
    }

    @Override
    public Flux<T> receive(String group) {
        return wire.receive(group).map(encoded -> decode(encoded, group, -1));
    }

    @Override
    public Flux<Delivery<T>> receiveAcked(String group, int maxUnacked) {
        return wire.receiveAcked(group, maxUnacked).map(delivery -> new TypedDelivery(delivery, group));
    }

    @Override
    public Flux<Entry<T>> listenEntries(Position from, ListenOptions options) {
        return wire.listenEntries(from, options)
                .map(entry -> new Entry<>(entry.offset(), decode(entry.value(), null, entry.offset())));
    }

    @Override
    public String name() {
        return wire.name();
    }

    @Override
    public int capacity() {
        return wire.capacity();
    }

    @Override
    public Mono<Void> resize(int capacity) {
        return wire.resize(capacity);
    }

    @Override
    public Mono<Void> retain(Retention retention) {
        return wire.retain(retention);
    }

    @Override
    public Mono<Boolean> createGroup(String group, GroupOptions options) {
        return wire.createGroup(group, options);
    }

    @Override
    public Mono<Boolean> removeGroup(String group) {
        return wire.removeGroup(group);
    }

    @Override
    public void close() {
        wire.close();
    }

    @Override
    public void close(Throwable cause) {
        wire.close(cause);
    }

    @Override
    public boolean isClosed() {
        return wire.isClosed();
    }

    @Override
    public Mono<ChannelStats> stats() {
        return wire.stats();
    }

    @Override
    @SuppressWarnings("rawtypes") // as Reactor declares it
    public @Nullable Object scanUnsafe(Attr key) {
        return key == Attr.PARENT ? wire : wire.scanUnsafe(key);
    }

    @Override
    public String toString() {
        return wire + " as " + codec;
    }

    /** A delivery that is decoded when it is looked at, so that one that cannot be is still there to be settled. */
    private final class TypedDelivery implements Delivery<T> {
        private final Delivery<W> delivery;
        private final String group;

        /** Decoding twice gives the same, so threads that race here do no harm. */
        private @Nullable T value;

        TypedDelivery(Delivery<W> delivery, String group) {
            this.delivery = delivery;
            this.group = group;
        }

        @Override
        public T value() {
            T known = value;
            if (known == null) {
                known = decode(delivery.value(), group, delivery.offset());
                value = known;
            }
            return known;
        }

        @Override
        public long offset() {
            return delivery.offset();
        }

        @Override
        public boolean redelivered() {
            return delivery.redelivered();
        }

        @Override
        public boolean partial() {
            return delivery.partial();
        }

        @Override
        public boolean ack() {
            return delivery.ack();
        }

        @Override
        public boolean nack() {
            return delivery.nack();
        }

        @Override
        public boolean nack(T rest) {
            return delivery.nack(encode(Objects.requireNonNull(rest, "rest")));
        }

        @Override
        public String toString() {
            return delivery + " as " + codec;
        }
    }
}
