package dev.sluice.switching;

import dev.sluice.ChannelNotFoundException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Sender;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Diverts the services of a registry by word, as operators say it: to a channel by its name, into nothing, or to wait. Thread safe; everything is lazy,
 * and a cancel before it is done calls it off.
 *
 * @param <T> the element
 */
public final class Diversions<T> {

    private final ServiceRegistry<T> registry;
    private final Function<String, Mono<Channel<T>>> channels;
    private final Sinkhole<T> devNull;

    private Diversions(ServiceRegistry<T> registry, Function<String, Mono<Channel<T>>> channels, Sinkhole<T> devNull) {
        this.registry = Objects.requireNonNull(registry, "registry");
        this.channels = Objects.requireNonNull(channels, "channels");
        this.devNull = Objects.requireNonNull(devNull, "devNull");
    }

    /**
     * Diversions in a registry.
     *
     * @param channels finds a channel by name, or is empty; as {@code registry::find} of {@link dev.sluice.channel.Channels}
     * @param devNull where {@link Diversion#DEV_NULL} leads
     */
    public static <T> Diversions<T> of(
            ServiceRegistry<T> registry, Function<String, Mono<Channel<T>>> channels, Sinkhole<T> devNull) {
        return new Diversions<>(registry, channels, devNull);
    }

    /**
     * Diverts a service. One that was {@linkplain Diversion#HOLD held} goes on, once it leads elsewhere: nothing slips to the target it is taken away
     * from.
     *
     * @return fails with {@link ServiceNotFoundException}, and with {@link ChannelNotFoundException} when there is no such channel
     */
    public Mono<Void> divert(String service, Diversion to) {
        return Mono.defer(() -> {
            SwitchableSink<T> sink = registry.service(service);
            return to == Diversion.HOLD
                    ? sink.hold()
                    : target(to)
                            .flatMap(target -> registry.divert(service, target))
                            .then(sink.resume());
        });
    }

    /** Ends a diversion, and a hold: the service sends to the target it belongs to. */
    public Mono<Void> restore(String service) {
        return Mono.defer(
                () -> registry.restore(service).then(registry.service(service).resume()));
    }

    /**
     * Restores what is diverted in one moment, then lets those go on that are held.
     *
     * @return how many there were of both
     */
    public Mono<Integer> restoreAll() {
        return Mono.defer(() -> {
            List<ServiceStatus<T>> changed = registry.services().stream()
                    .filter(service -> service.held() || service.diversion() != null)
                    .toList();
            Mono<Void> resumed = Flux.fromIterable(changed)
                    .filter(ServiceStatus::held)
                    .concatMap(service -> service.sink().resume())
                    .then();
            return registry.restoreAll().then(resumed).thenReturn(changed.size());
        });
    }

    /**
     * Where a diversion leads.
     *
     * @param to anything but {@link Diversion#HOLD}, which leads nowhere
     * @return fails with {@link ChannelNotFoundException} when there is no such channel
     */
    public Mono<Sender<T>> target(Diversion to) {
        String channel = to.channel();
        if (channel == null) {
            return to == Diversion.HOLD
                    ? Mono.error(new IllegalArgumentException("what is held leads nowhere"))
                    : Mono.just(devNull);
        }
        return channels.apply(channel)
                .<Sender<T>>map(found -> found)
                .switchIfEmpty(Mono.error(() -> new ChannelNotFoundException(
                        "there is no channel \"" + channel + "\" to divert to: create it first")));
    }

    /** What happens to others while a channel is leased, as {@link LeaseOptions} has it. */
    public Mono<LeaseOptions.Builder<T>> others(Diversion to, LeaseOptions.Builder<T> options) {
        return to == Diversion.HOLD
                ? Mono.fromSupplier(options::holdOthers)
                : target(to).map(options::divertOthersTo);
    }
}
