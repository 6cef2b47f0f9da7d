package dev.sluice.nested;

/**
 * Elements that a limit of {@link NestedFlux#groupBy groupBy} cost a group. The elements themselves went to the discard
 * hook.
 *
 * @param key the group's key
 * @param reason which limit it was
 * @param count how many elements, 1 or more
 */
public record GroupDrop(Object key, Reason reason, long count) {

    /** Which limit cost the elements. */
    public enum Reason {
        /** The group's buffer was full. */
        BUFFER_FULL,
        /** They waited in a group from which nothing was taken for the accept timeout while others waited for it. */
        NOT_ACCEPTED,
        /** They came for a key whose group had failed, and whose subscriber had not seen that yet. */
        GROUP_ENDED
    }
}
