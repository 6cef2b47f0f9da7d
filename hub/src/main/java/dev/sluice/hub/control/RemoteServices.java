package dev.sluice.hub.control;

import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.channel.Operations;
import dev.sluice.switching.Diversion;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The services of a hub, seen and re-aimed from elsewhere.
 *
 * <p>What returns a {@code Mono} is lazy, happens for each subscriber, and is done once, also when the connection is lost meanwhile; a cancel lets it
 * go on and hears no more of it. It fails with {@link dev.sluice.switching.ServiceNotFoundException} when there is no service of the name, and with
 * {@link dev.sluice.AccessDeniedException} without the right {@code ADMIN} to it. Signals come on the event loop of the connection. Thread safe.
 */
public final class RemoteServices {

    private final SluiceClient client;
    private final Operations operations;

    RemoteServices(SluiceClient client, Operations operations) {
        this.client = client;
        this.operations = operations;
    }

    private Mono<Void> ask(Call call) {
        return operations.ask(call, said -> null).then().onErrorMap(ServedServices::fromTheWire);
    }

    private static Call to(String control, String service) {
        return Call.to(control).tag(Controls.SERVICE, Objects.requireNonNull(service, "service"));
    }

    /**
     * All services below a prefix, in the order of their names.
     *
     * @param prefix as {@link dev.sluice.channel.NamePrefix} reads it, empty for all
     */
    public Flux<ServiceInfo> list(String prefix) {
        Call call = Call.to(Controls.SERVICES).tag(Controls.PREFIX, Objects.requireNonNull(prefix, "prefix"));
        return client.call(call.firstItems(1))
                .next()
                .flatMapMany(RemoteSource::frames)
                .map(frame -> Json.read(frame, ServiceInfo.class));
    }

    /**
     * Exchanges the targets of two services in one moment: each element of either goes to one side of it.
     *
     * @return completes when it is done
     */
    public Mono<Void> swap(String a, String b) {
        return Mono.defer(() -> ask(to(Controls.SWAP, a).tag(Controls.OTHER, Objects.requireNonNull(b, "other"))));
    }

    /**
     * Sends the elements of a service elsewhere, or holds them back, until it is restored.
     *
     * @return completes when no element of the service reaches the target it belongs to. Fails with {@link
     *     dev.sluice.ChannelNotFoundException} when there is no such channel
     */
    public Mono<Void> divert(String service, Diversion to) {
        return Mono.defer(() -> ask(to(Controls.DIVERT, service).tags(Controls.tags(to))));
    }

    /** Ends a diversion, and lets a service go on that is held. Without effect on one that is neither. */
    public Mono<Void> restore(String service) {
        return Mono.defer(() -> ask(to(Controls.RESTORE, service)));
    }

    /**
     * Restores all services, those that are diverted in one moment.
     *
     * @return how many were diverted or held
     */
    public Mono<Integer> restoreAll() {
        return operations.ask(
                Call.to(Controls.RESTORE_ALL),
                said -> Integer.valueOf(Objects.requireNonNull(said, "answer").asText()));
    }
}
