package dev.sluice.channel;

/**
 * How a group behaves. Immutable.
 *
 * @param overflow what happens when all members are slow; default {@link Overflow#BACKPRESSURE}
 * @param buffer how many elements wait for a slow group whose overflow is not {@link Overflow#BACKPRESSURE}; default
 *     {@value ListenOptions#DEFAULT_BUFFER}
 * @param from where a new group begins; default {@link Position#earliest()}, the oldest retained element
 */
public record GroupOptions(Overflow overflow, int buffer, Position from) {

    private static final GroupOptions DEFAULTS =
            new GroupOptions(Overflow.BACKPRESSURE, ListenOptions.DEFAULT_BUFFER, Position.earliest());

    /** Checks the values. */
    public GroupOptions {
        if (buffer < 1 || buffer > ChannelOptions.MAX_CAPACITY) {
            throw new IllegalArgumentException(
                    "group buffer must be 1 to " + ChannelOptions.MAX_CAPACITY + ", was " + buffer);
        }
    }

    /** A slow group pushes back; a new one begins with what is retained. */
    public static GroupOptions defaults() {
        return DEFAULTS;
    }

    /** The defaults with another overflow. */
    public static GroupOptions overflow(Overflow overflow) {
        return new GroupOptions(overflow, ListenOptions.DEFAULT_BUFFER, Position.earliest());
    }
}
