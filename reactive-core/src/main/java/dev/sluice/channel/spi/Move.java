package dev.sluice.channel.spi;

/**
 * One route leaves one gate for another.
 *
 * @param route who moves
 * @param from where it must lead at that moment
 * @param to where it leads afterwards
 * @param withWaiting whether its waiting sends move too, or stay and finish where they are
 */
public record Move<T>(Route<T> route, Gate<T> from, Gate<T> to, boolean withWaiting) {}
