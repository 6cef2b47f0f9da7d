package dev.sluice.channel;

/**
 * An element in the hands of a receiver that must say when it is done with it.
 *
 * <p>Thread safe; the first of {@link #ack()}, {@link #nack()}, {@link #nack(Object)} and the end of the subscription decides.
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
     * Whether this is what is left of an element whose beginning an earlier receiver has taken, and gave the rest back by
     * {@link #nack(Object)}. Stays so, however often the rest is given back, whole or in part, until it is acknowledged.
     *
     * @return false where deliveries cannot tell
     */
    default boolean partial() {
        return false;
    }

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

    /**
     * Gives back what is left of the element, after the receiver has taken its beginning: to the front of the group, at the
     * element's old place and under its offset. It is delivered again as {@code rest}, {@linkplain #redelivered() redelivered}
     * and {@linkplain #partial() partial}; a receiver that does not acknowledge gets the rest, without being told. The other
     * groups, listeners and what is retained have the element whole.
     *
     * <p>Happens before it returns, on the caller's thread, which may pass the rest on to another member. A rest that is null,
     * or that a {@linkplain Channel#as typed} channel cannot encode, fails the call, and the delivery stays open.
     *
     * @param rest what is left, in the place of the element
     * @return false when the delivery had been settled before, or had gone back whole because its receiver went away: then
     *     others may get all of the element again
     * @throws UnsupportedOperationException where deliveries can only be given back whole, by {@link #nack()}
     */
    default boolean nack(T rest) {
        throw new UnsupportedOperationException(
                "this delivery cannot be given back in part, because its channel is elsewhere:"
                        + " give it back whole by nack(), or receive it where the channel is");
    }
}
