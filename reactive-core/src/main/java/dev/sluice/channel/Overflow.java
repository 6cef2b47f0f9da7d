package dev.sluice.channel;

/** What happens when a listener or a group is slower than the senders and its buffer is full. */
public enum Overflow {
    /** Senders wait: nothing is dropped. The default. */
    BACKPRESSURE,
    /** The oldest waiting element is dropped for this listener or group, and counted. */
    DROP_OLDEST,
    /** The newest element is dropped for this listener or group, and counted. */
    DROP_LATEST,
    /** This listener, or every member of this group, fails with {@link dev.sluice.SlowReceiverException}. */
    FAIL
}
