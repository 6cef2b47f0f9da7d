package dev.sluice.rsocket.watch;

/** Which end of a session this is. */
public enum Side {
    /** It opened the connection. */
    CLIENT,
    /** It accepted the connection. */
    SERVER
}
