package dev.sluice.rsocket.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.AccessDeniedException;
import dev.sluice.Frame;
import dev.sluice.RemoteException;
import dev.sluice.Source;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.security.AccessPolicy;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What meters say after a real exchange. */
class SluiceMetricsTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final SimpleMeterRegistry ofServer = new SimpleMeterRegistry();
    private final SimpleMeterRegistry ofClient = new SimpleMeterRegistry();
    private final List<SluiceClient> clients = new ArrayList<>();
    private SluiceServer server =
            SluiceServer.create(ServerOptions.builder().tcp("127.0.0.1", 0).build());

    private SluiceServer serve(UnaryOperator<ServerOptions.Builder> options) {
        server = SluiceServer.create(
                options.apply(ServerOptions.builder().tcp("127.0.0.1", 0).watcher(SluiceMetrics.of(ofServer)))
                        .build());
        server.service("hundred", request -> Flux.just(Source.of("all", numbers(100))));
        server.service("endless", request -> Flux.never());
        server.service("broken", request -> Flux.error(new IllegalStateException("out of order")));
        return server.start().block(LONG);
    }

    private SluiceClient connect(UnaryOperator<ClientOptions.Builder> options) {
        SluiceClient client = SluiceClient.create(
                options.apply(ClientOptions.tcp("127.0.0.1", server.port()).watcher(SluiceMetrics.of(ofClient)))
                        .build());
        clients.add(client);
        return client;
    }

    private static Flux<Frame> numbers(int count) {
        return Flux.range(0, count).map(i -> Frame.text("" + i));
    }

    private static long frames(SluiceClient client) {
        return client.post("hundred", Frame.EMPTY)
                .flatMap(RemoteSource::frames)
                .count()
                .block(LONG);
    }

    /** Everything but calls is at 0 from the beginning, so what a test names must be there. */
    private static double count(SimpleMeterRegistry registry, String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    private static double gauge(SimpleMeterRegistry registry, String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    private static long calls(SimpleMeterRegistry registry, String... tags) {
        return registry.get("sluice.calls").tags(tags).timer().count();
    }

    @AfterEach
    void close() {
        clients.forEach(client -> client.close().block(LONG));
        server.close().block(LONG);
    }

    @Test
    void meters_beforeAnythingHappens_areThereAtZero() {
        SluiceMetrics.of(ofServer);

        assertThat(ofServer.getMeters())
                .hasSizeGreaterThan(20)
                .allSatisfy(meter -> assertThat(meter.measure())
                        .allSatisfy(measured -> assertThat(measured.getValue()).isZero()));
    }

    @Test
    void frames_thatCross_areCountedOnBothSides() {
        serve(options -> options);

        assertThat(frames(connect(options -> options))).isEqualTo(100);

        await().untilAsserted(() -> assertThat(count(ofClient, "sluice.frames", "side", "client", "direction", "in"))
                .isEqualTo(100));
        await().untilAsserted(() -> assertThat(count(ofServer, "sluice.frames", "side", "server", "direction", "out"))
                .isEqualTo(100));
        assertThat(count(ofServer, "sluice.frames", "side", "server", "direction", "in"))
                .isZero();
    }

    @Test
    void batches_thatLeave_haveTheBytesThatArrive() {
        serve(options -> options);
        SluiceClient client = connect(options -> options);
        frames(client);
        client.close().block(LONG);

        await().untilAsserted(() -> {
            double sent = count(ofServer, "sluice.bytes", "side", "server", "direction", "out");
            assertThat(sent).isPositive();
            assertThat(count(ofClient, "sluice.bytes", "side", "client", "direction", "in"))
                    .isEqualTo(sent);
            var batches = ofServer.get("sluice.batch").tags("side", "server", "direction", "out");
            assertThat(batches.summary().totalAmount()).isEqualTo(sent);
            assertThat(batches.summary().max()).isLessThanOrEqualTo(60 * 1024);
        });
    }

    @Test
    void sessionThatCloses_isCountedWithItsReason() {
        serve(options -> options);
        SluiceClient client = connect(options -> options);
        client.connect().block(LONG);
        await().untilAsserted(() -> assertThat(gauge(ofServer, "sluice.sessions.open", "side", "server"))
                .isEqualTo(1));
        assertThat(gauge(ofClient, "sluice.sessions.open", "side", "client")).isEqualTo(1);

        client.close().block(LONG);

        await().untilAsserted(() -> assertThat(gauge(ofServer, "sluice.sessions.open", "side", "server"))
                .isZero());
        assertThat(gauge(ofClient, "sluice.sessions.open", "side", "client")).isZero();
        assertThat(count(ofServer, "sluice.sessions.opened", "side", "server")).isEqualTo(1);
        assertThat(count(ofClient, "sluice.sessions.closed", "side", "client", "reason", "closed"))
                .isEqualTo(1);
        assertThat(count(ofServer, "sluice.sessions.closed", "side", "server", "reason", "closed"))
                .isEqualTo(1);
    }

    @Test
    void callThatRuns_isAnOpenStream_untilItIsCancelled() {
        serve(options -> options);
        SluiceClient client = connect(options -> options);

        Disposable call = client.post("endless", Frame.EMPTY).subscribe();
        await().untilAsserted(
                        () -> assertThat(gauge(ofServer, "sluice.streams.open", "side", "server", "direction", "in"))
                                .isEqualTo(1));
        assertThat(gauge(ofClient, "sluice.streams.open", "side", "client", "direction", "out"))
                .isEqualTo(1);
        call.dispose();

        await().untilAsserted(
                        () -> assertThat(gauge(ofServer, "sluice.streams.open", "side", "server", "direction", "in"))
                                .isZero());
        assertThat(calls(ofClient, "direction", "out", "service", "endless", "outcome", "cancelled"))
                .isEqualTo(1);
        assertThat(calls(ofServer, "direction", "in", "service", "endless", "outcome", "cancelled"))
                .isEqualTo(1);
    }

    @Test
    void calls_areTimedByServiceAndOutcome() {
        serve(options -> options);
        SluiceClient client = connect(options -> options);

        frames(client);
        frames(client);
        StepVerifier.create(client.post("broken", Frame.EMPTY))
                .expectError(RemoteException.class)
                .verify(LONG);

        assertThat(calls(ofClient, "direction", "out", "service", "hundred", "outcome", "completed"))
                .isEqualTo(2);
        assertThat(calls(ofServer, "direction", "in", "service", "hundred", "outcome", "completed"))
                .isEqualTo(2);
        assertThat(calls(ofServer, "direction", "in", "service", "broken", "outcome", "failed"))
                .isEqualTo(1);
        assertThat(calls(ofClient, "direction", "out", "service", "broken", "outcome", "failed"))
                .isEqualTo(1);
    }

    @Test
    void namesThatCallersMakeUp_areOneValue() {
        serve(options -> options);
        SluiceClient client = connect(options -> options);

        for (int i = 0; i < 50; i++) {
            StepVerifier.create(client.post("made up " + i, Frame.EMPTY))
                    .expectError()
                    .verify(LONG);
        }

        assertThat(calls(ofServer, "direction", "in", "service", "unknown", "outcome", "no_service"))
                .isEqualTo(50);
        assertThat(ofServer.find("sluice.calls").timers()).hasSize(1);
    }

    @Test
    void servicesBeyondTheMost_areOther() {
        SluiceMetrics metrics = SluiceMetrics.builder(ofClient)
                .mostServices(2)
                .tag("to", "shop")
                .build();
        serve(options -> options);
        SluiceClient client = connect(options -> options.watcher(metrics));

        for (String name : List.of("one", "two", "three", "four", "one")) {
            client.post(name, Frame.EMPTY).onErrorComplete().blockLast(LONG);
        }

        assertThat(calls(ofClient, "service", "one", "to", "shop")).isEqualTo(2);
        assertThat(calls(ofClient, "service", "other", "to", "shop")).isEqualTo(2);
    }

    @Test
    void callsBeyondTheLimit_areRejects() {
        serve(options ->
                options.session(SessionOptions.builder().callsPerSecond(1).build()));
        SluiceClient client = connect(options -> options);

        Flux.range(0, 50)
                .flatMap(call -> client.post("hundred", Frame.EMPTY)
                        .flatMap(RemoteSource::frames)
                        .onErrorComplete())
                .blockLast(LONG);

        assertThat(count(ofServer, "sluice.rejects", "reason", "limited")).isPositive();
    }

    @Test
    void callsThatAreNotAllowed_areRejects() {
        serve(options -> options.accessPolicy(AccessPolicy.denyAll()));

        StepVerifier.create(connect(options -> options).post("hundred", Frame.EMPTY))
                .expectError(AccessDeniedException.class)
                .verify(LONG);

        assertThat(count(ofServer, "sluice.rejects", "reason", "denied")).isEqualTo(1);
    }

    @Test
    void connectionsThatAreRefused_areRejects() {
        serve(options -> options.mostConnections(1));
        connect(options -> options).connect().block(LONG);

        StepVerifier.create(connect(options -> options.connectionAttempts(2)).connect())
                .expectError()
                .verify(LONG);

        assertThat(count(ofServer, "sluice.rejects", "reason", "connections")).isEqualTo(2);
        assertThat(count(ofClient, "sluice.reconnects")).isEqualTo(1);
    }

    @Test
    void credentialsThatAreRefused_areRejects() {
        serve(options -> options.authenticator(shown -> Mono.empty()));

        StepVerifier.create(connect(options -> options.bearer("wrong")).connect())
                .expectError(AccessDeniedException.class)
                .verify(LONG);

        assertThat(count(ofServer, "sluice.rejects", "reason", "credentials")).isEqualTo(1);
    }

    @Test
    void valveThatCloses_isAStall() {
        serve(options -> options.session(
                SessionOptions.builder().inboundBytesPerSecond(64 << 10).build()));
        SluiceClient client = connect(options -> options);

        client.post("broken", Frame.wrap(new byte[100 << 10])).onErrorComplete().blockLast(LONG);

        await().untilAsserted(() -> assertThat(ofServer.get("sluice.stalls")
                        .tags("side", "server", "window", "valve")
                        .timer()
                        .count())
                .isPositive());
    }

    @Test
    void mostServices_outOfBounds_isNamed() {
        assertThatThrownBy(() -> SluiceMetrics.builder(ofClient).mostServices(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mostServices must be 1 to 10000, was 0");
    }

    @Test
    void endpointsThatShareMetrics_areAddedUp() {
        SluiceMetrics shared = SluiceMetrics.of(ofClient);
        serve(options -> options);

        connect(options -> options.watcher(shared)).connect().block(LONG);
        connect(options -> options.watcher(shared)).connect().block(LONG);

        assertThat(gauge(ofClient, "sluice.sessions.open", "side", "client")).isEqualTo(2);
        assertThat(ofClient.getMeters().stream().map(Meter::getId)).doesNotHaveDuplicates();
    }
}
