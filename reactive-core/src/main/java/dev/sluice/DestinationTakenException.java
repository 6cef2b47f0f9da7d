package dev.sluice;

/** A destination cannot be registered: another instance has it for itself, or is there while this one wants it for itself. */
public class DestinationTakenException extends SluiceException {

    private static final long serialVersionUID = 1L;

    /** An exception with a message that names the destination and who has it. */
    public DestinationTakenException(String message) {
        super(message);
    }
}
