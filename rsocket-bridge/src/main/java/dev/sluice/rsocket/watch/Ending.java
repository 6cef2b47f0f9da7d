package dev.sluice.rsocket.watch;

/** How a session ended. */
public enum Ending {
    /** One of the sides closed it, in order. */
    CLOSED,
    /** The connection went away. */
    LOST,
    /** The other side broke the protocol. */
    VIOLATION,
    /** An error on this side: a bug. */
    ERROR,
    /** The other side ended it with a reason: it found a violation, or failed. */
    FAILED_BY_PEER
}
