package dev.sluice.switching;

import dev.sluice.SluiceException;

/** Somebody else has the lease of a channel. */
public class LeaseHeldException extends SluiceException {
    private static final long serialVersionUID = 1L;

    private final String holder;

    /** With a message that names the channel and the remedy, and who has the lease. */
    public LeaseHeldException(String message, String holder) {
        super(message);
        this.holder = holder;
    }

    /** Who has the lease. */
    public String holder() {
        return holder;
    }
}
