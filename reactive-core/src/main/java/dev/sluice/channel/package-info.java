/**
 * Channels: bounded FIFO queues between any number of senders and receivers, asynchronous at both ends.
 *
 * <p>Start at {@link dev.sluice.channel.Channel}.
 */
@NullMarked
package dev.sluice.channel;

import org.jspecify.annotations.NullMarked;
