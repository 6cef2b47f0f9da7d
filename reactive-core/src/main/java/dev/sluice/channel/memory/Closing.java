package dev.sluice.channel.memory;

import dev.sluice.ChannelClosedException;
import org.jspecify.annotations.Nullable;

/**
 * How a channel was closed, which decides what everybody is told in the end.
 *
 * @param cause what receivers fail with; {@code null} if they complete
 */
record Closing(@Nullable Throwable cause) {
    /** What a send to the channel fails with: a new one for each. */
    static ChannelClosedException refusal(String channel, @Nullable Throwable cause) {
        String message = "channel '" + channel + "' is closed and accepts no more elements";
        return cause == null
                ? new ChannelClosedException(message)
                : new ChannelClosedException(message + ": " + cause.getMessage(), cause);
    }
}
