package dev.sluice;

/** The caller may not do this. Says nothing of whether the name it asked for exists. */
public class AccessDeniedException extends SluiceException {

    private static final long serialVersionUID = 1L;

    /** An exception with a message. */
    public AccessDeniedException(String message) {
        super(message);
    }
}
