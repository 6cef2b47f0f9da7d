package dev.sluice;

/** A channel was to be created under a name that is taken. */
public class ChannelExistsException extends SluiceException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the thing, the limit and the remedy. */
    public ChannelExistsException(String message) {
        super(message);
    }
}
