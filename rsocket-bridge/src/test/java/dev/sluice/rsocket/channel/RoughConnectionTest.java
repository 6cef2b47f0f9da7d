package dev.sluice.rsocket.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** A sender and a receiver, each behind a network that delays, fragments and cuts at random: everything arrives once and in order. */
class RoughConnectionTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int BATCH = 200;
    private static final SessionOptions HASTY =
            SessionOptions.builder().closeTimeout(Duration.ofMillis(50)).build();

    private final Channels there =
            Channels.inMemory(ChannelOptions.builder().capacity(64).build());
    private final SluiceServer server = SluiceServer.create(
                    ServerOptions.builder().tcp("127.0.0.1", 0).session(HASTY).build())
            .channels(there);
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void start() {
        server.start().block(LONG);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
        server.close().block(LONG);
    }

    private CutProxy proxy() {
        CutProxy proxy = new CutProxy(server.port());
        opened.add(proxy);
        return proxy;
    }

    private Channel<Frame> channelBehind(CutProxy proxy) {
        SluiceClient client = SluiceClient.create(ClientOptions.tcp("127.0.0.1", proxy.port())
                .session(HASTY)
                .reconnect(Duration.ofMillis(5), Duration.ofMillis(50))
                .build());
        opened.add(() -> client.close().block(LONG));
        return RemoteChannels.of(client).channel("orders");
    }

    private static Frame frame(int number) {
        // Some are longer than a piece on the wire, so that they are cut in their middle.
        return Frame.text(number + (number % 50 == 0 ? " ".repeat(40_000) : ""));
    }

    /** Sends one by one, several under way, and then as a whole; gives how many there were. */
    private static int send(Channel<Frame> orders, int from) {
        Flux.range(from, BATCH)
                .flatMapSequential(i -> orders.send(frame(i)), 16)
                .then(orders.sendAll(Flux.range(from + BATCH, BATCH)
                        .map(RoughConnectionTest::frame)
                        .hide()))
                .block(LONG);
        return from + 2 * BATCH;
    }

    private void conserve(long seed, Duration time) {
        CutProxy sending = proxy();
        CutProxy receiving = proxy();
        List<Integer> received = Collections.synchronizedList(new ArrayList<>());
        channelBehind(receiving)
                .receive("g")
                .map(frame -> Integer.parseInt(frame.asText().trim()))
                .subscribe(received::add);
        Channel<Frame> orders = channelBehind(sending);
        sending.rough(new Random(seed), 200_000);
        receiving.rough(new Random(seed + 1), 300_000);

        long end = System.nanoTime() + time.toNanos();
        int sent = 0;
        // However long connecting takes, until there was something to connect again for.
        while (System.nanoTime() < end
                || (Math.min(sending.connections(), receiving.connections()) <= 3
                        && System.nanoTime() < end + LONG.toNanos())) {
            sent = send(orders, sent);
        }
        int all = sent;
        sending.smooth();
        receiving.smooth();

        await().atMost(LONG).until(() -> received.size() >= all);
        assertThat(received).isEqualTo(IntStream.range(0, all).boxed().toList());
        assertThat(sending.connections()).isGreaterThan(3);
        assertThat(receiving.connections()).isGreaterThan(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void everything_overRoughConnections_arrivesOnceAndInOrder(long seed) {
        conserve(seed, Duration.ofSeconds(2));
    }

    @Tag("long")
    @Test
    void everything_overRoughConnectionsForMinutes_arrivesOnceAndInOrder() {
        conserve(System.nanoTime(), Duration.ofMinutes(Long.getLong("soak.minutes", 1)));
    }
}
