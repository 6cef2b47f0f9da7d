package dev.sluice;

import org.jspecify.annotations.Nullable;

/** The directory of services cannot be asked, or no longer knows of a registration: it is closed, cannot be reached, or was not renewed in time. */
public class DirectoryUnavailableException extends SluiceException {

    private static final long serialVersionUID = 1L;

    /** An exception with a message, and what led to it. */
    public DirectoryUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
