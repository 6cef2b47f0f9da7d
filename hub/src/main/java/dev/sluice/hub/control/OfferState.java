package dev.sluice.hub.control;

/** What became of the offer of a service. */
public enum OfferState {
    /** The hub passes calls on. */
    STANDS,
    /** The connection to the hub was lost, and the offer with it; it is made again as soon as there is another one. */
    LOST
}
