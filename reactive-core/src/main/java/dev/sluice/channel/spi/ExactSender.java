package dev.sluice.channel.spi;

/**
 * Marks a {@link dev.sluice.channel.Sender} whose sends, when they are cancelled, say in any case what became of their
 * element: they pass it to the discard hook, and then it is provably not delivered, or they terminate. Every {@link
 * dev.sluice.channel.Channel} is such a sender.
 *
 * <p>An ordinary {@code Mono} that is cancelled may stay silent for ever, whether its work was done or not. What such a
 * sender has been given is therefore not withdrawn when it is left, but awaited.
 */
public interface ExactSender {}
