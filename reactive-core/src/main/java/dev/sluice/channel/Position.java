package dev.sluice.channel;

/** Where a listener begins. */
public sealed interface Position {

    /** With the next element that is accepted. */
    static Position latest() {
        return Latest.INSTANCE;
    }

    /** With the oldest retained element. */
    static Position earliest() {
        return Earliest.INSTANCE;
    }

    /**
     * With the element at an offset, or the first retained one after it.
     *
     * @param offset 0 or more
     */
    static Position offset(long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("offset must be 0 or more, was " + offset);
        }
        return new Offset(offset);
    }

    /** See {@link Position#latest()}. */
    enum Latest implements Position {
        INSTANCE
    }

    /** See {@link Position#earliest()}. */
    enum Earliest implements Position {
        INSTANCE
    }

    /** See {@link Position#offset(long)}. */
    record Offset(long value) implements Position {}
}
