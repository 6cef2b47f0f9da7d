package dev.sluice.channel.memory;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;

/** Makes channels in memory. */
public final class MemoryEngine {
    private MemoryEngine() {}

    /** A channel in memory, which costs nothing but its own object until something is sent. */
    public static <T> Channel<T> channel(ChannelOptions options) {
        return new MemoryChannel<>(options);
    }
}
