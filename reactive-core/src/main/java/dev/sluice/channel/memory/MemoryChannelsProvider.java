package dev.sluice.channel.memory;

import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.channel.spi.ChannelsConfig;
import dev.sluice.channel.spi.ChannelsProvider;
import java.util.Set;

/** Channels of this process: {@code memory:}. */
public final class MemoryChannelsProvider implements ChannelsProvider {

    /** For {@link java.util.ServiceLoader}. */
    public MemoryChannelsProvider() {}

    /**
     * A registry of channels in memory.
     *
     * @param defaults the options of channels that are created without others
     * @return a new, empty registry
     */
    public static Channels channels(ChannelOptions defaults) {
        return new MemoryChannels(defaults);
    }

    @Override
    public String scheme() {
        return "memory";
    }

    @Override
    public Set<String> options() {
        return ChannelsConfig.CHANNEL_OPTIONS;
    }

    @Override
    public Channels open(ChannelsConfig config) {
        return channels(config.channelOptions());
    }
}
