package dev.sluice.nested;

import dev.sluice.SluiceException;

/** A group's buffer was full, and its options say that this fails the group. */
public class GroupFullException extends SluiceException {

    private static final long serialVersionUID = 1L;

    GroupFullException(Object key, int bufferSize) {
        super("Group " + Keys.shown(key) + " failed because its buffer of " + bufferSize
                + " elements was full: take from it sooner, raise bufferSize, or choose another WhenFull");
    }
}
