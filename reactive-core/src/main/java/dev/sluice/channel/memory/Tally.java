package dev.sluice.channel.memory;

import dev.sluice.channel.ChannelStats;
import org.jspecify.annotations.Nullable;

/**
 * What became of the elements a group has taken: how many are with its members, and how many were delivered or dropped.
 * Once the group is gone the channel counts for it: what it passes on or drops after that is added to what all who are
 * gone have counted. Guarded by the group's lock.
 */
final class Tally {
    private final boolean listener;

    /** Given to members and not passed on yet. */
    private long inHand;

    /** Passed on as deliveries and not settled yet. */
    private long unacked;

    private long delivered;
    private long redelivered;
    private long dropped;
    private @Nullable Departed departed;

    Tally(boolean listener) {
        this.listener = listener;
    }

    /** A member was given a batch. */
    void given(int count) {
        inHand += count;
    }

    /** A batch was passed on, of which so many count as delivered now. */
    void passedOn(int count, int delivered) {
        inHand -= count;
        delivered(delivered);
    }

    /** What a member had not passed on is back in the group. */
    void reclaimed(int count) {
        inHand -= count;
    }

    /** A subscriber got a delivery, which is open until it is settled. */
    void claimed(boolean again) {
        unacked++;
        delivered(1);
        redelivered += again ? 1 : 0;
    }

    /** Open deliveries were settled, or went back. */
    void unackedGone(int count) {
        unacked -= count;
    }

    /** Whether no member has anything that may come back. */
    boolean isSettled() {
        return inHand == 0 && unacked == 0;
    }

    private void delivered(long count) {
        if (departed == null) {
            delivered += count;
        } else {
            departed.addDelivered(listener, count);
        }
    }

    void dropped() {
        if (departed == null) {
            dropped++;
        } else {
            departed.addDropped(1);
        }
    }

    /** With the gate shut: the channel counts for the group from now on. */
    void depart(Departed all) {
        all.addDelivered(listener, delivered);
        all.addDropped(dropped);
        departed = all;
    }

    /** A reading for a group whose channel has accepted what is before an offset. */
    ChannelStats.GroupStats reading(String name, Members<?> members, Backlog<?> backlog, long end) {
        return new ChannelStats.GroupStats(
                name,
                members.size(),
                backlog.size(end) + inHand,
                unacked,
                delivered,
                redelivered,
                dropped,
                Math.min(backlog.lowest(), members.lowest()));
    }
}
