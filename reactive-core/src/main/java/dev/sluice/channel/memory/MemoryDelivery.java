package dev.sluice.channel.memory;

import dev.sluice.channel.Delivery;
import dev.sluice.channel.spi.AckedTogether;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A delivery of a channel in memory. It is open while its receiver keeps it; who takes it out of there, under the
 * group's lock, decides.
 *
 * @param <T> the element
 */
final class MemoryDelivery<T> implements Delivery<T>, AckedTogether {
    private final AckedReceiver<T> receiver;
    private final long offset;
    private final T value;

    /** What the group knew of the element when it gave it out. */
    final Mark mark;

    /** Whether the subscriber has got it. Guarded by the group's lock, as all below. */
    boolean seen;

    /** Whether it is not settled; then it is linked with the others of its receiver. */
    boolean open;

    @Nullable MemoryDelivery<T> previous;

    @Nullable MemoryDelivery<T> next;

    MemoryDelivery(AckedReceiver<T> receiver, long offset, T value, Mark mark) {
        this.receiver = receiver;
        this.offset = offset;
        this.value = value;
        this.mark = mark;
    }

    @Override
    public T value() {
        return value;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public boolean redelivered() {
        return mark != Mark.NONE;
    }

    @Override
    public boolean partial() {
        return mark == Mark.PARTIAL;
    }

    @Override
    public boolean ack() {
        return receiver.ack(this);
    }

    @Override
    public Object holder() {
        return receiver;
    }

    @Override
    public void ackAll(List<? extends Delivery<?>> deliveries) {
        receiver.ackAll(deliveries);
    }

    @Override
    public boolean nack() {
        return receiver.nack(this, value, mark.seen());
    }

    @Override
    public boolean nack(T rest) {
        return receiver.nack(this, Objects.requireNonNull(rest, "rest"), Mark.PARTIAL);
    }

    @Override
    public String toString() {
        return "Delivery[offset=" + offset + ", redelivered=" + redelivered() + (partial() ? ", partial]" : "]");
    }
}
