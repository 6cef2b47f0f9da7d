package dev.sluice.rsocket.watch;

/** What kept data from moving though there was some, and room for it in the consumer's demand. */
public enum Stall {
    /** The window of bytes of one stream is used up: its consumer is slow. */
    STREAM,
    /** The session's window of bytes is used up: the other side as a whole takes too little. */
    SESSION,
    /** The connection has as many unwritten bytes as it may: the network is slow, or the other side does not read. */
    CONNECTION,
    /** This side does not read, since the other has sent more bytes than it may in a second. */
    VALVE
}
