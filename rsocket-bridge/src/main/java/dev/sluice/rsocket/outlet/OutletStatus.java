package dev.sluice.rsocket.outlet;

/**
 * An outlet at one moment.
 *
 * @param name the outlet
 * @param target the name of where its elements go
 * @param opened whether clients opened it, so that it goes with them; if not, the server's application offers it
 * @param holders how many clients have it open; 0 for one that is offered, and for one whose {@linkplain OutletOptions#idle() idle time} runs
 */
public record OutletStatus(String name, String target, boolean opened, int holders) {}
