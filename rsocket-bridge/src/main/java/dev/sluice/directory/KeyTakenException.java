package dev.sluice.directory;

/** A key was to be put that is there, see {@link Keyspace#hold}. */
public final class KeyTakenException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final String key;
    private final String text;

    /**
     * A key that is there.
     *
     * @param key the key
     * @param text what stands there
     */
    public KeyTakenException(String key, String text) {
        super("key " + key + " is taken");
        this.key = key;
        this.text = text;
    }

    /** The key that is there. */
    public String key() {
        return key;
    }

    /** What stands there. */
    public String text() {
        return text;
    }
}
