package dev.sluice.rsocket.outlet;

import dev.sluice.ChannelNotFoundException;
import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelName;
import dev.sluice.channel.Channels;
import dev.sluice.channel.NamePrefix;
import dev.sluice.channel.Sender;
import dev.sluice.channel.SwitchableSender;
import dev.sluice.rsocket.Request;
import dev.sluice.rsocket.Service;
import dev.sluice.rsocket.channel.ServedOperations;
import dev.sluice.rsocket.security.SelfGuarded;
import dev.sluice.rsocket.security.Verb;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The outlets of a server: by name, what producers on other machines send to. Where an outlet leads can be changed here, and from a third machine,
 * and its producers do not notice: no element is lost or doubled, and those of one producer keep their order.
 *
 * <p>A producer is asked for what the outlet's present target has room for. What one has sent and the target has not accepted moves along when the
 * outlet is switched, as the {@link SwitchableSender} does it.
 *
 * <p>Outlets that the application {@linkplain #offer offers} stay until it {@linkplain #withdraw withdraws} them. Those that clients {@linkplain
 * RemoteOutlets#open open}, where the {@linkplain OutletOptions options} let them, stay as long as one of the clients that opened them, and for an
 * {@linkplain OutletOptions#idle() idle time} after that: while a connection is lost too, for the {@linkplain OutletOptions#memory() time} a client
 * is remembered. Of a name there is one at a time, made by the {@linkplain OutletOptions#opener() opener} and given to the {@linkplain
 * OutletOptions#closer() closer}. Sends to an outlet that is gone fail with {@link ChannelNotFoundException}; those that wait at its target are let
 * finish.
 *
 * <p>To send needs the right {@link Verb#SEND} to the outlet's name; to open one that right to the outlet and to the channel; to change where it
 * leads {@link Verb#ADMIN} to the outlet and {@link Verb#SEND} to the channel; to list {@link Verb#ADMIN} to the prefix. A policy knows channels and
 * outlets by their names alike: give outlets a prefix of their own where that matters.
 *
 * <p>Thread safe. Signals come on event loops, and on the threads that make room in a target.
 */
public final class Outlets {

    private final Channels channels;
    private final OutletOptions options;
    private final OutletTable table;
    private final ServedOperations operations;

    private Outlets(Channels channels, OutletOptions options) {
        this.channels = channels;
        this.options = options;
        this.table = new OutletTable(options);
        this.operations = new ServedOperations(options.memory(), options.waitingBytes());
    }

    /** As {@link #of(Channels, OutletOptions)}, with the defaults. */
    public static Outlets of(Channels channels) {
        return of(channels, OutletOptions.defaults());
    }

    /**
     * Outlets, none yet.
     *
     * @param channels those that outlets can be aimed at by name, near or far; stays the caller's to close
     * @param options what clients may do
     */
    public static Outlets of(Channels channels, OutletOptions options) {
        return new Outlets(Objects.requireNonNull(channels, "channels"), Objects.requireNonNull(options, "options"));
    }

    /**
     * Offers an outlet.
     *
     * @param name by the rules for {@linkplain ChannelName names}
     * @param outlet what producers send through; may be used and switched here as well
     * @return these outlets
     * @throws IllegalArgumentException when the name is taken, also by an outlet whose opener or closer is at work
     * @throws IllegalStateException when these outlets are closed
     * @throws dev.sluice.InvalidNameException when the name breaks a rule
     */
    public Outlets offer(String name, SwitchableSender<Frame> outlet) {
        ChannelName.require(name);
        if (!table.offer(name, Objects.requireNonNull(outlet, "outlet"))) {
            throw new IllegalArgumentException(
                    "there is an outlet \"" + name
                            + "\" already, or one that is being opened or closed: withdraw() it first, or wait until it is closed");
        }
        return this;
    }

    /**
     * Removes an outlet, whoever offered or opened it: what is sent from now on fails, what was accepted or waits at the target goes on. The closer
     * is called for one that clients opened.
     *
     * @return false when there was none; one whose opener or closer is at work is not there
     */
    public boolean withdraw(String name) {
        return table.remove(name);
    }

    /** All outlets below a prefix, as {@link NamePrefix} reads it, in the order of their names. */
    public List<OutletStatus> list(String prefix) {
        return table.list(NamePrefix.of(prefix)).stream()
                .map(found -> new OutletStatus(
                        found.name(), nameOf(found.outlet().target()), found.opened(), found.holders()))
                .toList();
    }

    /**
     * Withdraws all outlets, and lets none be offered or opened from now on. To be done when the servers that offer them are closed: no timers run
     * after it. Lazy, and may be done again.
     *
     * @return completes when the closers of all have
     */
    public Mono<Void> close() {
        return table.close();
    }

    /**
     * Aims an outlet at a channel. Lazy, and done for each subscriber; a cancel before it is done calls it off.
     *
     * @return what was switched, when it is done: from then on no element of any producer reaches the old target. Fails with {@link
     *     ChannelNotFoundException} when there is no such outlet or channel, and with {@link dev.sluice.ChannelClosedException} when the channel is
     *     closed; then nothing has changed
     */
    public Mono<OutletSwitch> aim(String outlet, String channel) {
        return Mono.defer(() -> {
            SwitchableSender<Frame> found = table.require(outlet);
            return find(channel)
                    .flatMap(found::switchTo)
                    .map(before -> new OutletSwitch(outlet, nameOf(before), channel));
        });
    }

    private Mono<Channel<Frame>> find(String channel) {
        return channels.find(ChannelName.require(channel))
                .switchIfEmpty(Mono.error(() -> new ChannelNotFoundException(
                        "there is no channel \"" + channel + "\" to aim an outlet at: create it first")));
    }

    private static String nameOf(Sender<Frame> target) {
        if (target instanceof Channel<Frame> channel) {
            return channel.name();
        }
        return target instanceof Scannable scannable ? scannable.name() : target.toString();
    }

    /** The services through which other machines use these outlets, by name. */
    public Map<String, Service> services() {
        Map<String, Service> services = new LinkedHashMap<>();
        services.put(Route.SEND, guarded(Outlets::maySend, request -> operations.send(request, to(request))));
        services.put(Route.SEND_ALL, guarded(Outlets::maySend, request -> operations.sendAll(request, to(request))));
        services.put(Route.OPEN, once(Outlets::mayOpen, this::open));
        services.put(Route.RELEASE, once(Outlets::maySend, this::release));
        services.put(Route.AIM, once(Outlets::mayAim, this::aim));
        services.put(Route.LIST, guarded(Outlets::mayList, this::listing));
        services.put(Route.REMEMBER, guarded(request -> {}, operations::remember));
        // Only what this very client has begun can be withdrawn.
        services.put(Route.WITHDRAW, guarded(request -> {}, operations::withdraw));
        return services;
    }

    private Service once(Consumer<Request> check, Operation operation) {
        return guarded(check, request -> operations.once(request, () -> operation.of(request)));
    }

    private static Service guarded(Consumer<Request> check, Service service) {
        return (SelfGuarded) request -> {
            check.accept(request);
            return service.answer(request);
        };
    }

    /** What is done once. */
    private interface Operation {
        Publisher<Frame> of(Request request);
    }

    private static void maySend(Request request) {
        request.access().check(Verb.SEND, Route.text(request, Route.OUTLET));
    }

    private static void mayOpen(Request request) {
        maySend(request);
        request.access().check(Verb.SEND, Route.text(request, Route.CHANNEL));
    }

    private static void mayAim(Request request) {
        request.access().check(Verb.ADMIN, Route.text(request, Route.OUTLET));
        request.access().check(Verb.SEND, Route.text(request, Route.CHANNEL));
    }

    private static void mayList(Request request) {
        request.access().check(Verb.ADMIN, request.tags().getOrDefault(Route.PREFIX, ""));
    }

    /** The outlet to send to; what waits for room there holds its name and not the call. */
    private Supplier<SwitchableSender<Frame>> to(Request request) {
        String name = Route.text(request, Route.OUTLET);
        return () -> table.require(name);
    }

    /** An outlet that led to a channel which was deleted leads to the one that has its name now. */
    private Mono<Frame> revived(String name, String channel) {
        SwitchableSender<Frame> outlet = table.require(name);
        if (!(outlet.target() instanceof Channel<Frame> target)
                || !target.isClosed()
                || !target.name().equals(channel)) {
            return Mono.empty();
        }
        Channel<Frame> now = channels.channel(channel);
        return now.isClosed() ? Mono.empty() : outlet.switchTo(now).then(Mono.empty());
    }

    private Publisher<Frame> open(Request request) {
        String name = ChannelName.require(Route.text(request, Route.OUTLET));
        String channel = ChannelName.require(Route.text(request, Route.CHANNEL));
        Object client = operations.client(request);
        if (options.createsTargets()) {
            return Flux.from(opened(name, client, () -> channels.channel(channel)))
                    .concatWith(Mono.defer(() -> revived(name, channel)));
        }
        return find(channel).flatMap(target -> opened(name, client, () -> target));
    }

    private Mono<Frame> opened(String name, Object client, Supplier<? extends Sender<Frame>> target) {
        // Once it holds one: a client that is gone by then leaves at once.
        Runnable onHeld = () -> operations.whenGone(client, table, () -> table.leave(client));
        return table.open(name, client, () -> made(name, target), onHeld).cast(Frame.class);
    }

    private SwitchableSender<Frame> made(String name, Supplier<? extends Sender<Frame>> target) {
        BiFunction<String, Sender<Frame>, ? extends SwitchableSender<Frame>> opener = options.opener();
        if (opener == null) {
            throw new ChannelNotFoundException("there is no outlet \"" + name
                    + "\", and clients may not open any here: offer it on the server, or set the option opener");
        }
        return opener.apply(name, target.get());
    }

    private Publisher<Frame> release(Request request) {
        boolean held = table.release(Route.text(request, Route.OUTLET), operations.client(request));
        return Mono.just(Frame.text(Boolean.toString(held)));
    }

    private Publisher<Frame> aim(Request request) {
        return aim(Route.text(request, Route.OUTLET), Route.text(request, Route.CHANNEL))
                .map(Json::write);
    }

    private Publisher<Source> listing(Request request) {
        String prefix = request.tags().getOrDefault(Route.PREFIX, "");
        return Mono.just(Source.of(
                Frame.EMPTY, Flux.defer(() -> Flux.fromIterable(list(prefix))).map(Json::write)));
    }
}
