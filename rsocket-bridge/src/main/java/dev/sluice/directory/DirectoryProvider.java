package dev.sluice.directory;

import dev.sluice.channel.spi.ChannelsConfig;
import java.util.Set;

/**
 * An engine of directories, found by the scheme of a URL through {@link java.util.ServiceLoader}: list the implementation in {@code
 * META-INF/services/dev.sluice.directory.DirectoryProvider}. It needs a public constructor without parameters.
 */
public interface DirectoryProvider {

    /**
     * The scheme of the engine's URLs.
     *
     * @return lower case, without the colon
     */
    String scheme();

    /**
     * The options the engine knows. Others are refused before {@link #open} is called.
     *
     * @return names in {@code lower_snake_case}; include {@code host}, {@code port} or {@code path} when the engine wants these parts of
     *     a URL
     */
    Set<String> options();

    /**
     * Opens a directory. Does not block.
     *
     * @param config what the caller asked for; its options are all known, their values not checked yet
     * @return a directory, the caller's to close
     * @throws dev.sluice.ConfigurationException when a value is bad; {@link ChannelsConfig}'s readers throw it
     */
    Directory open(ChannelsConfig config);
}
