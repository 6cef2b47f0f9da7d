package dev.sluice.channel;

/** What became of a {@link Sender#trySend(Object)}: decided at once and exactly, however many threads send. */
public enum SendResult {
    /** The element is in the channel, or in a receiver's hands. */
    ACCEPTED,
    /** There was no room at that moment: the caller still owns the element. */
    FULL,
    /** The channel is closed and will never accept again: the caller still owns the element. */
    CLOSED;

    /** Whether the element was accepted. */
    public boolean isAccepted() {
        return this == ACCEPTED;
    }
}
