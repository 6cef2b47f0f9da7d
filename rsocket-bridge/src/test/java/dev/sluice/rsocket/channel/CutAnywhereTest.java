package dev.sluice.rsocket.channel;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One conversation, cut after every number of bytes: between records and inside of them, in the handshakes before them, whoever was just talking. Each
 * time everything arrives once and in order.
 */
class CutAnywhereTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final SessionOptions HASTY =
            SessionOptions.builder().closeTimeout(Duration.ofMillis(50)).build();
    private static final int SENT = 5;
    private static final int SENT_ALL = 12;
    private static final List<String> ALL =
            IntStream.range(0, SENT + SENT_ALL).mapToObj(Integer::toString).toList();

    private final Channels there =
            Channels.inMemory(ChannelOptions.builder().capacity(2).build());
    private final SluiceServer server = SluiceServer.create(
                    ServerOptions.builder().tcp("127.0.0.1", 0).session(HASTY).build())
            .channels(there);
    private CutProxy proxy = new CutProxy(0);

    @BeforeEach
    void start() {
        server.start().block(LONG);
        proxy.close();
        proxy = new CutProxy(server.port());
    }

    @AfterEach
    void stop() {
        proxy.close();
        server.close().block(LONG);
    }

    /** Sends, sends all and receives over one connection; gives what was received. */
    private List<String> converse(String name, long cutAfter) {
        SluiceClient client = SluiceClient.create(ClientOptions.tcp("127.0.0.1", proxy.port())
                .session(HASTY)
                .reconnect(Duration.ofMillis(1), Duration.ofMillis(10))
                .build());
        try {
            Channel<Frame> orders = RemoteChannels.of(client).channel(name);
            proxy.cutNextAfter(cutAfter);
            Mono<List<String>> received =
                    orders.receive("g").map(Frame::asText).take(ALL.size()).collectList();
            Mono<Long> sent = Flux.range(0, SENT)
                    .concatMap(i -> orders.send(Frame.text("" + i)))
                    .then(orders.sendAll(Flux.range(SENT, SENT_ALL)
                            .map(i -> Frame.text("" + i))
                            .hide()));
            var both = Mono.zip(received, sent).blockOptional(LONG).orElseThrow();
            assertThat(both.getT2()).isEqualTo(SENT_ALL);
            return both.getT1();
        } finally {
            client.close().block(LONG);
        }
    }

    /** Cuts later and later, until the first connection lasts to the end. */
    private void cutAtEach(int step) {
        long at = 0;
        for (boolean wasCut = true; wasCut; at += step) {
            int connections = proxy.connections();
            String name = "cut-at-" + at;
            assertThat(converse(name, at)).as(name).isEqualTo(ALL);
            wasCut = proxy.connections() > connections + 1;
            assertThat(Objects.requireNonNull(there.channel(name).stats().block(LONG))
                            .accepted())
                    .as(name)
                    .isEqualTo(ALL.size());
        }
        assertThat(at).as("bytes of the whole conversation").isGreaterThan(700);
    }

    @Test
    void conversation_cutAfterEverySoManyBytes_isWhole() {
        cutAtEach(11);
    }

    @Tag("long")
    @Test
    void conversation_cutAfterEachByte_isWhole() {
        cutAtEach(1);
    }
}
