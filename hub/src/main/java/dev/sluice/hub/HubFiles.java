package dev.sluice.hub;

import dev.sluice.Frame;
import dev.sluice.channel.Channels;
import dev.sluice.channel.spi.ChannelsConfig;
import dev.sluice.channel.spi.Engines;
import dev.sluice.ninep.NinePOptions;
import dev.sluice.ninep.NinePServer;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.switching.ServiceRegistry;
import dev.sluice.switching.Sinkhole;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A hub's channels as files, where its options say so. Thread safe. */
final class HubFiles {

    /** Null where files are not served. Read here, because that reads files: not on an event loop. */
    private final @Nullable NinePOptions options;

    private final Channels channels;
    private final ServiceRegistry<Frame> services;
    private volatile @Nullable NinePServer server;
    private volatile boolean draining;
    private volatile boolean closed;

    HubFiles(HubOptions options, Channels channels, ServiceRegistry<Frame> services, Sinkhole<Frame> devNull) {
        HubOptions.Listen listen = options.ninep();
        this.options = listen == null ? null : ninep(options, listen, devNull);
        this.channels = channels;
        this.services = services;
    }

    private static NinePOptions ninep(HubOptions options, HubOptions.Listen listen, Sinkhole<Frame> devNull) {
        AccessPolicy policy = options.accessPolicy();
        return NinePOptions.builder()
                .host(listen.host())
                .port(listen.port())
                .allowRemote(options.ninepAllowRemote())
                .mostConnections(options.mostConnections())
                .accessPolicy(policy == null ? AccessPolicy.allowAll() : policy)
                .channelOptions(Engines.check(ChannelsConfig.parse(options.engine())))
                .devNull(devNull)
                .build();
    }

    /** Listens, if files are served. */
    Mono<Void> start() {
        return options == null
                ? Mono.empty()
                : NinePServer.serve(channels, services, options).flatMap(this::began);
    }

    /** Files are served from now on. */
    Mono<Void> began(NinePServer listening) {
        server = listening;
        // Whoever drains or closes may not have seen it.
        if (draining) {
            listening.drain();
        }
        return closed
                ? listening.close().then(Mono.error(new IllegalStateException("the hub was closed while it began")))
                : Mono.empty();
    }

    @Nullable InetSocketAddress address() {
        NinePServer listening = server;
        return listening == null ? null : listening.address();
    }

    int connections() {
        NinePServer listening = server;
        return listening == null ? 0 : listening.connections();
    }

    void drain() {
        draining = true;
        NinePServer listening = server;
        if (listening != null) {
            listening.drain();
        }
    }

    /** Lazy; who begins to listen meanwhile ends too. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            closed = true;
            NinePServer listening = server;
            return listening == null ? Mono.empty() : listening.close();
        });
    }
}
