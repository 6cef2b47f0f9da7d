package dev.sluice.switching;

import dev.sluice.ChannelNotFoundException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelName;
import dev.sluice.channel.Sender;
import dev.sluice.channel.spi.EventFeed;
import dev.sluice.channel.spi.Gate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Services and their sinks. What changes is guarded by the {@link Switchboard}. */
final class Services<T> implements ServiceRegistry<T>, Registrar<T> {
    private final Map<String, RoutedSink<T>> byName = new ConcurrentSkipListMap<>();
    private final EventFeed<ServiceEvent> events = new EventFeed<>(ServiceEvent.Missed::new);
    private final Leases<T> leases = new Leases<>(this);
    private final Function<String, Mono<Channel<T>>> channels;

    Services(Function<String, Mono<Channel<T>>> channels) {
        this.channels = channels;
    }

    @Override
    public SwitchableSink<T> register(String name, Sender<T> target) {
        ChannelName.require(name);
        Destination<T> destination = Destination.of(target);
        return Switchboard.decide(after -> {
            if (byName.containsKey(name)) {
                throw new ServiceExistsException(
                        "service '" + name + "' is registered already: choose another name, or unregister it first");
            }
            RoutedSink<T> sink = RoutedSink.create(name, destination, this, after);
            byName.put(name, sink);
            record(new ServiceEvent.Registered(name, destination.name()), after);
            return sink;
        });
    }

    @Override
    public SwitchableSink<T> service(String name) {
        return sink(name);
    }

    private RoutedSink<T> sink(String name) {
        RoutedSink<T> sink = byName.get(Objects.requireNonNull(name, "name"));
        if (sink == null) {
            throw new ServiceNotFoundException("there is no service '" + name + "': register it first");
        }
        return sink;
    }

    /** Under the lock: the sinks of all services. */
    Collection<RoutedSink<T>> sinks() {
        return byName.values();
    }

    @Override
    public List<ServiceStatus<T>> services() {
        return Switchboard.decide(
                after -> byName.values().stream().map(Services::status).toList());
    }

    private static <T> ServiceStatus<T> status(RoutedSink<T> sink) {
        Aim<T> aim = sink.aim();
        Destination<T> diversion = aim.diversion();
        Gate<T> gate = sink.route.gate();
        return new ServiceStatus<>(
                sink.name(),
                sink,
                aim.home().sender(),
                diversion == null ? null : diversion.sender(),
                aim.held(),
                gate.name(),
                gate.waitingOf(sink.route));
    }

    @Override
    public Mono<Boolean> unregister(String name) {
        return Mono.defer(() -> {
            RoutedSink<T> sink = byName.get(name);
            return sink == null
                    ? Mono.just(false)
                    : new SwitchMono<>("unregister(" + name + ")", () -> new Unregistering(name, sink));
        });
    }

    private final class Unregistering extends Order<T, Boolean> {
        private final String name;
        private final RoutedSink<T> sink;
        private boolean removed;

        Unregistering(String name, RoutedSink<T> sink) {
            super(SwitchPolicy.MIGRATE, true);
            this.name = name;
            this.sink = sink;
        }

        @Override
        Map<RoutedSink<T>, Aim<T>> edits() {
            return byName.get(name) == sink ? Map.of(sink, sink.aim().restored()) : Map.of();
        }

        @Override
        void done(List<Runnable> after) {
            removed = byName.remove(name, sink);
            if (removed) {
                sink.registrar = null;
                record(new ServiceEvent.Unregistered(name), after);
                Switch.reaim(Set.of(sink), List.of(), after);
            }
        }

        @Override
        Boolean result() {
            return removed;
        }

        @Override
        String describe() {
            return "service '" + name + "' stays registered";
        }
    }

    @Override
    public Mono<Void> swap(String a, String b) {
        return Mono.defer(() -> Orders.swap(sink(a), sink(b)));
    }

    @Override
    public Mono<Void> divert(String name, Sender<T> target) {
        Objects.requireNonNull(target, "target");
        return Mono.defer(() -> {
            Destination<T> destination = Destination.of(target);
            return Orders.change(
                    "divert(" + name + ")",
                    false,
                    "service '" + name + "' is not diverted",
                    () -> edit(name, aim -> aim.divertedTo(destination)));
        });
    }

    @Override
    public Mono<Void> restore(String name) {
        return Orders.change(
                "restore(" + name + ")",
                false,
                "service '" + name + "' stays diverted",
                () -> edit(name, Aim::restored));
    }

    private Map<RoutedSink<T>, Aim<T>> edit(String name, Function<Aim<T>, Aim<T>> edit) {
        RoutedSink<T> sink = sink(name);
        Aim<T> edited = edit.apply(sink.aim());
        return edited.equals(sink.aim()) ? Map.of() : Map.of(sink, edited);
    }

    @Override
    public Mono<Void> restoreAll() {
        return Orders.change("restoreAll", false, "all services stay diverted", () -> {
            Map<RoutedSink<T>, Aim<T>> edits = new LinkedHashMap<>();
            for (RoutedSink<T> sink : byName.values()) {
                if (sink.aim().diversion() != null) {
                    edits.put(sink, sink.aim().restored());
                }
            }
            return edits;
        });
    }

    @Override
    public Flux<ServiceEvent> events() {
        return events;
    }

    @Override
    public Mono<ExclusiveLease<T>> exclusive(Channel<T> channel, String holder, LeaseOptions<T> options) {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(holder, "holder");
        Objects.requireNonNull(options, "options");
        return new LeaseMono<>(leases, channel, holder, options);
    }

    @Override
    public Mono<ExclusiveLease<T>> exclusive(String channel, String holder, LeaseOptions<T> options) {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(holder, "holder");
        Objects.requireNonNull(options, "options");
        return Mono.defer(() -> find(channel)).flatMap(found -> exclusive(found, holder, options));
    }

    private Mono<Channel<T>> find(String name) {
        Set<Channel<T>> aimedAt = byName.values().stream()
                .map(RoutedSink::aim)
                .flatMap(aim -> Stream.of(aim.home(), aim.current()))
                .flatMap(target -> target.sender() instanceof Channel<T> channel ? Stream.of(channel) : Stream.empty())
                .filter(channel -> channel.name().equals(name))
                .collect(Collectors.toSet());
        if (aimedAt.size() > 1) {
            throw new IllegalArgumentException("services are aimed at " + aimedAt.size() + " different channels named '"
                    + name + "': say which one by the channel itself");
        }
        return aimedAt.isEmpty()
                ? channels.apply(name)
                        .switchIfEmpty(
                                Mono.error(() -> new ChannelNotFoundException("no service is aimed at a channel '"
                                        + name + "', and there is none of that name: give the channel itself")))
                : Mono.just(aimedAt.iterator().next());
    }

    @Override
    public @Nullable Destination<T> detour(Gate<T> gate) {
        return leases.detour(gate);
    }

    @Override
    public void changed(RoutedSink<T> sink, Aim<T> before, List<Runnable> after) {
        Aim<T> now = sink.aim();
        String name = sink.name();
        if (now.held() != before.held()) {
            record(now.held() ? new ServiceEvent.Held(name) : new ServiceEvent.Resumed(name), after);
        }
        String from = before.current().name();
        String to = now.current().name();
        if (now.diversion() != null
                && !now.diversion().equals(before.diversion())
                && now.home().equals(before.home())) {
            record(new ServiceEvent.Diverted(name, from, to), after);
        } else if (before.diversion() != null
                && now.diversion() == null
                && now.home().equals(before.home())) {
            record(new ServiceEvent.Restored(name, to), after);
        } else if (!now.current().equals(before.current())) {
            record(new ServiceEvent.Switched(name, from, to), after);
        }
    }

    /** Under the lock: keeps an event, to be delivered outside of it. */
    void record(ServiceEvent event, List<Runnable> after) {
        events.record(event);
        after.add(events::deliver);
    }
}
