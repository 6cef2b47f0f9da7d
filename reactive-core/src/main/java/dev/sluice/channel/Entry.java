package dev.sluice.channel;

/**
 * An element with its place in the channel.
 *
 * @param offset the element's number in the channel: offsets only grow, and rarely skip one
 * @param value the element
 */
public record Entry<T>(long offset, T value) {}
