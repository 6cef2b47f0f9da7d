package dev.sluice;

/** A channel had no room and the caller did not want to wait. */
public class ChannelFullException extends SluiceException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the thing, the limit and the remedy. */
    public ChannelFullException(String message) {
        super(message);
    }
}
