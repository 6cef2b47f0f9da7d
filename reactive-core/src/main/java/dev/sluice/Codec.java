package dev.sluice;

/**
 * Turns values into their wire form and back.
 *
 * <p>A codec holds no state of a stream: it is thread safe, and the same value gives the same wire form whenever it is
 * encoded. Neither method returns null, blocks, or keeps what it was given.
 *
 * @param <W> the wire form, mostly {@link Frame}
 * @param <T> the values
 * @see Codecs
 */
public interface Codec<W, T> {

    /**
     * The wire form of a value.
     *
     * @param value the value
     * @return its wire form
     * @throws CodecException when the value has none
     */
    W encode(T value);

    /**
     * The value a wire form stands for.
     *
     * @param wire the wire form, possibly sent by somebody who is not to be trusted
     * @return the value
     * @throws CodecException when the wire form stands for no value
     */
    T decode(W wire);
}
