package dev.sluice.rsocket.outlet;

/**
 * An outlet at one moment.
 *
 * @param name the outlet
 * @param target the name of where its elements go
 * @param opened whether clients opened it, so that it goes with them; if not, the server's application offers it
 */
public record OutletStatus(String name, String target, boolean opened) {}
