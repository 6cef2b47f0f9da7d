package dev.sluice.channel.memory;

import dev.sluice.ChannelClosedException;
import dev.sluice.ChannelExpiredException;
import org.jspecify.annotations.Nullable;

/**
 * How a channel was closed, which decides what everybody is told in the end.
 *
 * @param cause what receivers fail with; {@code null} if they complete
 * @param expired whether it was deleted because nobody would miss it
 */
record Closing(@Nullable Throwable cause, boolean expired) {
    /** By nobody: there is no receiver to be told. */
    static final Closing EXPIRED = new Closing(null, true);

    static Closing because(@Nullable Throwable cause) {
        return new Closing(cause, false);
    }

    /** What a send to the channel fails with: a new one for each. */
    ChannelClosedException refusal(String channel) {
        if (expired) {
            return new ChannelExpiredException("channel '" + channel
                    + "' was deleted because it was idle: look it up by its name again, which gives another one");
        }
        String message = "channel '" + channel + "' is closed and accepts no more elements";
        return cause == null
                ? new ChannelClosedException(message)
                : new ChannelClosedException(message + ": " + cause.getMessage(), cause);
    }
}
