package dev.sluice.channel;

/**
 * An element in the hands of a receiver that must say when it is done with it.
 *
 * <p>Thread safe; the first of {@link #ack()}, {@link #nack()} and the end of the subscription decides.
 *
 * @param <T> the element
 */
public interface Delivery<T> {

    /** The element. */
    T value();

    /** The element's number in the channel. */
    long offset();

    /** Whether the element had been delivered before, to this receiver or another. */
    boolean redelivered();

    /**
     * Takes responsibility: the group will not see the element again.
     *
     * @return false when the delivery had been settled before, or had gone back because its receiver went away
     */
    boolean ack();

    /**
     * Gives the element back to the front of the group, for whichever member has demand.
     *
     * @return false when the delivery had been settled before
     */
    boolean nack();
}
