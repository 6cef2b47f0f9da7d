package dev.sluice.rsocket.security;

/** What one may be allowed to do with a name. */
public enum Verb {
    /** Send to a channel. */
    SEND,
    /** Take elements out of a channel. */
    RECEIVE,
    /** Listen to a channel. */
    LISTEN,
    /** Call a service. */
    CALL,
    /** Create, resize, close and delete channels, and look at all of them. */
    ADMIN
}
