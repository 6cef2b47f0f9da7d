package dev.sluice.rsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.channel.RemoteChannels;
import dev.sluice.rsocket.session.Session;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SluiceClientTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final Channels there = Channels.inMemory();
    private final SluiceServer server = SluiceServer.create(
                    ServerOptions.builder().tcp("127.0.0.1", 0).build())
            .channels(there);
    private SluiceClient client =
            SluiceClient.create(ClientOptions.tcp("127.0.0.1", 1).build());

    @BeforeEach
    void start() {
        server.start().block(LONG);
        client = SluiceClient.create(
                ClientOptions.tcp("127.0.0.1", server.port()).build());
    }

    @AfterEach
    void stop() {
        client.close().block(LONG);
        server.close().block(LONG);
    }

    @Test
    void connect_atTheVeryEndOfASession_givesAnother() {
        List<Peer> sessions = new CopyOnWriteArrayList<>();
        client.connect().subscribe(first -> {
            sessions.add(first);
            first.onClose().subscribe(null, null, () -> client.connect().subscribe(sessions::add));
        });
        await().atMost(LONG).until(() -> sessions.size() == 1);

        ((Session) sessions.get(0)).close("the test wants it").subscribe();

        await().atMost(LONG).until(() -> sessions.size() == 2);
        assertThat(sessions.get(1)).isNotSameAs(sessions.get(0));
    }

    @Test
    void registries_ofOneClient_doNotTakeEachOthersOperationsForRepetitions() {
        Channel<Frame> one = RemoteChannels.of(client).channel("orders");
        Channel<Frame> two = RemoteChannels.of(client).channel("orders");

        one.send(Frame.text("tea")).block(LONG);
        two.send(Frame.text("coffee")).block(LONG);

        assertThat(there.channel("orders")
                        .receive()
                        .map(Frame::asText)
                        .take(2)
                        .collectList()
                        .block(LONG))
                .containsExactly("tea", "coffee");
    }
}
