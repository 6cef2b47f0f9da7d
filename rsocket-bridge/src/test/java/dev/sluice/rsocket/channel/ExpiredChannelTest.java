package dev.sluice.rsocket.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.GroupOptions;
import dev.sluice.channel.Position;
import dev.sluice.channel.SendResult;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.transport.NoLeaks;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** Whoever uses a channel elsewhere by its name does not notice that it was deleted as idle. */
@ExtendWith(NoLeaks.class)
class ExpiredChannelTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final Expiring expiring = new Expiring();
    private final SluiceServer server = SluiceServer.create(
                    ServerOptions.builder().tcp("127.0.0.1", 0).build())
            .channels(expiring.there());
    private SluiceClient client;
    private Channel<Frame> orders;

    @BeforeEach
    void start() {
        server.start().block(LONG);
        client = SluiceClient.create(
                ClientOptions.tcp("127.0.0.1", server.port()).build());
        orders = RemoteChannels.of(client).channel("orders");
        expiring.doom(3);
    }

    @AfterEach
    void stop() {
        assertThat(expiring.doomed())
                .as("look-ups that met a channel which was gone")
                .isZero();
        client.close().block(LONG);
        server.close().block(LONG);
    }

    private List<String> received(int count) {
        return Objects.requireNonNull(expiring.channels()
                .channel("orders")
                .receive()
                .take(count)
                .map(Frame::asText)
                .collectList()
                .block(LONG));
    }

    @Test
    void send_isAccepted() {
        orders.send(Frame.text("tea")).block(LONG);

        assertThat(received(1)).containsExactly("tea");
    }

    @Test
    void trySend_isAccepted() {
        assertThat(orders.trySend(Frame.text("tea"))).isEqualTo(SendResult.ACCEPTED);

        assertThat(received(1)).containsExactly("tea");
    }

    @Test
    void sendAll_isAcceptedFromTheFirstOn() {
        Long count = orders.sendAll(Flux.just("tea", "coffee", "milk").map(Frame::text))
                .block(LONG);

        assertThat(count).isEqualTo(3);
        assertThat(received(3)).containsExactly("tea", "coffee", "milk");
    }

    @Test
    void receive_getsWhatIsSentLater() {
        TestSubscriber<Frame> receiver = TestSubscriber.create();
        orders.receive().subscribe(receiver);
        await().until(() -> expiring.doomed() == 0);

        expiring.channels().channel("orders").send(Frame.text("tea")).block(LONG);

        await().until(() -> receiver.getReceivedOnNext().size() == 1);
        receiver.cancel();
    }

    @Test
    void listen_latest_getsWhatIsSentLater() {
        assertListens(Position.latest());
    }

    @Test
    void listen_earliest_getsWhatIsSentLater() {
        assertListens(Position.earliest());
    }

    private void assertListens(Position from) {
        TestSubscriber<Frame> listener = TestSubscriber.create();
        orders.listen(from).subscribe(listener);
        await().until(() -> expiring.doomed() == 0
                && Objects.requireNonNull(expiring.channels()
                                        .channel("orders")
                                        .stats()
                                        .block(LONG))
                                .listeners()
                        == 1);

        expiring.channels().channel("orders").send(Frame.text("tea")).block(LONG);

        await().until(() -> listener.getReceivedOnNext().size() == 1);
        listener.cancel();
    }

    @Test
    void createGroup_createsItForGood() {
        assertThat(orders.createGroup("g", GroupOptions.defaults()).block(LONG)).isTrue();

        assertThat(expiring.channels().deleteIfIdle("orders").block(LONG)).isFalse();
    }

    @Test
    void resize_holds() {
        orders.resize(7).block(LONG);

        assertThat(expiring.channels().channel("orders").capacity()).isEqualTo(7);
    }

    @Test
    void sendAll_thatIsSilent_keepsItsChannel() {
        expiring.doom(0);
        var sending = orders.sendAll(Flux.never()).subscribe();
        await().until(() -> isThere() && !goes());

        assertThat(goes()).isFalse();

        sending.dispose();
        await().until(this::goes);
    }

    private boolean isThere() {
        return Boolean.TRUE.equals(
                expiring.channels().find("orders").hasElement().block(LONG));
    }

    private boolean goes() {
        return Boolean.TRUE.equals(expiring.channels().deleteIfIdle("orders").block(LONG));
    }
}
