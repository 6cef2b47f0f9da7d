package dev.sluice;

/** A listener or group fell too far behind, and its overflow policy is to fail. */
public class SlowReceiverException extends SluiceException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the thing, the limit and the remedy. */
    public SlowReceiverException(String message) {
        super(message);
    }
}
