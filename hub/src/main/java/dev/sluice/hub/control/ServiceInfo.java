package dev.sluice.hub.control;

import org.jspecify.annotations.Nullable;

/**
 * A service of a hub at one moment.
 *
 * @param name the service
 * @param target the target it belongs to
 * @param diversion where it was diverted to, or null
 * @param held whether its sends wait until it is restored
 * @param destination where its elements go now, leases on the way included
 * @param waiting sends that wait
 * @param producers clients that send through it; 0 when none is there at the moment
 */
public record ServiceInfo(
        String name,
        String target,
        @Nullable String diversion,
        boolean held,
        String destination,
        int waiting,
        int producers) {}
