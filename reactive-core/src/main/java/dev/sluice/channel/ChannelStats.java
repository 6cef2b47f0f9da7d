package dev.sluice.channel;

import java.util.List;

/**
 * A reading of a channel's counters. Each figure is exact for its own moment; figures of one reading may be moments
 * apart.
 *
 * @param name the channel
 * @param capacity how many elements may wait
 * @param buffered elements that wait for the slowest group
 * @param waitingSends sends that wait for room
 * @param receivers receivers of all groups
 * @param waitingReceivers those of them with unmet demand
 * @param listeners listeners
 * @param accepted elements accepted since creation
 * @param delivered elements passed to receivers since creation, over all groups
 * @param listened elements passed to listeners since creation
 * @param dropped elements given up by an overflow policy or for want of a group
 * @param withdrawn sends cancelled while they waited
 * @param retained elements kept for those who come later
 * @param nextOffset the offset the next accepted element gets
 * @param closed whether senders are refused
 * @param groups a reading per group
 * @param nanoTime when the reading was taken, on the clock of {@link System#nanoTime()}
 */
public record ChannelStats(
        String name,
        int capacity,
        long buffered,
        long waitingSends,
        int receivers,
        int waitingReceivers,
        int listeners,
        long accepted,
        long delivered,
        long listened,
        long dropped,
        long withdrawn,
        long retained,
        long nextOffset,
        boolean closed,
        List<GroupStats> groups,
        long nanoTime) {

    /**
     * A reading of one group.
     *
     * @param name the group
     * @param receivers its members
     * @param backlog elements it has not taken
     * @param unacked deliveries not yet acknowledged
     * @param delivered elements passed to members
     * @param redelivered those of them that had been delivered before
     * @param dropped elements shed by its overflow policy
     * @param acknowledged the group is through with everything before this offset: acknowledged, passed to receivers that do not
     *     acknowledge, or dropped
     */
    public record GroupStats(
            String name,
            int receivers,
            long backlog,
            long unacked,
            long delivered,
            long redelivered,
            long dropped,
            long acknowledged) {}

    /**
     * Rates between two readings.
     *
     * @param acceptedPerSecond elements accepted
     * @param deliveredPerSecond elements passed to receivers
     * @param droppedPerSecond elements dropped
     */
    public record Rates(double acceptedPerSecond, double deliveredPerSecond, double droppedPerSecond) {}

    /** The rates since an earlier reading of the same channel. */
    public Rates since(ChannelStats earlier) {
        double seconds = Math.max(1, nanoTime - earlier.nanoTime) / 1e9;
        return new Rates(
                (accepted - earlier.accepted) / seconds,
                (delivered - earlier.delivered) / seconds,
                (dropped - earlier.dropped) / seconds);
    }
}
