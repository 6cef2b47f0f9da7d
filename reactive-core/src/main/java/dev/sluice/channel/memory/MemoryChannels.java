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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Channels of this process by name.
 *
 * <p>A lookup is a read of a concurrent sorted map. Whatever changes the map does so under {@link #change}, together
 * with recording the event, so events have the order of the changes; subscribers, senders and receivers are told
 * outside of it. The lock is held for one insertion or removal and never while code of others runs.
 */
final class MemoryChannels implements Channels {

    private final ConcurrentSkipListMap<String, Channel<Frame>> byName = new ConcurrentSkipListMap<>();
    private final EventFeed<ChannelEvent> events = new EventFeed<>(ChannelEvent.Missed::new);
    private final Object change = new Object();
    private final ChannelOptions defaults;
    private final Function<ChannelOptions, Channel<Frame>> engine;
    private volatile boolean closed;

    MemoryChannels(ChannelOptions defaults, Function<ChannelOptions, Channel<Frame>> engine) {
        this.defaults = Objects.requireNonNull(defaults, "defaults");
        this.engine = engine;
    }

    @Override
    public Channel<Frame> channel(String name) {
        Channel<Frame> found = byName.get(Objects.requireNonNull(name, "name"));
        while (found == null) {
            found = add(name, defaults);
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
            Channel<Frame> created = add(name, options);
            if (created == null) {
                throw new ChannelExistsException(
                        "channel \"" + name + "\" exists: use it by channel(name), or delete it first");
            }
            return created;
        });
    }

    /** The new channel, or null when the name is taken. */
    private @Nullable Channel<Frame> add(String name, ChannelOptions options) {
        ChannelName.require(name);
        ChannelOptions named = options.toBuilder().name(name).build();
        Channel<Frame> created;
        synchronized (change) {
            if (closed) {
                throw new ChannelClosedException("the registry is closed, so there is no channel \"" + name
                        + "\" any more: open another registry");
            }
            if (byName.containsKey(name)) {
                return null;
            }
            created = engine.apply(named);
            byName.put(name, created);
            events.record(new ChannelEvent.Created(name));
        }
        events.deliver();
        return created;
    }

    @Override
    public Mono<Channel<Frame>> find(String name) {
        Objects.requireNonNull(name, "name");
        return Mono.fromCallable(() -> byName.get(ChannelName.require(name)));
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
    public Flux<String> list(String prefix, String after) {
        return select(prefix, after).concatMapIterable(NavigableMap::keySet);
    }

    /** The selected part of the map, looked for at subscription; read as it is asked for. */
    private Flux<NavigableMap<String, Channel<Frame>>> select(String prefix, String after) {
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
        return select(prefix, after).concatMapIterable(NavigableMap::values).concatMap(Channel::stats, 1);
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
        return Mono.create(result -> Broadcast.start(NamePrefix.of(prefix).select(byName), frame, options, result));
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(() -> {
            List<Channel<Frame>> left;
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
