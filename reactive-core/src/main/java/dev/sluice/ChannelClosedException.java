package dev.sluice;

/** A channel is closed and accepts no more elements. */
public class ChannelClosedException extends SluiceException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the thing, the limit and the remedy. */
    public ChannelClosedException(String message) {
        super(message);
    }

    /** With the reason the channel was closed for. */
    public ChannelClosedException(String message, Throwable cause) {
        super(message, cause);
    }
}
