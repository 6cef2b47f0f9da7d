package dev.sluice.rsocket.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.Nest;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.channel.RemoteChannels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A watcher may wrap the sources of an answer: each ends once, however it ends. */
class RunningCallsTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final RunningCalls running = new RunningCalls();
    private final Channels channels = Channels.inMemory();
    private final Sinks.Many<Frame> frames = Sinks.many().multicast().directBestEffort();
    private final SluiceServer server = SluiceServer.create(ServerOptions.builder()
                    .tcp("127.0.0.1", 0)
                    .watcher(Watcher.of(running, Watcher.NONE))
                    .build())
            .channels(channels)
            .service("tea", request -> Flux.just(source(), source()))
            .service("nest", request -> Mono.just(Nest.of(Frame.EMPTY, Flux.just(source()))));

    private SluiceClient client =
            SluiceClient.create(ClientOptions.tcp("127.0.0.1", 1).build());
    private final List<RemoteSource> sources = new ArrayList<>();

    private Source source() {
        return Source.of("s", frames.asFlux());
    }

    @BeforeEach
    void start() {
        server.start().block(LONG);
        client = SluiceClient.create(
                ClientOptions.tcp("127.0.0.1", server.port()).build());
    }

    @AfterEach
    void stop() {
        client.close().block(LONG);
        server.close(Duration.ZERO, Mono.never()).block(LONG);
    }

    private void open(String service) {
        client.post(service, Frame.EMPTY).doOnNext(sources::add).blockLast(LONG);
    }

    private void awaitOpen(Map<String, Integer> expected) {
        await().atMost(LONG).untilAsserted(() -> assertThat(running.open()).isEqualTo(expected));
    }

    @Test
    void sources_thatOutliveTheAnswer_countUntilTheyEnd() {
        open("tea");
        awaitOpen(Map.of("tea", 2));
        sources.forEach(source -> source.frames().subscribe());
        await().until(() -> frames.currentSubscriberCount() == 2);

        frames.tryEmitComplete();

        awaitOpen(Map.of());
    }

    @Test
    void sources_thatAreDiscardedOrCancelled_countNoLonger() {
        open("tea");
        sources.get(0).discard();
        awaitOpen(Map.of("tea", 1));
        sources.get(1).frames().subscribe().dispose();
        awaitOpen(Map.of());
    }

    @Test
    void nests_countWithTheirSources() {
        open("nest");
        awaitOpen(Map.of("nest", 1));
        List<RemoteSource> inner = new ArrayList<>();
        sources.get(0).sources().doOnNext(inner::add).blockLast(LONG);
        awaitOpen(Map.of("nest", 1));
        Disposable reading = inner.get(0).frames().subscribe();
        await().until(() -> frames.currentSubscriberCount() == 1);
        reading.dispose();
        awaitOpen(Map.of());
    }

    @Test
    void connection_thatIsLost_endsAll() {
        open("tea");
        sources.get(0).frames().subscribe(frame -> {}, lost -> {});
        awaitOpen(Map.of("tea", 2));
        server.close(Duration.ZERO, Mono.never()).block(LONG);
        awaitOpen(Map.of());
    }

    @Test
    void call_ofNoService_countsNoLonger() {
        client.post("coffee", Frame.EMPTY).onErrorComplete().blockLast(LONG);
        awaitOpen(Map.of());
    }

    @Test
    void receivers_areAcknowledgedAsEver() {
        RemoteChannels.of(client).channel("orders").send(Frame.text("tea")).block(LONG);
        Frame received = RemoteChannels.of(client).channel("orders").receive().blockFirst(LONG);
        assertThat(received).isEqualTo(Frame.text("tea"));
        // Its acknowledgement has come: nobody else gets it.
        await().untilAsserted(() -> {
            ChannelStats stats =
                    Objects.requireNonNull(channels.channel("orders").stats().block(LONG));
            assertThat(stats.receivers()).isZero();
            assertThat(stats.buffered()).isZero();
        });
        awaitOpen(Map.of());
    }
}
