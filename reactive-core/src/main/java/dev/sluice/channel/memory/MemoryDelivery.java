package dev.sluice.channel.memory;

import dev.sluice.channel.Delivery;

/**
 * A delivery of a channel in memory. It is open while its receiver keeps it; who takes it out of there, under the
 * group's lock, decides.
 *
 * @param <T> the element
 */
final class MemoryDelivery<T> implements Delivery<T> {
    private final AckedReceiver<T> receiver;
    private final long offset;
    private final T value;
    private final boolean redelivered;

    /** Whether the subscriber has got it. Guarded by the group's lock. */
    boolean seen;

    MemoryDelivery(AckedReceiver<T> receiver, long offset, T value, boolean redelivered) {
        this.receiver = receiver;
        this.offset = offset;
        this.value = value;
        this.redelivered = redelivered;
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
        return redelivered;
    }

    @Override
    public boolean ack() {
        return receiver.ack(this);
    }

    @Override
    public boolean nack() {
        return receiver.nack(this);
    }

    @Override
    public String toString() {
        return "Delivery[offset=" + offset + ", redelivered=" + redelivered + "]";
    }
}
