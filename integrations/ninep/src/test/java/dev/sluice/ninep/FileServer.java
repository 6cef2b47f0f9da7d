package dev.sluice.ninep;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.ninep.wire.Dialect;
import dev.sluice.switching.ServiceRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server for each test, with the clients that were connected to it. */
final class FileServer implements BeforeEachCallback, AfterEachCallback {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final UnaryOperator<NinePOptions.Builder> options;
    private final List<Peer> peers = new ArrayList<>();
    final Channels channels = Channels.inMemory();
    final ServiceRegistry<Frame> services = ServiceRegistry.create(channels::find);
    NinePServer server;

    FileServer() {
        this(options -> options);
    }

    FileServer(UnaryOperator<NinePOptions.Builder> options) {
        this.options = options;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        NinePOptions.Builder builder = NinePOptions.builder().port(0);
        server = NinePServer.serve(channels, services, options.apply(builder).build())
                .block(PATIENCE);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        peers.forEach(Peer::close);
        server.close().block(PATIENCE);
        channels.close().block(PATIENCE);
    }

    Peer peer(Dialect dialect) {
        return kept(Peer.of(server, dialect));
    }

    Peer peer() {
        return peer(Dialect.LINUX);
    }

    Peer kept(Peer peer) {
        peers.add(peer);
        return peer;
    }

    Channel<Frame> channel(String name, int capacity) {
        return Objects.requireNonNull(channels.create(
                        name, ChannelOptions.builder().capacity(capacity).build())
                .block(PATIENCE));
    }

    static void send(Channel<Frame> channel, String... frames) {
        for (String frame : frames) {
            channel.send(Frame.text(frame)).block(PATIENCE);
        }
    }

    /** The next frame of a channel, taken out. */
    static String take(Channel<Frame> channel) {
        return Objects.requireNonNull(channel.receive().next().block(PATIENCE)).asText();
    }
}
