package dev.sluice;

/** A URL or a configuration cannot be used: an unknown engine, an unknown option, or a value out of bounds. */
public class ConfigurationException extends SluiceException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the thing, the limit and the remedy. */
    public ConfigurationException(String message) {
        super(message);
    }

    /** With what led to it. */
    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
