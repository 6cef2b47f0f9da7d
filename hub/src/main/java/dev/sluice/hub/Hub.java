package dev.sluice.hub;

import dev.sluice.ChannelClosedException;
import dev.sluice.ChannelExistsException;
import dev.sluice.Frame;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Channels;
import dev.sluice.channel.GroupOptions;
import dev.sluice.channel.SwitchableSender;
import dev.sluice.hub.config.ShownUrl;
import dev.sluice.hub.control.ControlServices;
import dev.sluice.hub.control.HubInfo;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.outlet.OutletOptions;
import dev.sluice.rsocket.outlet.Outlets;
import dev.sluice.rsocket.watch.Watcher;
import dev.sluice.switching.ServiceRegistry;
import dev.sluice.switching.Sinkhole;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * One server around all of Sluice: clients use its channels, become producers of its services, re-aim them, lease channels, and call services; over
 * RSocket, TCP and WebSocket. Health and metrics are told over HTTP. {@code sluice serve} is one; an application may embed its own.
 *
 * <p>What returns a {@code Mono} is lazy. Thread safe.
 */
public final class Hub {

    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);

    /** The path of RSocket over WebSocket. */
    public static final String WEB_SOCKET_PATH = "/rsocket";

    /** What leads nowhere: services are diverted to it. */
    private static final String DEV_NULL = "/dev/null";

    /** Services clients may have open together; those nobody holds make room for others. */
    private static final int MOST_SERVICES = 10_000;

    private static final Duration MEMORY = Duration.ofMinutes(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final HubOptions options;
    private final Channels channels;
    private final ServiceRegistry<Frame> services;
    private final Sinkhole<Frame> sinkhole;
    private final Outlets outlets;
    private final ControlServices control;
    private final HubMetrics metrics;
    private final RunningCalls running = new RunningCalls();
    private final SluiceServer server;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final HubFiles files;
    private final @Nullable Advertised advertised;
    private final HubRegistrations registrations;
    private final Disposable.Swap expiry = Disposables.swap();
    private final long began = System.nanoTime();
    private final String version = Version.current();
    private volatile boolean started;

    private Hub(HubOptions options) {
        this.options = options;
        this.advertised = options.directory() == null && options.directoryUrl() == null
                ? null
                : Advertised.of(options, Advertised::ofThisMachine);
        this.channels = Channels.open(options.engine());
        this.registrations = HubRegistrations.of(options);
        this.services = ServiceRegistry.create(channels::find);
        this.sinkhole =
                Sinkhole.<Frame>builder(DEV_NULL).onDiscard(options.onDiscard()).build();
        this.outlets = Outlets.of(
                channels,
                OutletOptions.builder()
                        .opener(services::register)
                        .closer(this::forget)
                        .createsTargets(true)
                        .idle(options.serviceMemory())
                        .maxOpened(MOST_SERVICES)
                        .memory(MEMORY)
                        .build());
        this.control = ControlServices.of(
                services,
                channels,
                outlets,
                sinkhole,
                MEMORY,
                Runtime.getRuntime().maxMemory() / 16);
        this.metrics = new HubMetrics(channels, options.channelsInMetrics());
        this.files = new HubFiles(options, channels, services, sinkhole);
        this.server = offering();
    }

    /**
     * A hub that does not listen yet.
     *
     * @throws dev.sluice.ConfigurationException when the URL of its engine or directory is bad, or nobody knows under which address it is to be found there
     */
    public static Hub create(HubOptions options) {
        return new Hub(Objects.requireNonNull(options, "options"));
    }

    /** A service goes; one that is diverted from a channel that is closed cannot be restored first, so it is left to lead nowhere. */
    private Mono<Boolean> forget(String name, SwitchableSender<Frame> outlet) {
        return services.unregister(name)
                .onErrorResume(
                        ChannelClosedException.class,
                        closed -> outlet.switchTo(sinkhole).then(services.unregister(name)));
    }

    private SluiceServer offering() {
        ServerOptions.Builder builder = ServerOptions.builder()
                .mostConnections(options.mostConnections())
                .publisherMemory(MEMORY)
                .watcher(Watcher.of(metrics.watcher(), running, registrations));
        HubOptions.Listen tcp = options.tcp();
        if (tcp != null) {
            builder.tcp(tcp.host(), tcp.port());
        }
        HubOptions.Listen webSocket = options.webSocket();
        if (webSocket != null) {
            HubHttp http = new HubHttp(() -> started && !draining.get(), metrics, options);
            builder.webSocket(webSocket.host(), webSocket.port(), WEB_SOCKET_PATH, http::routes);
        }
        if (options.tls() != null) {
            builder.tls(options.tls());
        }
        if (options.authenticator() != null && options.accessPolicy() != null) {
            builder.authenticator(options.authenticator()).accessPolicy(options.accessPolicy());
        }
        SluiceServer made =
                SluiceServer.create(builder.build()).channels(channels).outlets(outlets);
        control.offered(this::info).forEach(made::service);
        control.acceptOffers(made);
        return made;
    }

    /** The hub's channels, used here as clients use them from elsewhere. */
    public Channels channels() {
        return channels;
    }

    /** The hub's services. */
    public ServiceRegistry<Frame> services() {
        return services;
    }

    /** How many elements went to {@code /dev/null}. */
    public long discarded() {
        return sinkhole.count();
    }

    /** What clients can call; an application may offer services of its own. */
    public SluiceServer server() {
        return server;
    }

    /**
     * Makes the declared channels and listens, once. When something fails, everything is given up again.
     *
     * @return this hub, once it listens
     */
    public Mono<Hub> start() {
        return Flux.fromIterable(options.channels().entrySet())
                .concatMap(entry -> declare(entry.getKey(), entry.getValue()))
                .then(Mono.defer(server::start))
                .then(files.start())
                .doOnSuccess(listening -> begin())
                .onErrorResume(failure -> close().onErrorComplete().then(Mono.error(failure)))
                .thenReturn(this);
    }

    private Mono<Void> declare(String name, HubOptions.Declared declared) {
        // A channel that outlived an earlier hub, in an engine elsewhere, stays as it is.
        return channels.create(name, declared.options())
                .onErrorResume(ChannelExistsException.class, there -> channels.find(name))
                .flatMapMany(channel -> Flux.fromIterable(declared.groups())
                        .concatMap(group -> channel.createGroup(group, GroupOptions.defaults())))
                .then();
    }

    private void begin() {
        Duration idle = options.expireIdle();
        if (idle != null) {
            expiry.update(new IdleChannels(channels, control::targets, idle, Schedulers.parallel()).start());
        }
        metrics.gauge("sluice.services", "Services there are", control::services);
        metrics.gauge("sluice.leases", "Leases that clients hold", control::leases);
        metrics.gauge("sluice.ninep.connections", "Connections over 9P", files::connections);
        metrics.counter("sluice.discarded", "Elements that went to /dev/null", sinkhole, Sinkhole::count);
        metrics.counter(
                "sluice.plain.dropped", "What plain clients sent to be forgotten", server, SluiceServer::dropped);
        metrics.gauge(
                "sluice.directory.registrations", "Registrations that stand in the directory", registrations::standing);
        started = true;
        Advertised reached = advertised;
        if (reached != null) {
            registrations.begin(reached.instance(options, endpoints(), files(), version), server::offers);
        }
    }

    /** Where it listens, as {@code tcp://127.0.0.1:7878}, {@code ws://127.0.0.1:7879/rsocket} and {@code http://127.0.0.1:7879}; empty before. */
    public List<URI> endpoints() {
        List<URI> all = new ArrayList<>();
        List<InetSocketAddress> addresses = server.addresses();
        boolean secure = options.tls() != null;
        int next = 0;
        if (options.tcp() != null && next < addresses.size()) {
            all.add(uri(secure ? "tls" : "tcp", addresses.get(next++), ""));
        }
        if (options.webSocket() != null && next < addresses.size()) {
            all.add(uri(secure ? "wss" : "ws", addresses.get(next), WEB_SOCKET_PATH));
            all.add(uri(secure ? "https" : "http", addresses.get(next), ""));
        }
        return all;
    }

    /** Where channels are files, as {@code tcp://127.0.0.1:5640}; null before it listens, and where they are none. */
    public @Nullable URI files() {
        InetSocketAddress address = files.address();
        return address == null ? null : uri("tcp", address, "");
    }

    private static URI uri(String scheme, InetSocketAddress address, String path) {
        String host = address.getAddress().getHostAddress();
        return URI.create(scheme + "://" + (host.contains(":") ? "[" + host.replaceFirst("%.*", "") + "]" : host) + ":"
                + address.getPort() + path);
    }

    private Mono<HubInfo> info() {
        Runtime runtime = Runtime.getRuntime();
        return channels.count()
                .map(count -> new HubInfo(
                        version,
                        draining.get() ? "draining" : "running",
                        (System.nanoTime() - began) / 1_000_000,
                        engine(),
                        count,
                        control.services(),
                        control.leases(),
                        server.peers().size(),
                        sinkhole.count(),
                        runtime.totalMemory() - runtime.freeMemory(),
                        runtime.maxMemory()));
    }

    /** Without what may be a secret. */
    private String engine() {
        return ShownUrl.of(options.engine());
    }

    /**
     * Ends the hub in order: it takes no new calls, lets those that run finish, and those who receive get what is left for them, within the time that
     * {@link HubOptions.Builder#drain} says; then it closes. {@link #close()} meanwhile ends it at once.
     */
    public Mono<Void> drain() {
        return Mono.defer(() -> {
            if (draining.compareAndSet(false, true)) {
                LOG.info("Draining, {} at most", options.drain());
                files.drain();
            }
            // Whoever looks for a hub is not to find one that takes no calls.
            return registrations
                    .withdraw()
                    .then(server.close(options.drain(), quiet()))
                    .as(this::andEnd);
        });
    }

    /** Completes when nothing runs that comes to an end by itself, and nothing waits that somebody is there to receive. */
    private Mono<Void> quiet() {
        return Flux.interval(Duration.ZERO, LOOK_EVERY, Schedulers.parallel())
                .onBackpressureDrop()
                .concatMap(tick -> isQuiet(), 1)
                .filter(isQuiet -> isQuiet)
                .next()
                .then();
    }

    private Mono<Boolean> isQuiet() {
        return running.count() > 0
                ? Mono.just(false)
                : channels.stats("").any(Hub::flows).map(somethingFlows -> !somethingFlows);
    }

    /** Whether somebody is there to receive what waits, or has not said yet that he has received it. */
    private static boolean flows(ChannelStats stats) {
        return stats.groups().stream()
                .anyMatch(group -> group.receivers() > 0 && (group.backlog() > 0 || group.unacked() > 0));
    }

    /** Ends the hub at once, whatever runs. */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            draining.set(true);
            return Mono.when(registrations.withdraw(), server.close(Duration.ZERO, Mono.empty()))
                    .as(this::andEnd);
        });
    }

    /** Lets go of everything else, however the server closed. */
    private Mono<Void> andEnd(Mono<Void> closing) {
        return closing.onErrorResume(failure -> {
                    LOG.debug("The server did not close in order", failure);
                    return Mono.empty();
                })
                .then(Mono.defer(() -> {
                    expiry.dispose();
                    return registrations
                            .close()
                            .then(files.close())
                            .onErrorComplete()
                            .then(outlets.close())
                            .onErrorComplete()
                            .then(channels.close());
                }))
                .doFinally(done -> metrics.close());
    }

    @Override
    public String toString() {
        return "Hub" + endpoints();
    }
}
