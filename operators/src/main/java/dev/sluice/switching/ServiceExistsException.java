package dev.sluice.switching;

import dev.sluice.SluiceException;

/** A service was to be registered under a name that is taken. */
public class ServiceExistsException extends SluiceException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the service. */
    public ServiceExistsException(String message) {
        super(message);
    }
}
