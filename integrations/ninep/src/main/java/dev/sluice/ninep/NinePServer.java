package dev.sluice.ninep;

import dev.sluice.ConfigurationException;
import dev.sluice.Frame;
import dev.sluice.channel.Channels;
import dev.sluice.ninep.command.Commands;
import dev.sluice.ninep.session.Session;
import dev.sluice.ninep.session.Site;
import dev.sluice.ninep.session.Warnings;
import dev.sluice.ninep.tree.Reports;
import dev.sluice.ninep.tree.Tree;
import dev.sluice.switching.Diversions;
import dev.sluice.switching.ServiceRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.tcp.TcpServer;

/**
 * Serves the channels of a registry as files, over 9P2000, 9P2000.u and 9P2000.L: to read a file is to receive, to write is to send, and {@code cat},
 * {@code echo} and the kernel of Linux are clients. {@code docs/files.md} describes the tree.
 *
 * <p>A frame counts as received when all of it has been written to the socket of who reads it; what a reader has got only a part of goes back, as a
 * {@linkplain dev.sluice.channel.Delivery#partial() part}, when it goes away. A write that was answered was accepted; one that was interrupted before
 * that was not. Nothing waits in a thread.
 *
 * <p>Thread safe.
 */
public final class NinePServer {

    /** Seconds after which a silent peer is asked whether it is there, seconds between, and how often; where the system is Linux. */
    private static final int ALIVE_AFTER = 60;

    private static final int ALIVE_EVERY = 10;
    private static final int ALIVE_TIMES = 3;

    /** How long a peer may leave unconfirmed what it was sent. */
    private static final int SILENT_MILLIS = 90_000;

    private final DisposableServer server;
    private final Map<Channel, CompletableFuture<Void>> connections;
    private final AtomicBoolean draining;

    private NinePServer(
            DisposableServer server, Map<Channel, CompletableFuture<Void>> connections, AtomicBoolean draining) {
        this.server = server;
        this.connections = connections;
        this.draining = draining;
    }

    /**
     * Serves channels. Lazy; each subscription is one server.
     *
     * @param channels the channels; they stay the caller's to close
     * @param registry the services that are re-aimed by {@code ctl}, and where it leases channels
     * @param options where, and what is allowed
     * @return the server, once it listens; fails with {@link ConfigurationException} when others could reach it and may not
     */
    public static Mono<NinePServer> serve(Channels channels, ServiceRegistry<Frame> registry, NinePOptions options) {
        Objects.requireNonNull(channels, "channels");
        Objects.requireNonNull(registry, "registry");
        Objects.requireNonNull(options, "options");
        return Mono.fromRunnable(() -> requireLoopback(options))
                .subscribeOn(Schedulers.boundedElastic())
                .then(Mono.defer(() -> {
                    AtomicBoolean draining = new AtomicBoolean();
                    return bind(site(channels, registry, options, draining), options, draining);
                }));
    }

    private static void requireLoopback(NinePOptions options) {
        if (options.allowRemote()) {
            return;
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(options.host())) {
                if (!address.isLoopbackAddress()) {
                    throw new ConfigurationException("9P carries no secret, and others can reach " + options.host()
                            + ": listen on loopback, as 127.0.0.1, or call allowRemote(true)");
                }
            }
        } catch (UnknownHostException unknown) {
            throw new ConfigurationException(
                    "cannot find the address of " + options.host() + ", to serve 9P on", unknown);
        }
    }

    private static Site site(
            Channels channels, ServiceRegistry<Frame> registry, NinePOptions options, AtomicBoolean draining) {
        Diversions<Frame> diversions = Diversions.of(registry, channels::find, options.devNull());
        return new Site(
                new Tree(channels, options.channelOptions(), options.mostDirectories()),
                new Commands(channels, registry, diversions),
                new Reports(channels),
                options.accessPolicy(),
                registry,
                diversions,
                options.limits(),
                new Warnings(),
                draining::get,
                System.currentTimeMillis() / 1000);
    }

    private static Mono<NinePServer> bind(Site site, NinePOptions options, AtomicBoolean draining) {
        Map<Channel, CompletableFuture<Void>> connections = new ConcurrentHashMap<>();
        return TcpServer.create()
                .host(options.host())
                .port(options.port())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .doOnConnection(connection -> enter(connection.channel(), connections, site, options))
                .bind()
                .map(server -> new NinePServer(server, connections, draining));
    }

    /** Serves a connection, unless it is one too many, or too late. */
    @SuppressWarnings("FutureReturnValueIgnored") // a close that fails leaves a closed channel
    private static void enter(
            Channel channel, Map<Channel, CompletableFuture<Void>> connections, Site site, NinePOptions options) {
        boolean isLate = site.isDraining().getAsBoolean();
        if (isLate || connections.size() >= options.mostConnections()) {
            if (!isLate) {
                site.warnings()
                        .say("9P has " + options.mostConnections() + " connections, as many as it may: "
                                + channel.remoteAddress() + " is refused; raise mostConnections if it is welcome");
            }
            channel.close();
            return;
        }
        if (channel instanceof EpollSocketChannel) {
            channel.config().setOption(EpollChannelOption.TCP_KEEPIDLE, ALIVE_AFTER);
            channel.config().setOption(EpollChannelOption.TCP_KEEPINTVL, ALIVE_EVERY);
            channel.config().setOption(EpollChannelOption.TCP_KEEPCNT, ALIVE_TIMES);
            channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, SILENT_MILLIS);
        }
        CompletableFuture<Void> served = Session.serve(
                channel,
                site,
                NettyPipeline.ReactiveBridge,
                options.handshakeTimeout().toMillis());
        connections.put(channel, served);
        served.whenComplete((done, failed) -> connections.remove(channel));
        if (site.isDraining().getAsBoolean()) {
            // Whoever closes the others may not have seen it.
            channel.close();
        }
    }

    /** Where it listens, with the port the system chose. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.address();
    }

    /** How many connections it has. */
    public int connections() {
        return connections.size();
    }

    /** Stops listening, and takes no more frames from those who are connected: writes fail. Reads go on, and writes that wait. */
    public void drain() {
        draining.set(true);
        server.dispose();
    }

    /**
     * Stops listening and closes all connections: what waits is withdrawn, and what was read and has not left goes back. Lazy, and may be done again.
     *
     * @return completes when all are closed
     */
    public Mono<Void> close() {
        return Mono.defer(() -> {
            drain();
            return server.onDispose().then(Mono.defer(this::closeAll));
        });
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the session tells when it is over
    private Mono<Void> closeAll() {
        return Flux.fromIterable(connections.entrySet())
                .flatMap(each -> {
                    each.getKey().close();
                    return Mono.fromFuture(each.getValue(), true);
                })
                .then();
    }

    @Override
    public String toString() {
        return "NinePServer[" + server.address() + "]";
    }
}
