package dev.sluice.hub.control;

import dev.sluice.channel.ChannelName;
import java.util.Map;
import java.util.Objects;
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
     * To a channel of the hub.
     *
     * @throws dev.sluice.InvalidNameException when the name breaks a rule
     */
    public static Diversion channel(String name) {
        return new Diversion("channel", ChannelName.require(name));
    }

    /**
     * As the command line has it: {@code /dev/null} or {@code discard}, {@code hold}, else the name of a channel.
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

    Map<String, String> tags() {
        String name = channel;
        return name == null ? Map.of(Controls.TO, word) : Map.of(Controls.TO, word, Controls.DIVERTED, name);
    }

    static Diversion of(String word, @Nullable String channel) {
        return switch (word) {
            case "/dev/null" -> DEV_NULL;
            case "hold" -> HOLD;
            case "channel" -> channel(Objects.requireNonNull(channel, "channel"));
            default -> throw Controls.bad("tag \"" + Controls.TO + "\" must be /dev/null, hold or channel");
        };
    }

    @Override
    public String toString() {
        return channel == null ? word : channel;
    }
}
