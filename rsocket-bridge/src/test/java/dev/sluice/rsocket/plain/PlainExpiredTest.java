package dev.sluice.rsocket.plain;

import static dev.sluice.rsocket.plain.Rider.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.channel.Expiring;
import dev.sluice.rsocket.transport.NoLeaks;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.Disposable;
import reactor.core.publisher.Sinks;

/** A plain client does not notice that a channel was deleted as idle. */
@ExtendWith(NoLeaks.class)
class PlainExpiredTest {

    private final Expiring expiring = new Expiring();
    private final SluiceServer server = SluiceServer.create(
                    ServerOptions.builder().tcp("127.0.0.1", 0).build())
            .channels(expiring.there());
    private Rider rider;

    @BeforeEach
    void start() {
        server.start().block(LONG);
        rider = Rider.of(server, false);
        expiring.doom(3);
    }

    @AfterEach
    void stop() {
        assertThat(expiring.doomed())
                .as("look-ups that met a channel which was gone")
                .isZero();
        rider.close();
        server.close().block(LONG);
    }

    private Channel<Frame> orders() {
        return expiring.channels().channel("orders");
    }

    private List<String> received(int count) {
        return Objects.requireNonNull(
                orders().receive().take(count).map(Frame::asText).collectList().block(LONG));
    }

    @Test
    void requestResponse_sends() {
        rider.ask("channel.orders", "tea").block(LONG);

        assertThat(received(1)).containsExactly("tea");
    }

    @Test
    void requestChannel_thatIsSilentForLong_goesOn() {
        Sinks.Many<String> data = Sinks.many().unicast().onBackpressureBuffer();
        Queue<String> totals = new ConcurrentLinkedQueue<>();
        Disposable sending = rider.sendAll("channel.orders", data.asFlux()).subscribe(totals::add);
        data.tryEmitNext("tea");
        await().until(() -> totals.contains("1"));
        assertThat(received(1)).containsExactly("tea");
        assertThat(expiring.channels().deleteIfIdle("orders").block(LONG)).isTrue();

        data.tryEmitNext("coffee");

        await().until(() -> totals.contains("2"));
        assertThat(received(1)).containsExactly("coffee");
        sending.dispose();
    }

    @Test
    void requestStream_receives() {
        assertGets("channel.orders");
    }

    @Test
    void requestStream_listens() {
        assertGets("channel.orders?listen=latest");
    }

    private void assertGets(String route) {
        Queue<String> got = new ConcurrentLinkedQueue<>();
        Disposable receiving = rider.texts(route).subscribe(got::add);
        await().until(() -> {
            var stats = Objects.requireNonNull(orders().stats().block(LONG));
            return expiring.doomed() == 0 && stats.receivers() + stats.listeners() == 1;
        });

        orders().send(Frame.text("tea")).block(LONG);

        await().until(() -> got.contains("tea"));
        receiving.dispose();
    }
}
