package dev.sluice.channel.memory;

import dev.sluice.channel.ChannelStats;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.Scannable.Attr;

/**
 * What a channel tells those who watch it. Its statistics are added up when somebody asks: what its readers count, what
 * those that are gone have counted, and what never was any reader's.
 *
 * @param <T> the element
 */
final class Census<T> {
    private final MemoryChannel<T> channel;
    private final Roster<T> roster;
    private final Unclaimed unclaimed;
    private final Replay<T> replay;

    Census(MemoryChannel<T> channel, Roster<T> roster, Unclaimed unclaimed, Replay<T> replay) {
        this.channel = channel;
        this.roster = roster;
        this.unclaimed = unclaimed;
        this.replay = replay;
    }

    /**
     * Under the channel's lock: a reading.
     *
     * @param dropped how many elements went that never were any reader's
     */
    ChannelStats read(long dropped) {
        List<ChannelStats.GroupStats> readings = new ArrayList<>();
        Departed gone = roster.departed();
        long buffered = unclaimed.isHeld() ? unclaimed.size(channel.nextOffset()) : 0;
        long delivered = gone == null ? 0 : gone.delivered();
        long listened = gone == null ? 0 : gone.listened();
        long lost = dropped + (gone == null ? 0 : gone.dropped());
        int receivers = 0;
        int ready = 0;
        for (Group<T> group : channel.groups) {
            ChannelStats.GroupStats reading = group.stats();
            lost += reading.dropped();
            if (group.isListener()) {
                listened += reading.delivered();
                continue;
            }
            readings.add(reading);
            delivered += reading.delivered();
            buffered = Math.max(buffered, reading.backlog());
            receivers += reading.receivers();
            ready += group.waitingReceivers();
        }
        return new ChannelStats(
                channel.name(),
                channel.capacity,
                buffered,
                channel.waitingSends(),
                receivers,
                ready,
                channel.groups.length - readings.size(),
                channel.nextOffset() - channel.skips(),
                delivered,
                listened,
                lost,
                channel.withdrawn(),
                replay.retained(),
                channel.nextOffset(),
                channel.isClosed(),
                List.copyOf(readings),
                System.nanoTime());
    }

    /** Outside all locks: an attribute for Reactor's tools; {@code null} for one a channel does not have. */
    @Nullable Object scan(@SuppressWarnings("rawtypes") Attr key) {
        if (key == Attr.NAME) {
            return channel.name();
        }
        if (key == Attr.CAPACITY) {
            return channel.capacity;
        }
        if (key == Attr.BUFFERED) {
            return (int) channel.reading().buffered();
        }
        if (key == Attr.TERMINATED) {
            return channel.isClosed();
        }
        if (key == Attr.ERROR) {
            return channel.closeCause();
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }
}
