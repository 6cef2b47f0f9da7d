package dev.sluice.switching;

import dev.sluice.channel.Sender;
import org.jspecify.annotations.Nullable;

/**
 * A service at one moment.
 *
 * @param name the service
 * @param sink what it sends through
 * @param target the target it belongs to
 * @param diversion where it was {@linkplain ServiceRegistry#divert diverted} to, or {@code null}
 * @param held whether it is {@linkplain SwitchableSink#hold held}
 * @param destination the name of where its elements go now, leases and sinks on the way included
 * @param waiting how many of its sends wait
 */
public record ServiceStatus<T>(
        String name,
        SwitchableSink<T> sink,
        Sender<T> target,
        @Nullable Sender<T> diversion,
        boolean held,
        String destination,
        int waiting) {}
