package dev.sluice.channel.spi;

/** What a {@link Gate} answers to an element. */
public enum Outcome {
    /** Committed: the element is in the channel. */
    ACCEPTED,
    /** No room at that moment. */
    FULL,
    /** No room at that moment; the node waits in the gate's queue and will be told. */
    WAITING,
    /** The gate accepts nothing any more; {@link Gate#refusal()} says why. */
    CLOSED,
    /** The route leads elsewhere by now: ask it again. */
    MOVED
}
