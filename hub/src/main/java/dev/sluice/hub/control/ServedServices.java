package dev.sluice.hub.control;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Channels;
import dev.sluice.channel.NamePrefix;
import dev.sluice.channel.Sender;
import dev.sluice.rsocket.outlet.OutletStatus;
import dev.sluice.rsocket.outlet.Outlets;
import dev.sluice.rsocket.session.Failures;
import dev.sluice.rsocket.wire.Code;
import dev.sluice.switching.Diversions;
import dev.sluice.switching.ServiceNotFoundException;
import dev.sluice.switching.ServiceRegistry;
import dev.sluice.switching.ServiceStatus;
import dev.sluice.switching.Sinkhole;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;

/** The services of a hub, re-aimed by whoever may. Thread safe; everything is lazy. */
final class ServedServices {

    private final ServiceRegistry<Frame> registry;
    private final Diversions<Frame> diversions;
    private final Outlets outlets;

    ServedServices(ServiceRegistry<Frame> registry, Channels channels, Outlets outlets, Sinkhole<Frame> sinkhole) {
        this.registry = registry;
        this.outlets = outlets;
        this.diversions = Diversions.of(registry, channels::find, sinkhole);
    }

    int count() {
        return registry.services().size();
    }

    List<ServiceInfo> list(String prefix) {
        NamePrefix selected = NamePrefix.of(prefix);
        Map<String, Integer> producers =
                outlets.list(prefix).stream().collect(Collectors.toMap(OutletStatus::name, OutletStatus::holders));
        return registry.services().stream()
                .filter(service -> selected.matches(service.name()))
                .map(service -> info(service, producers.getOrDefault(service.name(), 0)))
                .toList();
    }

    private static ServiceInfo info(ServiceStatus<Frame> service, int producers) {
        Sender<Frame> diversion = service.diversion();
        return new ServiceInfo(
                service.name(),
                nameOf(service.target()),
                diversion == null ? null : nameOf(diversion),
                service.held(),
                service.destination(),
                service.waiting(),
                producers);
    }

    private static String nameOf(Sender<Frame> target) {
        if (target instanceof Channel<Frame> channel) {
            return channel.name();
        }
        return target instanceof Scannable scannable ? scannable.name() : target.toString();
    }

    Mono<Void> swap(String a, String b) {
        return registry.swap(a, b);
    }

    /** Diverts services by word. */
    Diversions<Frame> diversions() {
        return diversions;
    }

    /** What travels of an error: its kind with it. */
    static Throwable onTheWire(Throwable error) {
        return error instanceof ServiceNotFoundException
                ? Failures.of(Code.NO_SERVICE, String.valueOf(error.getMessage()))
                : error;
    }

    /** The error that {@link #onTheWire} was given. */
    static Throwable fromTheWire(Throwable error) {
        @Nullable String text = error.getMessage();
        return Failures.code(error) == Code.NO_SERVICE ? new ServiceNotFoundException(String.valueOf(text)) : error;
    }
}
