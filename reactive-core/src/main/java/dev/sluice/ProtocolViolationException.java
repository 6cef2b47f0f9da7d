package dev.sluice;

/** A peer broke a rule of the protocol. The session with it has ended; others are not touched. */
public class ProtocolViolationException extends SluiceException {

    private static final long serialVersionUID = 1L;

    /** An exception with a message. */
    public ProtocolViolationException(String message) {
        super(message);
    }
}
