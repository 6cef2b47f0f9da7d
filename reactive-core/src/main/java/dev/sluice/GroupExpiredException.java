package dev.sluice;

/**
 * A group of a destination was given up while this member could not be reached, and what waited for the group with it: elements are missing. Who joins
 * again receives what comes from then on.
 */
public class GroupExpiredException extends SluiceException {

    private static final long serialVersionUID = 1L;

    /** An exception with a message that names the group and how long it had no member. */
    public GroupExpiredException(String message) {
        super(message);
    }
}
