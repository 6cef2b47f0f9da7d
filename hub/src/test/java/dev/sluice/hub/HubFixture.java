package dev.sluice.hub;

import dev.sluice.Frame;
import dev.sluice.hub.control.HubClient;
import dev.sluice.rsocket.ClientOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import reactor.core.Disposable;

/** A hub on a free port and clients of it, closed when the test is over. */
public final class HubFixture implements AutoCloseable {

    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Hub hub;
    private final Deque<HubClient> clients = new ArrayDeque<>();

    private HubFixture(Hub hub) {
        this.hub = hub;
    }

    /** A hub with some options. */
    public static HubFixture start(UnaryOperator<HubOptions.Builder> options) {
        HubOptions.Builder builder = HubOptions.builder().tcp("127.0.0.1", 0).webSocket("127.0.0.1", 0);
        return new HubFixture(Hub.create(options.apply(builder).build()).start().block(PATIENCE));
    }

    public static HubFixture start() {
        return start(builder -> builder);
    }

    public Hub hub() {
        return hub;
    }

    /** Where the hub answers, by scheme. */
    public URI endpoint(String scheme) {
        return hub.endpoints().stream()
                .filter(uri -> uri.getScheme().equals(scheme))
                .findFirst()
                .orElseThrow();
    }

    /** One more client, with a connection of its own. */
    public HubClient client() {
        return client(builder -> builder);
    }

    public HubClient client(UnaryOperator<ClientOptions.Builder> options) {
        ClientOptions.Builder builder =
                ClientOptions.tcp("127.0.0.1", endpoint("tcp").getPort()).connectionAttempts(1);
        HubClient made = HubClient.create(options.apply(builder).build());
        clients.push(made);
        return made;
    }

    /** What is received from a channel of the hub, as it comes. */
    public Received receive(String channel) {
        return new Received(channel);
    }

    /** What was received, as text. */
    public final class Received {
        private final List<String> frames = new ArrayList<>();
        private final Disposable receiving;

        private Received(String channel) {
            receiving =
                    hub.channels().channel(channel).receive().map(Frame::asText).subscribe(this::add);
        }

        private synchronized void add(String frame) {
            frames.add(frame);
        }

        public synchronized List<String> frames() {
            return List.copyOf(frames);
        }

        public void stop() {
            receiving.dispose();
        }
    }

    @Override
    public void close() {
        hub.close().block(PATIENCE);
        clients.forEach(client -> client.close().onErrorComplete().block(PATIENCE));
    }
}
