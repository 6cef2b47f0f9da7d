package dev.sluice.rsocket.channel;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.channel.contract.Ints;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.transport.Certificates;
import io.netty.util.ResourceLeakDetector;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server with channels for a class of tests, and a client for each of them, over one transport. */
final class Sockets implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    /** What carries them. */
    enum Transport {
        TCP(false, false),
        TLS(false, true),
        WEB_SOCKET(true, false),
        SECURE_WEB_SOCKET(true, true);

        private final boolean webSocket;
        private final boolean secure;

        Transport(boolean webSocket, boolean secure) {
            this.webSocket = webSocket;
            this.secure = secure;
        }

        ServerOptions.Builder server() {
            ServerOptions.Builder builder = ServerOptions.builder();
            if (secure) {
                builder.tls(Certificates.SERVER.serving().build());
            }
            return webSocket ? builder.webSocket("127.0.0.1", 0) : builder.tcp("127.0.0.1", 0);
        }

        ClientOptions.Builder client(int port) {
            ClientOptions.Builder builder =
                    webSocket ? ClientOptions.webSocket("127.0.0.1", port) : ClientOptions.tcp("127.0.0.1", port);
            return secure ? builder.tls(Certificates.SERVER.trusting().build()) : builder;
        }
    }

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final AtomicInteger NAMES = new AtomicInteger();

    /** Tests leave receivers behind: nobody waits for them. */
    private static final SessionOptions HASTY =
            SessionOptions.builder().closeTimeout(Duration.ofMillis(1)).build();

    private final Transport transport;
    private final Channels there = Channels.inMemory();
    private final SluiceServer server;
    private SluiceClient client;
    private Channels here;

    /** To watch every buffer takes a multiple of the time, and the races here move a million of them. */
    private final ResourceLeakDetector.Level watched = ResourceLeakDetector.getLevel();

    Sockets(Transport transport) {
        this.transport = transport;
        this.server =
                SluiceServer.create(transport.server().session(HASTY).build()).channels(there);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
        server.start().block(LONG);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        client = SluiceClient.create(
                transport.client(server.port()).session(HASTY).build());
        here = RemoteChannels.of(client);
    }

    /** The channels of the server, as the client has them. */
    Channels channels() {
        return here;
    }

    Channel<Integer> open(ChannelOptions options) {
        boolean named = !options.name().equals(ChannelOptions.defaults().name());
        String name = named ? options.name() : "channel-" + NAMES.incrementAndGet();
        there.delete(name).then(there.create(name, options)).block(LONG);
        return Objects.requireNonNull(here.find(name).block(LONG)).as(Ints.CODEC);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        client.close().block(LONG);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.close().block(LONG);
        ResourceLeakDetector.setLevel(watched);
    }
}
