package dev.sluice;

import org.jspecify.annotations.Nullable;

/**
 * A value could not be turned into its wire form, or a wire form not into a value.
 *
 * <p>The message names the codec, the type and the size. It never carries more of the payload than the short prefix
 * {@link Frame#toString()} shows, so it may be logged and sent to a peer.
 */
public class CodecException extends SluiceException {

    private static final long serialVersionUID = 1L;

    /**
     * An exception with a message.
     *
     * @param message the codec, the type and the size
     */
    public CodecException(String message) {
        super(message);
    }

    /**
     * An exception with a message and what led to it.
     *
     * @param message the codec, the type and the size
     * @param cause what led to it; its own message must not carry the payload either
     */
    public CodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
