package dev.sluice;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything Sluice throws or signals on its own account.
 *
 * <p>Subclasses exist per thing a caller can act on. A message names the thing, the limit that was met and the remedy.
 * Argument errors of the caller stay what Java calls them: {@link NullPointerException} and
 * {@link IllegalArgumentException}.
 */
public class SluiceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * An exception with a message.
     *
     * @param message the thing, the limit and the remedy
     */
    public SluiceException(String message) {
        super(message);
    }

    /**
     * An exception with a message and what led to it.
     *
     * @param message the thing, the limit and the remedy
     * @param cause what led to it, or null when there is nothing more to say
     */
    public SluiceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
