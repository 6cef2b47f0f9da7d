package dev.sluice.rsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.rsocket.metrics.SluiceMetrics;
import dev.sluice.rsocket.watch.Watcher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** What a call that is answered slowly takes up. */
class HeldCallsTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int CALLS = 20;

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
}
