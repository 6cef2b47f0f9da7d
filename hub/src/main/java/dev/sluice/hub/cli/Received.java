package dev.sluice.hub.cli;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * A frame that has come.
 *
 * @param offset its place in the channel; -1 when it is not known
 * @param delivery what is to be acknowledged once it is written, or null
 */
record Received(Frame frame, long offset, @Nullable Delivery<Frame> delivery) {}
