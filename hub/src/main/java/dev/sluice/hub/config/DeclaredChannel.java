package dev.sluice.hub.config;

import dev.sluice.channel.ChannelOptions;
import java.util.List;

/**
 * A channel that exists from the start.
 *
 * @param name its name
 * @param options its options; what the file leaves out is as the engine's URL says
 * @param groups the groups it has from the start, in the order of the file
 * @param from where it was declared, as {@code hub.yaml line 7}
 */
public record DeclaredChannel(String name, ChannelOptions options, List<String> groups, String from) {

    /** Copies the groups. */
    public DeclaredChannel {
        groups = List.copyOf(groups);
    }
}
