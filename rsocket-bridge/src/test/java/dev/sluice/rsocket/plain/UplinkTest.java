package dev.sluice.rsocket.plain;

import static dev.sluice.rsocket.plain.Rider.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.PlainOptions;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.transport.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;

/** Clients that send what they are asked for, and no more. */
@ExtendWith(NoLeaks.class)
class UplinkTest {

    private static final int ROOM = 300;

    private final Channels channels =
            Channels.inMemory(ChannelOptions.builder().capacity(ROOM).build());
    private final SluiceServer server = SluiceServer.create(ServerOptions.builder()
                    .tcp("127.0.0.1", 0)
                    .plain(PlainOptions.builder().waitingBytes(64 << 10).build())
                    .build())
            .channels(channels);
    private Rider rider;

    @BeforeEach
    void start() {
        server.start().block(LONG);
        rider = Rider.of(server, false);
    }

    @AfterEach
    void stop() {
        rider.close();
        server.close().block(LONG);
    }

    private long waitingSends(String channel) {
        return Objects.requireNonNull(channels.channel(channel).stats().block(LONG))
                .waitingSends();
    }

    @Test
    void frames_ofManyStreamsToFullChannels_areAllAcceptedInTheEnd() {
        int streams = 20;
        String frame = "x".repeat(1_000);
        List<CompletableFuture<String>> totals = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            totals.add(rider.sendAll("channel." + i, Flux.range(0, 2 * ROOM).map(n -> frame))
                    .last()
                    .toFuture());
        }
        for (int i = 0; i < streams; i++) {
            String name = "" + i;
            await().until(() -> waitingSends(name) == 1);
        }
        assertThat(rider.ask("channel.other", frame).block(LONG)).isEmpty();

        for (int i = 0; i < streams; i++) {
            channels.channel("" + i).receive().subscribe();
        }
        for (CompletableFuture<String> total : totals) {
            assertThat(total).succeedsWithin(LONG).isEqualTo("" + 2 * ROOM);
        }
    }

    @Test
    void frames_thatGrow_areAskedForOneByOne() {
        Channel<Frame> large = channels.channel("large");
        Flux.range(0, ROOM - 1).concatMap(i -> large.send(Frame.EMPTY)).then().block(LONG);
        String frame = "x".repeat(100_000);

        CompletableFuture<String> total = rider.sendAll(
                        "channel.large",
                        Flux.just("x").concatWith(Flux.range(0, 20).map(n -> frame)))
                .last()
                .toFuture();
        await().until(() -> waitingSends("large") == 1);
        assertThat(total).isNotDone();
        large.receive().subscribe();

        assertThat(total).succeedsWithin(LONG).isEqualTo("21");
    }
}
