package dev.sluice.hub.control;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.channel.Channels;
import dev.sluice.channel.Sender;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.Service;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.channel.ServedOperations;
import dev.sluice.rsocket.outlet.Outlets;
import dev.sluice.rsocket.security.SelfGuarded;
import dev.sluice.rsocket.security.Verb;
import dev.sluice.switching.ServiceRegistry;
import dev.sluice.switching.Sinkhole;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Offers the control of a hub to other machines, as services that {@link HubClient} calls.
 *
 * <p>What changes something is done once, however often a client that lost its connection asks. To re-aim a service takes {@code ADMIN} of its name,
 * and {@code SEND} to the channel it is diverted to; to lease a channel {@code ADMIN} and {@code SEND} of it; to look at services, leases and the
 * busiest channels {@code ADMIN} of the prefix. Whoever was let in may ask what the hub is. Thread safe.
 */
public final class ControlServices {

    private final ServedServices services;
    private final ServedLeases leases;
    private final Channels channels;
    private final ServedOperations operations;

    private ControlServices(
            ServiceRegistry<Frame> registry,
            Channels channels,
            Outlets outlets,
            Sinkhole<Frame> sinkhole,
            Duration memory,
            long waitingBytes) {
        this.services = new ServedServices(registry, channels, outlets, sinkhole);
        this.leases = new ServedLeases(registry, channels, services);
        this.channels = channels;
        this.operations = new ServedOperations(memory, waitingBytes);
    }

    /**
     * The control of a hub.
     *
     * @param registry its services
     * @param channels its channels, those that can be leased in memory
     * @param outlets through which producers elsewhere send as services
     * @param sinkhole what {@code /dev/null} is
     * @param memory for how long a client that lost its connection may come back and find what became of what it asked
     * @param waitingBytes bytes of elements that wait at leased channels at most, all clients together
     */
    public static ControlServices of(
            ServiceRegistry<Frame> registry,
            Channels channels,
            Outlets outlets,
            Sinkhole<Frame> sinkhole,
            Duration memory,
            long waitingBytes) {
        return new ControlServices(registry, channels, outlets, sinkhole, memory, waitingBytes);
    }

    /** How many leases clients hold. */
    public int leases() {
        return leases.table().count();
    }

    /** Names of where services belong to, also of those that are diverted. */
    public Set<String> targets() {
        return services.list("").stream().map(ServiceInfo::target).collect(Collectors.toSet());
    }

    /** How many services there are. */
    public int services() {
        return services.count();
    }

    /**
     * The services to offer, by name.
     *
     * @param info tells what the hub is, each time it is asked
     */
    public Map<String, Service> offered(Supplier<Mono<HubInfo>> info) {
        Map<String, Service> offered = new LinkedHashMap<>();
        offered.put(Controls.INFO, guarded(request -> {}, request -> said(info.get())));
        offered.put(Controls.SERVICES, guarded(ControlServices::mayLook, this::list));
        offered.put(Controls.LEASES, guarded(ControlServices::mayLook, this::listLeases));
        offered.put(Controls.TOP, guarded(ControlServices::mayLook, this::top));
        offered.put(Controls.SWAP, guarded(ControlServices::maySwap, once(this::swap)));
        offered.put(Controls.DIVERT, guarded(ControlServices::mayDivert, once(this::divert)));
        offered.put(Controls.RESTORE, guarded(admin(Controls.SERVICE), once(this::restore)));
        offered.put(
                Controls.RESTORE_ALL,
                guarded(request -> request.access().check(Verb.ADMIN, ""), once(request -> restoreAll())));
        offered.put(Controls.LEASE, guarded(ControlServices::mayLease, leases::acquire));
        // Whoever knows the lease was given it.
        offered.put(Controls.RENEW, guarded(request -> {}, request -> answered(leases.renew(request))));
        offered.put(Controls.LEASE_SEND, guarded(request -> {}, this::send));
        offered.put(Controls.LEASE_SEND_ALL, guarded(request -> {}, this::sendAll));
        offered.put(Controls.WITHDRAW, guarded(request -> {}, operations::withdraw));
        offered.put(Controls.REMEMBER, guarded(request -> {}, operations::remember));
        offered.put(Controls.ECHO, new Echo());
        return offered;
    }

    /** Lets clients offer services of theirs, which then are services of this server. */
    public void acceptOffers(SluiceServer server) {
        server.service(Controls.OFFER, new ServedOffers(server));
    }

    private static Service guarded(Consumer<Request> check, Service service) {
        return (SelfGuarded) request -> {
            check.accept(request);
            return service.answer(request);
        };
    }

    private Service once(Function<Request, Publisher<Frame>> operation) {
        return request -> operations.once(
                request, () -> Flux.from(operation.apply(request)).onErrorMap(ServedServices::onTheWire));
    }

    private static Consumer<Request> admin(String tag) {
        return request -> request.access().check(Verb.ADMIN, Controls.text(request, tag));
    }

    private static void mayLook(Request request) {
        request.access().check(Verb.ADMIN, prefix(request));
    }

    private static void maySwap(Request request) {
        admin(Controls.SERVICE).accept(request);
        admin(Controls.OTHER).accept(request);
    }

    private static void mayDivert(Request request) {
        admin(Controls.SERVICE).accept(request);
        maySendTo(request, Controls.DIVERTED);
    }

    private static void mayLease(Request request) {
        admin(Controls.CHANNEL).accept(request);
        maySendTo(request, Controls.CHANNEL);
        maySendTo(request, Controls.DIVERTED);
    }

    private static void maySendTo(Request request, String tag) {
        String channel = Controls.optional(request, tag);
        if (channel != null) {
            request.access().check(Verb.SEND, channel);
        }
    }

    private static String prefix(Request request) {
        String prefix = Controls.optional(request, Controls.PREFIX);
        return prefix == null ? "" : prefix;
    }

    /** An answer whose header says a value. */
    private static Publisher<Source> said(Mono<?> value) {
        return answered(value.map(Json::write));
    }

    private static Publisher<Source> answered(Mono<Frame> header) {
        return header.map(frame -> Source.of(frame, Flux.empty()));
    }

    /** An answer of one source. */
    private static Publisher<Source> one(Publisher<Frame> frames) {
        return Mono.just(Source.of(Frame.EMPTY, frames));
    }

    private Publisher<Source> list(Request request) {
        String prefix = prefix(request);
        return one(Flux.defer(() -> Flux.fromIterable(services.list(prefix))).map(Json::write));
    }

    private Publisher<Source> listLeases(Request request) {
        String prefix = prefix(request);
        return one(
                Flux.defer(() -> Flux.fromIterable(leases.table().list(prefix))).map(Json::write));
    }

    private Publisher<Source> top(Request request) {
        return one(new ServedTop(channels, request).views());
    }

    private Publisher<Frame> swap(Request request) {
        return services.swap(Controls.text(request, Controls.SERVICE), Controls.text(request, Controls.OTHER))
                .cast(Frame.class);
    }

    private Publisher<Frame> divert(Request request) {
        return services.diversions()
                .divert(Controls.text(request, Controls.SERVICE), Controls.diversion(request))
                .cast(Frame.class);
    }

    private Publisher<Frame> restore(Request request) {
        return services.diversions()
                .restore(Controls.text(request, Controls.SERVICE))
                .cast(Frame.class);
    }

    private Publisher<Frame> restoreAll() {
        return services.diversions().restoreAll().map(count -> Frame.text(count.toString()));
    }

    private Publisher<Source> send(Request request) {
        return Flux.from(operations.send(request, to(request))).onErrorMap(LeaseTable::onTheWire);
    }

    private Publisher<Source> sendAll(Request request) {
        return Flux.from(operations.sendAll(request, to(request))).onErrorMap(LeaseTable::onTheWire);
    }

    /** What a holder sends through; what waits for room holds the id and not the call. */
    private Supplier<Sender<Frame>> to(Request request) {
        String id = Controls.text(request, Controls.ID);
        return () -> leases.table().sender(id);
    }
}
