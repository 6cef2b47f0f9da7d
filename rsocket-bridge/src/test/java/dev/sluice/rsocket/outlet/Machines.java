package dev.sluice.rsocket.outlet;

import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.switching.SwitchableSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server with outlets and channels, and clients of it, over sockets. */
final class Machines implements AutoCloseable {

    static final Duration LONG = Duration.ofSeconds(30);

    private static final SessionOptions HASTY =
            SessionOptions.builder().closeTimeout(Duration.ofMillis(1)).build();

    final Channels channels = Channels.inMemory();
    final Outlets outlets;
    final SluiceServer server;
    private final List<SluiceClient> clients = new ArrayList<>();

    Machines(OutletOptions options, AccessPolicy policy) {
        outlets = Outlets.of(channels, options);
        server = SluiceServer.create(ServerOptions.builder()
                        .tcp("127.0.0.1", 0)
                        .session(HASTY)
                        .accessPolicy(policy)
                        .build())
                .channels(channels)
                .outlets(outlets);
        server.start().block(LONG);
    }

    static OutletOptions.Builder openable() {
        return OutletOptions.builder().opener(SwitchableSink::create);
    }

    static Machines open() {
        return new Machines(openable().build(), AccessPolicy.allowAll());
    }

    Machines channel(String name, int capacity) {
        channels.create(name, ChannelOptions.builder().capacity(capacity).build())
                .block(LONG);
        return this;
    }

    SluiceClient client() {
        return client(server.port());
    }

    SluiceClient client(int port) {
        SluiceClient client = SluiceClient.create(ClientOptions.tcp("127.0.0.1", port)
                .session(HASTY)
                .reconnect(Duration.ofMillis(10), Duration.ofMillis(100))
                .build());
        clients.add(client);
        return client;
    }

    /** Another machine's view of the outlets. */
    RemoteOutlets machine() {
        return RemoteOutlets.of(client());
    }

    @Override
    public void close() {
        clients.forEach(client -> client.close().block(LONG));
        server.close().block(LONG);
    }
}
