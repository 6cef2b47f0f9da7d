package dev.sluice.rsocket.outlet;

import dev.sluice.Frame;
import dev.sluice.channel.ChannelName;
import dev.sluice.channel.Sender;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.channel.Operations;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The outlets of a server, used from another machine: to send to one, and to say where one leads. {@link Outlets} tells which rights that needs,
 * and how long an outlet stays.
 *
 * <p>Operations are done once each, also when the connection is lost and made again meanwhile. All are lazy, one for each subscriber; those that
 * return a {@code Mono} go on when they are cancelled. What is not allowed fails with {@link dev.sluice.AccessDeniedException}. Signals come on the
 * event loop of the connection, which must not block. Thread safe.
 */
public final class RemoteOutlets {

    private final SluiceClient client;
    private final Operations operations;

    private RemoteOutlets(SluiceClient client) {
        this.client = client;
        this.operations = new Operations(client, Route.WITHDRAW, Route.REMEMBER);
    }

    /**
     * The outlets a server offers.
     *
     * @param client connects to the server; it stays the caller's to close
     */
    public static RemoteOutlets of(SluiceClient client) {
        return new RemoteOutlets(Objects.requireNonNull(client, "client"));
    }

    private static Call to(String service, String outlet) {
        return Call.to(service).tag(Route.OUTLET, outlet);
    }

    /**
     * What a producer holds: sends to an outlet, wherever that leads.
     *
     * <p>It keeps what a {@link Sender} promises. A send completes when the outlet's target has accepted the element, and one that is cancelled
     * before is withdrawn there. {@code sendAll} asks its publisher for what that target has room for, and fails with {@link
     * dev.sluice.ConnectionLostException} when the connection is lost. {@code trySend} makes its thread wait for a round trip, and refuses to on a
     * thread that must not wait.
     *
     * @param outlet its name; there may be none yet: then sends fail with {@link dev.sluice.ChannelNotFoundException}
     * @throws dev.sluice.InvalidNameException when the name breaks a rule of {@link ChannelName}
     */
    public Sender<Frame> outlet(String outlet) {
        ChannelName.require(outlet);
        return operations.sender("outlet", outlet, to(Route.SEND, outlet), to(Route.SEND_ALL, outlet));
    }

    /**
     * Opens an outlet on the server for producers of this client, or joins the one there is, which then leads where it led. It stays until all
     * clients that opened it have {@linkplain #release released} it or are gone, and for the server's {@linkplain OutletOptions#idle() idle time} after
     * that. Waits while one of that name is being opened or closed.
     *
     * @param outlet its name
     * @param channel the channel it leads to at first
     * @return what producers hold, once the outlet is there. Fails with {@link dev.sluice.ChannelNotFoundException} when there is no such channel and
     *     the server {@linkplain OutletOptions#createsTargets() creates} none, or clients may not open outlets there, and with {@link
     *     dev.sluice.RemoteException} when there are too many
     */
    public Mono<Sender<Frame>> open(String outlet, String channel) {
        return Mono.defer(() -> {
            ChannelName.require(outlet);
            ChannelName.require(channel);
            return operations
                    .ask(to(Route.OPEN, outlet).tag(Route.CHANNEL, channel), said -> null)
                    .then(Mono.fromSupplier(() -> outlet(outlet)));
        });
    }

    /**
     * Gives up an outlet this client has opened; one that nobody holds any more goes, when the server's {@linkplain OutletOptions#idle() idle time}
     * is over.
     *
     * @return false when this client had not opened it
     */
    public Mono<Boolean> release(String outlet) {
        return Mono.defer(() -> operations.ask(
                to(Route.RELEASE, ChannelName.require(outlet)), said -> said != null && "true".equals(said.asText())));
    }

    /**
     * Aims an outlet at another channel, see {@link Outlets#aim}.
     *
     * @param channel a channel of the server
     * @return what was switched, once no element of any producer reaches the old target any more
     */
    public Mono<OutletSwitch> aim(String outlet, String channel) {
        return Mono.defer(() -> {
            ChannelName.require(outlet);
            ChannelName.require(channel);
            return operations.ask(
                    to(Route.AIM, outlet).tag(Route.CHANNEL, channel), said -> Json.read(said, OutletSwitch.class));
        });
    }

    /**
     * All outlets below a prefix, in the order of their names; read where they are when this is subscribed to, and sent as they are asked for.
     *
     * @param prefix as {@link dev.sluice.channel.NamePrefix} reads it, empty for all
     */
    public Flux<OutletStatus> list(String prefix) {
        Call call = Call.to(Route.LIST).tag(Route.PREFIX, Objects.requireNonNull(prefix, "prefix"));
        return client.call(call.firstItems(1))
                .next()
                .flatMapMany(RemoteSource::frames)
                .map(status -> Json.read(status, OutletStatus.class));
    }

    @Override
    public String toString() {
        return "Outlets(" + operations + ")";
    }
}
