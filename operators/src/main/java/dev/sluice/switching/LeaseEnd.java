package dev.sluice.switching;

/** Why a lease ended. */
public enum LeaseEnd {
    /** Its holder was done with it. */
    CLOSED("it was given back"),
    /** Its holder failed while it worked. */
    FAILED("its holder failed"),
    /** Its holder was cancelled. */
    CANCELLED("its holder was cancelled"),
    /** Its time ran out. */
    EXPIRED("its time ran out"),
    /** The channel was closed. */
    CHANNEL_CLOSED("the channel was closed");

    private final String words;

    LeaseEnd(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
