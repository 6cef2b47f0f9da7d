package dev.sluice.hub.control;

import dev.sluice.Frame;
import dev.sluice.RemoteException;
import dev.sluice.channel.Channels;
import dev.sluice.channel.Sender;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.Service;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.channel.Operations;
import dev.sluice.rsocket.channel.RemoteChannels;
import dev.sluice.rsocket.outlet.RemoteOutlets;
import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * All a hub offers, over one connection that is made when it is first needed: its channels, its services and who re-aims them, leases, and calls.
 * Signals come on the event loop of the connection, which must not block. Thread safe.
 */
public final class HubClient {

    private final SluiceClient client;
    private final Channels channels;
    private final RemoteOutlets outlets;
    private final RemoteServices services;
    private final RemoteLeases leases;
    private final RemoteOffers offers;

    private HubClient(SluiceClient client) {
        this.client = client;
        this.channels = RemoteChannels.of(client);
        this.outlets = RemoteOutlets.of(client);
        Operations operations = new Operations(client, Controls.WITHDRAW, Controls.REMEMBER);
        this.services = new RemoteServices(client, operations);
        this.leases = new RemoteLeases(client, operations);
        this.offers = new RemoteOffers(client);
    }

    /** A client that connects when it is first used. */
    public static HubClient create(ClientOptions options) {
        return of(SluiceClient.create(options));
    }

    /** What a hub offers, over the connection of a client, which is closed with this. */
    public static HubClient of(SluiceClient client) {
        return new HubClient(Objects.requireNonNull(client, "client"));
    }

    /** The client, for calls of services. */
    public SluiceClient client() {
        return client;
    }

    /** The hub's channels. */
    public Channels channels() {
        return channels;
    }

    /** The hub's services, seen and re-aimed. */
    public RemoteServices services() {
        return services;
    }

    /** Leases of the hub's channels. */
    public RemoteLeases leases() {
        return leases;
    }

    /**
     * Becomes a producer of a service, that others may re-aim; creates it when there is none of the name.
     *
     * @param service its name
     * @param channel where it sends at first; when the service is there already it stays where it is aimed
     * @return what to send through
     */
    public Mono<Sender<Frame>> produce(String service, String channel) {
        return outlets.open(service, channel);
    }

    /**
     * Is a producer of a service no longer, see {@link #produce}. A service without producers stays for a while, aimed where it is.
     *
     * @return false when this client was none
     */
    public Mono<Boolean> release(String service) {
        return outlets.release(service);
    }

    /**
     * Offers a service through the hub: whoever may call it there is answered from here. Several clients may offer the same one; their turns come one
     * after the other. Lazy; stands until it is cancelled, and is made again whenever the connection was lost, also when there is none at first. Calls
     * that run go on when it is cancelled, as long as the connection does.
     *
     * @param service its name, at most 255 bytes; not {@code echo} or {@code session}, nor one that begins with {@code hub.}, {@code channel.} or
     *     {@code outlet.}
     * @param answer called for each call, on the event loop of the connection
     * @return what becomes of the offer, without end. Fails with {@link dev.sluice.AccessDeniedException} without the right {@code ADMIN} to the name,
     *     with {@link IllegalArgumentException} when this client offers it already, with {@link RemoteException} when the hub refuses the name, and with {@link IllegalStateException} once this
     *     client is closed
     */
    public Flux<OfferState> offer(String service, Service answer) {
        return offers.offer(service, answer);
    }

    /** What the hub is. */
    public Mono<HubInfo> info() {
        return client.call(Call.to(Controls.INFO))
                .next()
                .switchIfEmpty(Mono.error(() -> new RemoteException("the hub does not say what it is")))
                // The header says it all, and a hub that drains waits for sources that may still be read.
                .doOnNext(RemoteSource::discard)
                .map(answer -> Json.read(answer.header(), HubInfo.class));
    }

    /**
     * The busiest channels, again and again.
     *
     * @param prefix which are looked at, as {@link dev.sluice.channel.NamePrefix} reads it, empty for all; it may select 100,000
     * @param order which come first
     * @param limit how many, 1 to 1,000
     * @param every how often, 100 ms to an hour; who does not keep up misses some
     */
    public Flux<TopView> top(String prefix, TopOrder order, int limit, Duration every) {
        Call call = Call.to(Controls.TOP)
                .tag(Controls.PREFIX, prefix)
                .tag(Controls.SORT, order.toString())
                .tag(Controls.LIMIT, Integer.toString(limit))
                .tag(Controls.EVERY, Long.toString(every.toMillis()));
        return client.call(call.firstItems(1))
                .next()
                .flatMapMany(RemoteSource::frames)
                .map(frame -> Json.read(frame, TopView.class));
    }

    /** Closes the connection, once what runs over it is done or the close timeout has passed. Lazy. */
    public Mono<Void> close() {
        return client.close();
    }
}
