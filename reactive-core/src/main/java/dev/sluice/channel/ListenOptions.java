package dev.sluice.channel;

/**
 * How a listener listens. Immutable.
 *
 * @param overflow what happens when the listener is slow; default {@link Overflow#BACKPRESSURE}
 * @param buffer how many elements wait for a slow listener whose overflow is not {@link Overflow#BACKPRESSURE}; default
 *     {@value #DEFAULT_BUFFER}
 */
public record ListenOptions(Overflow overflow, int buffer) {

    /** The default of {@link #buffer}. */
    public static final int DEFAULT_BUFFER = 256;

    private static final ListenOptions DEFAULTS = new ListenOptions(Overflow.BACKPRESSURE, DEFAULT_BUFFER);

    /** Checks the values. */
    public ListenOptions {
        if (buffer < 1 || buffer > ChannelOptions.MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "listener buffer must be 1 to " + ChannelOptions.MAX_CAPACITY + ", was " + buffer);
        }
    }

    /** A slow listener pushes back. */
    public static ListenOptions defaults() {
        return DEFAULTS;
    }

    /** The defaults with another overflow. */
    public static ListenOptions overflow(Overflow overflow) {
        return new ListenOptions(overflow, DEFAULT_BUFFER);
    }
}
