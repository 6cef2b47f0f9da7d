package dev.sluice.rsocket.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Channels;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Overflow;
import dev.sluice.channel.Position;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** What waits for a listener elsewhere waits at the server, beyond all windows. */
class ListenerBufferTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void listener_thatAsksForALongerBuffer_isRefused() {
        SluiceServer server = SluiceServer.create(ServerOptions.builder()
                        .tcp("127.0.0.1", 0)
                        .listenerBuffer(10)
                        .build())
                .channels(Channels.inMemory());
        server.start().block(LONG);
        Channels there = Channels.open("rsocket://127.0.0.1:" + server.port());
        try {
            Channel<Frame> news = there.channel("news");

            StepVerifier.create(news.listen(Position.latest(), new ListenOptions(Overflow.DROP_OLDEST, 11)))
                    .expectErrorSatisfies(refused -> assertThat(refused)
                            .hasMessageContaining("10 elements")
                            .hasMessageContaining("listenerBuffer"))
                    .verify(LONG);
            StepVerifier.create(news.listen(Position.latest(), new ListenOptions(Overflow.DROP_OLDEST, 10)), 0)
                    .expectSubscription()
                    .then(() -> news.send(Frame.text("a")).block(LONG))
                    .thenRequest(1)
                    .expectNext(Frame.text("a"))
                    .thenCancel()
                    .verify(LONG);
        } finally {
            there.close();
            server.close().block(LONG);
        }
    }
}
