package dev.sluice.switching;

import dev.sluice.channel.ChannelName;
import org.jspecify.annotations.Nullable;

/** Where the elements of a service go instead: into nothing, nowhere yet, or to another channel. Immutable. */
public final class Diversion {

    /** Accepted, counted and let go. */
    public static final Diversion DEV_NULL = new Diversion("/dev/null", null);

    /** Sends wait. */
    public static final Diversion HOLD = new Diversion("hold", null);

    private final String word;
    private final @Nullable String channel;

    private Diversion(String word, @Nullable String channel) {
        this.word = word;
        this.channel = channel;
    }

    /**
     * To the channel of a name.
     *
     * @throws dev.sluice.InvalidNameException when the name breaks a rule
     */
    public static Diversion channel(String name) {
        return new Diversion("channel", ChannelName.require(name));
    }

    /**
     * As people write it: {@code /dev/null} or {@code discard}, {@code hold}, else the name of a channel.
     *
     * @throws dev.sluice.InvalidNameException when it is none of them
     */
    public static Diversion of(String text) {
        return switch (text) {
            case "/dev/null", "discard" -> DEV_NULL;
            case "hold" -> HOLD;
            default -> channel(text);
        };
    }

    /** The channel, or null when it is none. */
    public @Nullable String channel() {
        return channel;
    }

    @Override
    public String toString() {
        return channel == null ? word : channel;
    }
}
