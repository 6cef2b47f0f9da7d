package dev.sluice.switching;

import dev.sluice.SluiceException;

/** A lease has ended, so its sender writes nothing any more. */
public class LeaseExpiredException extends SluiceException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the channel, the holder and why the lease ended. */
    public LeaseExpiredException(String message) {
        super(message);
    }
}
