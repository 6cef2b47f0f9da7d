package dev.sluice.rsocket.outlet;

/**
 * A switch that was done.
 *
 * @param outlet what was switched
 * @param from the name of where its elements went before
 * @param to the name of where they go now
 */
public record OutletSwitch(String outlet, String from, String to) {}
