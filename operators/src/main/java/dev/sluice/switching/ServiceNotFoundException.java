package dev.sluice.switching;

import dev.sluice.SluiceException;

/** There is no service of that name. */
public class ServiceNotFoundException extends SluiceException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the service. */
    public ServiceNotFoundException(String message) {
        super(message);
    }
}
