package dev.sluice.channel.memory;

/** What a group knows of an element that came back to it. Each says more than the one before, and none is ever taken off. */
enum Mark {
    /** Nobody has had the element. */
    NONE,

    /** Somebody had it, and it is whole. */
    REDELIVERED,

    /** Somebody had it and has taken its beginning: this is the rest. */
    PARTIAL;

    /** The mark once somebody has had the element. */
    Mark seen() {
        return this == NONE ? REDELIVERED : this;
    }
}
