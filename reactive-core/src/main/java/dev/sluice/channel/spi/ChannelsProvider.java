package dev.sluice.channel.spi;

import dev.sluice.channel.Channels;
import java.util.Set;

/**
 * An engine of channels, found by the scheme of a URL through {@link java.util.ServiceLoader}: list the implementation in
 * {@code META-INF/services/dev.sluice.channel.spi.ChannelsProvider}. It needs a public constructor without parameters.
 */
public interface ChannelsProvider {

    /**
     * The scheme of the engine's URLs, and the {@code engine} of its configurations.
     *
     * @return lower case, without the colon
     */
    String scheme();

    /**
     * The options the engine knows. Others are refused before {@link #open} is called.
     *
     * @return names in {@code lower_snake_case}; include {@link ChannelsConfig#CHANNEL_OPTIONS} when channels get them,
     *     and {@code host}, {@code port} or {@code path} when the engine wants these parts of a URL
     */
    Set<String> options();

    /**
     * Opens the engine's registry. Does not block: an engine that is elsewhere connects when it is used.
     *
     * @param config what the caller asked for; its options are all known, their values not checked yet
     * @return a registry, the caller's to close
     * @throws dev.sluice.ConfigurationException when a value is bad; {@link ChannelsConfig}'s readers throw it
     */
    Channels open(ChannelsConfig config);
}
