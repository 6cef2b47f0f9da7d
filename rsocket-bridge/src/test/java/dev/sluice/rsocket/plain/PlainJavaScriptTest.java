package dev.sluice.rsocket.plain;

import static dev.sluice.rsocket.plain.Rider.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.channel.Retention;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.transport.NoLeaks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What rsocket-js can do, as it comes from its registry, in a process of its own. */
@ExtendWith(NoLeaks.class)
class PlainJavaScriptTest {

    private static final int FRAME = 64_000;
    private static final int FRAMES = 1_500;

    private final Channels channels = Channels.inMemory(
            ChannelOptions.builder().capacity(512).retention(Retention.all()).build());
    private final AtomicInteger produced = new AtomicInteger();
    private final SluiceServer server = SluiceServer.create(ServerOptions.builder()
                    .tcp("127.0.0.1", 0)
                    .webSocket("127.0.0.1", 0)
                    .build())
            .channels(channels)
            .service(
                    "count",
                    request -> Flux.range(0, 2)
                            .map(s -> Source.of("h" + s, Flux.range(0, 2).map(i -> Frame.text(s + "." + i)))))
            .service(
                    "flood",
                    request -> Mono.just(Source.of("f", Flux.range(0, FRAMES).map(i -> {
                        produced.incrementAndGet();
                        return Frame.of(new byte[FRAME]);
                    }))));

    @TempDir
    private Path folder;

    @BeforeEach
    void start() {
        Node.require();
        server.start().block(LONG);
    }

    @AfterEach
    void stop() {
        server.close().block(LONG);
    }

    private String url(String scheme) {
        return scheme + "://127.0.0.1:"
                + server.addresses().get(scheme.equals("ws") ? 1 : 0).getPort();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "ws"})
    void allRoutes_areThereForJavaScript(String scheme) throws Exception {
        try (Node node = Node.run(folder, "tour.js", url(scheme))) {
            assertThat(node.result())
                    .containsExactly(
                            "sent \"\"",
                            "received tea milk",
                            "totals true 500",
                            "many true",
                            "listened tea@0 milk@1",
                            "channels orders:2 false",
                            "service 0.0@0@h0 0.1@0@h0 1.0@1@h1 1.1@1@h1",
                            "first 0.0",
                            "refused BAD_REQUEST",
                            "refused BAD_REQUEST",
                            "refused NO_SERVICE");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "ws"})
    void guide_doesWhatItSays(String scheme) throws Exception {
        try (Node node = Node.run(folder, "orders.js", url(scheme))) {
            assertThat(node.result())
                    .containsExactlyInAnyOrder(
                            "received tea", "h0 has 0.0", "h0 has 0.1", "h1 has 1.0", "h1 has 1.1", "[ 'orders' ]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "ws"})
    void requestMax_byAReaderThatStops_isBoundedAndGoesOnLater(String scheme) throws IOException, InterruptedException {
        try (Node deaf = Node.run(folder, "deaf.js", url(scheme), "" + FRAMES)) {
            deaf.awaitLine("deaf");
            // Another client goes through all routes meanwhile: time enough to produce everything.
            try (Node other = Node.run(folder, "tour.js", url(scheme))) {
                assertThat(other.result()).contains("first 0.0");
            }

            // The buffers of both sockets, and half a mebibyte.
            assertThat((long) produced.get() * FRAME).isLessThan(24L << 20);
            deaf.tell("go on");
            assertThat(deaf.result()).containsExactly("deaf", "heard true");
        }
        assertThat(produced).hasValue(FRAMES);
    }
}
