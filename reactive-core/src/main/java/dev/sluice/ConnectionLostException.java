package dev.sluice;

import org.jspecify.annotations.Nullable;

/** The connection to another machine was lost, or could not be made, before the operation was done. */
public class ConnectionLostException extends SluiceException {

    private static final long serialVersionUID = 1L;

    /** An exception with a message, and what led to it. */
    public ConnectionLostException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
