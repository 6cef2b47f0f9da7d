package dev.sluice.ninep.wire;

/** A request is refused: how its client is told, and, for logs, why. */
public final class Refusal extends RuntimeException {

    private final Errno errno;

    /** A refusal; the message says why. */
    public Refusal(Errno errno, String why) {
        super(why, null, false, false);
        this.errno = errno;
    }

    /** How the client is told. */
    public Errno errno() {
        return errno;
    }

    /** Why, never null. */
    public String why() {
        return String.valueOf(getMessage());
    }
}
