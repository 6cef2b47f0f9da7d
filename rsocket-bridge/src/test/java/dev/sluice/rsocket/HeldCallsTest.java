package dev.sluice.rsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.channel.BroadcastOptions;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.Channels;
import dev.sluice.rsocket.channel.RemoteChannels;
import dev.sluice.rsocket.metrics.SluiceMetrics;
import dev.sluice.rsocket.outlet.Outlets;
import dev.sluice.rsocket.outlet.RemoteOutlets;
import dev.sluice.rsocket.watch.SessionWatcher;
import dev.sluice.rsocket.watch.Side;
import dev.sluice.rsocket.watch.Watcher;
import dev.sluice.switching.SwitchableSink;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.subscriber.TestSubscriber;

/** What a call that is answered slowly takes up. */
class HeldCallsTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int CALLS = 20;
    private static final String[] SENDS = {
        "channel.send", "channel.sendAll", "channel.broadcast", "outlet.send", "outlet.sendAll"
    };

    static Stream<Watcher> watchers() {
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(context -> true);
        return Stream.of(
                Watcher.NONE,
                SluiceMetrics.of(new SimpleMeterRegistry()),
                SluiceMetrics.builder(new SimpleMeterRegistry())
                        .observations(observations)
                        .build());
    }

    /** As long as a call is open it can be asked for more: if it kept what it was asked, calls would be a way to fill a server. */
    @ParameterizedTest
    @MethodSource("watchers")
    void callsThatAreOpen_keepNothingOfWhatTheyWereAsked(Watcher watcher) {
        List<WeakReference<?>> asked = new CopyOnWriteArrayList<>();
        SluiceServer server = SluiceServer.create(
                ServerOptions.builder().tcp("127.0.0.1", 0).watcher(watcher).build());
        server.service("never", request -> {
            asked.add(new WeakReference<>(request.body()));
            asked.add(new WeakReference<>(request.tags()));
            return Flux.never();
        });
        List<Disposable> calls = new ArrayList<>();
        server.start().block(LONG);
        SluiceClient client = SluiceClient.create(
                ClientOptions.tcp("127.0.0.1", server.port()).build());
        try {
            for (int i = 0; i < CALLS; i++) {
                calls.add(client.post("never", Frame.wrap(new byte[100_000]), Map.of("tag", "x".repeat(4_000)))
                        .subscribe());
            }
            await().atMost(LONG).until(() -> asked.size() == 2 * CALLS);

            await().atMost(LONG).untilAsserted(() -> {
                System.gc();
                assertThat(asked).allMatch(reference -> reference.get() == null);
            });
            assertThat(calls).noneMatch(Disposable::isDisposed);
        } finally {
            calls.forEach(Disposable::dispose);
            client.close().block(LONG);
            server.close().block(LONG);
        }
    }

    /** Remembers weakly what it sees asked, by service. */
    private static final class Asked implements Watcher, SessionWatcher {
        private final Map<String, WeakReference<Request>> requests = new ConcurrentHashMap<>();

        @Override
        public SessionWatcher session(Side side) {
            return this;
        }

        @Override
        public Publisher<? extends Source> serving(
                Request request, Supplier<? extends Publisher<? extends Source>> answer) {
            requests.put(request.service(), new WeakReference<>(request));
            return answer.get();
        }

        List<String> held() {
            return requests.entrySet().stream()
                    .filter(asked -> asked.getValue().get() != null)
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    /** What waits is counted by its element: were its tags held too, they would be a way to fill a server past its limit. */
    @Test
    void operationsThatWaitForRoom_keepNothingOfTheirCallsButTheElement() {
        Asked asked = new Asked();
        Channels there = Channels.inMemory(ChannelOptions.builder().capacity(1).build());
        Channel<Frame> full = there.channel("full");
        full.send(Frame.text("first")).block(LONG);
        SluiceServer server = SluiceServer.create(ServerOptions.builder()
                        .tcp("127.0.0.1", 0)
                        .watcher(asked)
                        .build())
                .channels(there)
                .outlets(Outlets.of(there).offer("outlet", SwitchableSink.create("outlet", full)));
        server.start().block(LONG);
        SluiceClient client = SluiceClient.create(ClientOptions.tcp("127.0.0.1", server.port())
                .session(SessionOptions.builder()
                        .closeTimeout(Duration.ofMillis(1))
                        .build())
                .build());
        Channels here = RemoteChannels.of(client);
        RemoteOutlets outlets = RemoteOutlets.of(client);
        List<Publisher<?>> operations = List.of(
                here.channel("full").send(Frame.text("second")),
                here.channel("full").sendAll(Flux.just(Frame.text("third"))),
                here.broadcast("full", Frame.text("fourth"), BroadcastOptions.WAIT),
                outlets.outlet("outlet").send(Frame.text("fifth")),
                outlets.outlet("outlet").sendAll(Flux.just(Frame.text("sixth"))));
        try {
            List<TestSubscriber<Object>> waiting = new ArrayList<>();
            for (Publisher<?> operation : operations) {
                TestSubscriber<Object> subscriber = TestSubscriber.create();
                operation.subscribe(subscriber);
                waiting.add(subscriber);
            }
            await().atMost(LONG)
                    .until(() ->
                            Objects.requireNonNull(full.stats().block(LONG)).waitingSends() == operations.size());
            assertThat(asked.requests).containsKeys(SENDS);

            await().atMost(LONG).untilAsserted(() -> {
                System.gc();
                assertThat(asked.held()).isEmpty();
            });
            assertThat(waiting).noneMatch(TestSubscriber::isTerminated);
        } finally {
            client.close().block(LONG);
            server.close().block(LONG);
        }
    }
}
