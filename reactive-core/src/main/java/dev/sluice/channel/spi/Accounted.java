package dev.sluice.channel.spi;

import org.reactivestreams.Publisher;

/**
 * What {@link dev.sluice.channel.Sender#sendAll} returns when it tells a {@link Progress} that subscribes directly what was accepted, and a {@link
 * Withdrawal} what had been when it cancelled. Of any other send nobody knows before its end which elements were accepted: a sender may ask its publisher ahead,
 * or an operator between them may.
 */
public interface Accounted {

    /** The elements that are counted: those of the publisher that was handed over, unless somebody has put an operator between. */
    Publisher<?> elements();
}
