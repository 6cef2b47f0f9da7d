package dev.sluice;

/**
 * A channel was deleted because it was idle, see {@link dev.sluice.channel.Channels#deleteIfIdle}. Nothing that was sent
 * is lost, and what is refused with this was not accepted: looked up by its name again, the channel is another one.
 */
public class ChannelExpiredException extends ChannelClosedException {
    private static final long serialVersionUID = 1L;

    /** With a message that names the thing, the limit and the remedy. */
    public ChannelExpiredException(String message) {
        super(message);
    }
}
