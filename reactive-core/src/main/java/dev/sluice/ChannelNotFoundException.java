package dev.sluice;

/** There is no channel of that name. */
public class ChannelNotFoundException extends SluiceException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the thing, the limit and the remedy. */
    public ChannelNotFoundException(String message) {
        super(message);
    }
}
