package dev.sluice.hub.control;

import dev.sluice.channel.ChannelStats;
import java.util.List;

/**
 * The busiest channels of a hub at one moment, and the sums over all that were looked at.
 *
 * @param channels the first of them in the order asked for
 * @param looked how many channels were looked at
 * @param buffered elements that wait in all of them
 * @param waitingSends sends that wait at all of them
 * @param acceptedPerSecond elements accepted by all of them since the last look; 0 at the first
 * @param deliveredPerSecond elements passed on by all of them since the last look; 0 at the first
 * @param droppedPerSecond elements dropped by all of them since the last look; 0 at the first
 */
public record TopView(
        List<Line> channels,
        long looked,
        long buffered,
        long waitingSends,
        double acceptedPerSecond,
        double deliveredPerSecond,
        double droppedPerSecond) {

    /**
     * A channel.
     *
     * @param stats its counters
     * @param acceptedPerSecond elements accepted since the last look; 0 at the first
     * @param deliveredPerSecond elements passed on since the last look; 0 at the first
     * @param droppedPerSecond elements dropped since the last look; 0 at the first
     */
    public record Line(
            ChannelStats stats, double acceptedPerSecond, double deliveredPerSecond, double droppedPerSecond) {}
}
