package dev.sluice.channel;

/** What happens to elements while a channel has no group at all. */
public enum WhenNoGroup {
    /** They wait for the first group, up to the capacity; then senders wait. The default. */
    HOLD,
    /** They are dropped, and counted, once the listeners have seen them: a topic. */
    DISCARD
}
