package dev.sluice.directory;

/** A member of a group that stands in a directory, and is renewed for as long as this is held. Thread safe. */
public interface Membership extends Renewed {

    /** Its id. */
    String id();
}
