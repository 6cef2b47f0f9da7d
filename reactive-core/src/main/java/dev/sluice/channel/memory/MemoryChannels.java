package dev.sluice.channel.memory;

import dev.sluice.ChannelClosedException;
import dev.sluice.ChannelExistsException;
import dev.sluice.Frame;
import dev.sluice.channel.BroadcastOptions;
import dev.sluice.channel.BroadcastResult;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelEvent;
import dev.sluice.channel.ChannelName;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Channels;
import dev.sluice.channel.NamePrefix;
import dev.sluice.channel.spi.EventFeed;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Channels of this process by name.
 *
 * <p>A lookup is a read of a concurrent sorted map. Whatever changes the map does so under {@link #change}, together
 * with recording the event, so events have the order of the changes; subscribers, senders and receivers are told
 * outside of it. The lock is held for one insertion, removal or both, comes before those of channels, and is never held
 * while code of others runs.
 *
 * <p><b>A rename</b> takes the channel out before it puts it in again. So nobody finds it under both names, and whoever
 * finds it under neither looks again under the lock.
 */
final class MemoryChannels implements Channels {

    private final ConcurrentSkipListMap<String, MemoryChannel<Frame>> byName = new ConcurrentSkipListMap<>();
    private final EventFeed<ChannelEvent> events = new EventFeed<>(ChannelEvent.Missed::new);
    private final Object change = new Object();
    private final ChannelOptions defaults;

    /** How many renames there were. Changed under {@link #change}. */
    private volatile long renames;

    private volatile boolean closed;

    MemoryChannels(ChannelOptions defaults) {
        this.defaults = Objects.requireNonNull(defaults, "defaults");
    }

    @Override
    public Channel<Frame> channel(String name) {
        MemoryChannel<Frame> found = byName.get(Objects.requireNonNull(name, "name"));
        while (found == null || found.isExpired()) {
            found = add(name, defaults, false);
            if (found == null) {
                found = byName.get(name);
            }
        }
        return found;
    }

    @Override
    public Mono<Channel<Frame>> create(String name, ChannelOptions options) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(options, "options");
        return Mono.fromCallable(() -> {
            Channel<Frame> created = add(name, options, true);
            if (created == null) {
                throw new ChannelExistsException(
                        "channel \"" + name + "\" exists: use it by channel(name), or delete it first");
            }
            return created;
        });
    }

    @Override
    public Mono<Boolean> rename(String from, String to) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        return Mono.fromCallable(() -> {
            ChannelName.require(from);
            ChannelName.require(to);
            synchronized (change) {
                MemoryChannel<Frame> found = byName.get(from);
                if (found == null || found.isExpired()) {
                    return false;
                }
                if (from.equals(to)) {
                    return true;
                }
                if (byName.containsKey(to)) {
                    throw new ChannelExistsException("channel \"" + from + "\" cannot be renamed to \"" + to
                            + "\", for there is a channel of that name: choose another name, or delete that one first");
                }
                long number = renames + 1;
                byName.remove(from);
                found.rename(to, number);
                renames = number;
                byName.put(to, found);
                events.record(new ChannelEvent.Deleted(from));
                events.record(new ChannelEvent.Created(to));
            }
            events.deliver();
            return true;
        });
    }

    /** The new channel, or null when the name is taken. */
    private @Nullable MemoryChannel<Frame> add(String name, ChannelOptions options, boolean declared) {
        ChannelName.require(name);
        MemoryChannel<Frame> created =
                new MemoryChannel<>(options.toBuilder().name(name).build());
        if (declared) {
            created.declare();
        }
        synchronized (change) {
            if (closed) {
                throw new ChannelClosedException("the registry is closed, so there is no channel \"" + name
                        + "\" any more: open another registry");
            }
            if (byName.putIfAbsent(name, created) != null) {
                return null;
            }
            events.record(new ChannelEvent.Created(name));
        }
        events.deliver();
        return created;
    }

    @Override
    public Mono<Channel<Frame>> find(String name) {
        Objects.requireNonNull(name, "name");
        return Mono.fromCallable(() -> {
            MemoryChannel<Frame> found = byName.get(ChannelName.require(name));
            if (found == null) {
                synchronized (change) {
                    found = byName.get(name);
                }
            }
            return found == null || found.isExpired() ? null : found;
        });
    }

    @Override
    public Mono<Boolean> delete(String name) {
        Objects.requireNonNull(name, "name");
        return Mono.fromCallable(() -> {
            ChannelName.require(name);
            Channel<Frame> deleted;
            synchronized (change) {
                deleted = byName.remove(name);
                if (deleted != null) {
                    events.record(new ChannelEvent.Deleted(name));
                }
            }
            if (deleted == null) {
                return false;
            }
            deleted.close();
            events.deliver();
            return true;
        });
    }

    @Override
    public Mono<Boolean> deleteIfIdle(String name) {
        Objects.requireNonNull(name, "name");
        return Mono.fromCallable(() -> {
            ChannelName.require(name);
            Runnable told;
            synchronized (change) {
                MemoryChannel<Frame> found = byName.get(name);
                told = found == null ? null : found.expire();
                if (told == null) {
                    return false;
                }
                byName.remove(name);
                events.record(new ChannelEvent.Deleted(name));
            }
            told.run();
            events.deliver();
            return true;
        });
    }

    @Override
    public Flux<String> list(String prefix, String after) {
        return select(prefix, after).concatMapIterable(NavigableMap::keySet);
    }

    /** The selected part of the map, looked for at subscription; read as it is asked for. */
    private Flux<NavigableMap<String, MemoryChannel<Frame>>> select(String prefix, String after) {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(after, "after");
        return Flux.defer(() -> Flux.fromIterable(NamePrefix.of(prefix).select(byName, after)));
    }

    @Override
    public Mono<Long> count() {
        return Mono.fromCallable(() -> (long) byName.size());
    }

    @Override
    public Flux<ChannelStats> stats(String prefix, String after) {
        return select(prefix, after).concatMapIterable(NavigableMap::entrySet).handle((entry, readings) -> {
            ChannelStats reading = entry.getValue().reading();
            // One that was renamed meanwhile is not here any more; its new name would break the order.
            if (reading.name().equals(entry.getKey())) {
                readings.next(reading);
            }
        });
    }

    @Override
    public Flux<ChannelEvent> events() {
        return events;
    }

    @Override
    public Mono<BroadcastResult> broadcast(String prefix, Frame frame, BroadcastOptions options) {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(frame, "frame");
        Objects.requireNonNull(options, "options");
        return Mono.create(
                result -> Broadcast.start(renames, NamePrefix.of(prefix).select(byName), frame, options, result));
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(() -> {
            List<MemoryChannel<Frame>> left;
            synchronized (change) {
                if (closed) {
                    return;
                }
                closed = true;
                left = new ArrayList<>(byName.values());
                byName.clear();
                events.close();
            }
            left.forEach(Channel::close);
            events.deliver();
        });
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public String toString() {
        return "memory: " + byName.size() + " channels" + (closed ? ", closed" : "");
    }
}
