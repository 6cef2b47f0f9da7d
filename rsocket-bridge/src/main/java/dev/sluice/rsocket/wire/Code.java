package dev.sluice.rsocket.wire;

/** Why a stream or a session failed. */
public enum Code {
    /** A record broke a rule of the protocol; ends the session. */
    VIOLATION(1),
    /** Shutting down, or too busy: try elsewhere or later. */
    UNAVAILABLE(2),
    /** A limit of the peer: streams, calls per second. */
    LIMIT(3),
    /** Nobody subscribed in time. */
    ACCEPT_TIMEOUT(4),
    /** The application failed; the text is its message. */
    FAILED(5),
    /** Not allowed; says nothing of whether the name exists. */
    DENIED(6),
    /** No such service. */
    NO_SERVICE(7),
    /** A frame is longer than the other side takes. */
    TOO_LARGE(8),
    /** The call cannot be understood. */
    BAD_REQUEST(9),
    /** The callee's time limit. */
    TIMEOUT(10),
    /** The channel is closed. */
    CLOSED(16),
    /** The channel has no room. */
    FULL(17),
    /** No such channel. */
    NOT_FOUND(18),
    /** There is a channel of that name. */
    EXISTS(19),
    /** The name breaks a rule. */
    INVALID_NAME(20),
    /** The group or listener shed this receiver. */
    SLOW_RECEIVER(21),
    /** The element was withdrawn before it was accepted. */
    WITHDRAWN(22),
    /** The server no longer knows what became of the repeated call. */
    FORGOTTEN(23),
    /** Somebody else has the lease. */
    LEASE_HELD(24),
    /** The lease has ended. */
    LEASE_EXPIRED(25),
    /** The group was given up, with what waited for it, since the receiver was there last. */
    GROUP_EXPIRED(26);

    private static final Code[] BY_NUMBER = new Code[32];

    static {
        for (Code code : values()) {
            BY_NUMBER[code.number] = code;
        }
    }

    private final int number;

    Code(int number) {
        this.number = number;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    /** The code of a number; unknown ones are {@link #FAILED}. */
    public static Code of(long number) {
        if (number < 0 || number >= BY_NUMBER.length) {
            return FAILED;
        }
        Code code = BY_NUMBER[(int) number];
        return code == null ? FAILED : code;
    }
}
