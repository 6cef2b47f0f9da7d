package dev.sluice;

/** A name breaks the rules for names. */
public class InvalidNameException extends SluiceException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the thing, the limit and the remedy. */
    public InvalidNameException(String message) {
        super(message);
    }
}
