package dev.sluice.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.ChannelStats;
import dev.sluice.channel.Channels;
import dev.sluice.hub.control.HubClient;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.rsocket.security.Authenticator;
import dev.sluice.rsocket.security.Verb;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** What a hub says over HTTP. */
@Timeout(30)
class HubHttpTest {

    /** A sample of Prometheus' text format, as its documentation has it. */
    private static final Pattern SAMPLE = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*"
            + "(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"(\\\\[\\\\n\"]|[^\\\\\"])*\",?)*})?"
            + " (NaN|[+-]Inf|[+-]?[0-9.]+([eE][+-]?[0-9]+)?)");

    private static final String TEXT = "text/plain; charset=utf-8";

    private final HttpClient http = HttpClient.newHttpClient();
    private Hub hub;

    @AfterEach
    void close() {
        if (hub != null) {
            hub.close().block();
        }
    }

    private void start(UnaryOperator<HubOptions.Builder> more) {
        hub = Hub.create(
                more.apply(HubOptions.builder().webSocket("127.0.0.1", 0)).build());
        hub.start().block();
    }

    private URI uri(String path) {
        return hub.endpoints().stream()
                .filter(endpoint -> endpoint.getScheme().equals("http"))
                .findFirst()
                .orElseThrow()
                .resolve(path);
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(uri(path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(to(path));
    }

    private HttpResponse<String> get(String path, String user, String secret) throws IOException, InterruptedException {
        String pair = Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
        return send(to(path).header("Authorization", "Basic " + pair));
    }

    private static void assertType(HttpResponse<String> response, String type) {
        assertThat(response.headers().firstValue("content-type")).hasValue(type);
        assertThat(response.headers().firstValue("cache-control")).hasValue("no-store");
    }

    @Test
    void health_whileItRuns_isLiveAndReady() throws Exception {
        start(options -> options);

        HttpResponse<String> live = get("/health/live");
        HttpResponse<String> ready = get("/health/ready");

        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(live.body()).isEqualTo("live\n");
        assertType(live, TEXT);
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body()).isEqualTo("ready\n");
        assertType(ready, TEXT);
        assertThat(get("/elsewhere").statusCode()).isEqualTo(404);
    }

    @Test
    void health_whenDraining_isNotReady_andStillLive() throws Exception {
        HubOptions options = HubOptions.builder().webSocket("127.0.0.1", 0).build();
        Channels channels = Channels.inMemory();
        HubHttp draining = new HubHttp(() -> false, new HubMetrics(channels, 1), options);
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(draining::routes)
                .bindNow();
        try {
            URI base = URI.create("http://127.0.0.1:" + server.port());
            HttpResponse<String> ready = send(HttpRequest.newBuilder(base.resolve("/health/ready")));
            HttpResponse<String> live = send(HttpRequest.newBuilder(base.resolve("/health/live")));

            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).isEqualTo("draining\n");
            assertType(ready, TEXT);
            assertThat(live.statusCode()).isEqualTo(200);
        } finally {
            server.disposeNow();
            channels.close().block();
        }
    }

    @Test
    void drain_whileACallRuns_takesTheHubOutOfService() throws Exception {
        start(options -> options.tcp("127.0.0.1", 0));
        CountDownLatch called = new CountDownLatch(1);
        hub.server().service("endless", request -> Flux.<Source>never().doOnSubscribe(reader -> called.countDown()));
        HubClient client = HubClient.create(
                ClientOptions.tcp("127.0.0.1", hub.endpoints().get(0).getPort()).build());
        client.client().call(Call.to("endless")).subscribe(answer -> {}, failure -> {});
        called.await();
        URI ready = uri("/health/ready");

        Disposable drain = hub.drain().subscribe();

        await().untilAsserted(() -> assertThatThrownBy(() -> HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.ofString()))
                .isInstanceOf(ConnectException.class));
        assertThat(drain.isDisposed()).isFalse();
        hub.close().block();
        client.close().block();
    }

    @Test
    void metrics_arePrometheusText_withTheSumsOfAllChannels() throws Exception {
        start(options -> options);
        for (String name : List.of("orders", "plant/1", "plant/2")) {
            hub.channels().channel(name).send(Frame.text("one")).block();
            hub.channels().channel(name).send(Frame.text("two")).block();
        }
        hub.channels().channel("orders").receive().blockFirst();

        HttpResponse<String> response = get("/metrics");

        assertThat(response.statusCode()).isEqualTo(200);
        assertType(response, "text/plain; version=0.0.4; charset=utf-8");
        assertParses(response.body());
        assertThat(response.body().lines())
                .contains(
                        "# TYPE sluice_channel_accepted_total counter",
                        "# TYPE sluice_channels_accepted_total counter",
                        "# TYPE sluice_channel_buffered gauge",
                        "sluice_channels 3.0",
                        "sluice_channels_accepted_total 6.0",
                        "sluice_channels_delivered_total 1.0",
                        "sluice_channels_buffered 5.0",
                        "sluice_channel_accepted_total{channel=\"orders\"} 2.0",
                        "sluice_channel_buffered{channel=\"orders\"} 1.0",
                        "sluice_channel_buffered{channel=\"plant/2\"} 2.0",
                        "sluice_services 0.0",
                        "sluice_leases 0.0",
                        "sluice_discarded_total 0.0")
                .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"));
    }

    @Test
    void metrics_escapeNames() throws Exception {
        start(options -> options);
        hub.channels().create("we\"i\\rd", ChannelOptions.defaults()).block();
        hub.channels().create("größe", ChannelOptions.defaults()).block();

        String text = get("/metrics").body();

        assertParses(text);
        assertThat(text.lines())
                .contains(
                        "sluice_channel_accepted_total{channel=\"we\\\"i\\\\rd\"} 0.0",
                        "sluice_channel_accepted_total{channel=\"größe\"} 0.0");
    }

    @Test
    void metrics_tellTheFirstChannelsApart_andSumThemAll() throws Exception {
        start(options -> options.channelsInMetrics(2));
        for (int number = 0; number < 5; number++) {
            hub.channels().channel("c/" + number).send(Frame.text("x")).block();
        }

        List<String> lines = get("/metrics").body().lines().toList();

        assertThat(lines.stream().filter(line -> line.startsWith("sluice_channel_accepted_total{")))
                .containsExactly(
                        "sluice_channel_accepted_total{channel=\"c/0\"} 1.0",
                        "sluice_channel_accepted_total{channel=\"c/1\"} 1.0");
        assertThat(lines).contains("sluice_channels 5.0", "sluice_channels_accepted_total 5.0");
    }

    @Test
    void metrics_withoutNames_areSumsOnly() throws Exception {
        start(options -> options.channelsInMetrics(0));
        hub.channels().channel("c").send(Frame.text("x")).block();

        String text = get("/metrics").body();

        assertParses(text);
        assertThat(text).doesNotContain("channel=\"").contains("sluice_channels_accepted_total 1.0");
    }

    @Test
    void metrics_whenClientsMustSayWhoTheyAre_areForAdministrators() throws Exception {
        start(options -> options.security(
                Authenticator.fixed().user("ops", "let:me").user("dev", "in").build(),
                AccessPolicy.builder()
                        .identity("ops", "*", Verb.ADMIN)
                        .identity("dev", "*", Verb.SEND)
                        .identity("dev", "dev", Verb.ADMIN)
                        .build()));

        HttpResponse<String> nobody = get("/metrics");

        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(nobody.headers().firstValue("www-authenticate"))
                .hasValue("Basic realm=\"sluice\", charset=\"UTF-8\"");
        assertType(nobody, TEXT);
        assertThat(get("/metrics", "ops", "wrong").statusCode()).isEqualTo(401);
        assertThat(get("/metrics", "dev", "in").statusCode()).isEqualTo(401);
        assertThat(send(to("/metrics").header("Authorization", "Basic ???")).statusCode())
                .isEqualTo(401);
        assertThat(send(to("/metrics").header("Authorization", "Bearer b3BzOg=="))
                        .statusCode())
                .isEqualTo(401);
        assertThat(get("/metrics", "ops", "let:me").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void metrics_forManyAtATime_areReadOnce() {
        AtomicInteger readings = new AtomicInteger();
        Sinks.Empty<Void> slow = Sinks.empty();
        Flux<ChannelStats> stats = Flux.defer(() -> {
            readings.incrementAndGet();
            return slow.asMono().thenMany(Flux.empty());
        });
        HubMetrics metrics = new HubMetrics(reading(stats), 1);
        try {
            List<CompletableFuture<String>> scrapes = IntStream.range(0, 20)
                    .mapToObj(number -> metrics.scrape().toFuture())
                    .toList();
            // One of those who wait goes away, and takes nothing from the others.
            scrapes.get(0).cancel(true);
            await().until(() -> readings.get() == 1);
            slow.tryEmitEmpty();

            Set<String> texts = new HashSet<>();
            scrapes.subList(1, scrapes.size()).forEach(scrape -> texts.add(scrape.join()));
            assertThat(texts).hasSize(1);
            assertThat(readings).hasValue(1);
        } finally {
            metrics.close();
        }
    }

    @Test
    void metrics_afterAnError_areReadAgain() {
        AtomicInteger readings = new AtomicInteger();
        HubMetrics metrics = new HubMetrics(
                reading(Flux.defer(() -> readings.incrementAndGet() == 1
                        ? Flux.error(new IllegalStateException("the engine is away"))
                        : Flux.empty())),
                1);
        try {
            assertThatThrownBy(() -> metrics.scrape().block()).hasMessageContaining("the engine is away");
            assertThat(metrics.scrape().block()).contains("sluice_channels 0.0");
            assertThat(readings).hasValue(2);
        } finally {
            metrics.close();
        }
    }

    /** Channels that can do nothing but be read. */
    private static Channels reading(Flux<ChannelStats> stats) {
        return (Channels) Proxy.newProxyInstance(
                HubHttpTest.class.getClassLoader(),
                new Class<?>[] {Channels.class},
                (proxy, method, arguments) -> stats);
    }

    /** Each sample is of a metric that was introduced by its help and its type. */
    private static void assertParses(String text) {
        Set<String> known = new HashSet<>();
        String helped = "";
        for (String line : text.split("\n", -1)) {
            String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                helped = words[2];
            } else if (line.startsWith("# TYPE ")) {
                assertThat(words[2]).as("introduced by its help").isEqualTo(helped);
                assertThat(words[3]).isIn("counter", "gauge", "summary", "histogram");
                assertThat(known.add(words[2])).as(words[2] + " comes once").isTrue();
                assertThat(words[2].endsWith("_total"))
                        .as("%s is a %s", words[2], words[3])
                        .isEqualTo(words[3].equals("counter"));
            } else if (!line.isEmpty()) {
                assertThat(line).matches(SAMPLE);
                String name = line.split("[ {]", 2)[0];
                assertThat(known).contains(known.contains(name) ? name : name.replaceFirst("_(count|sum|bucket)$", ""));
            }
        }
        assertThat(text).endsWith("\n");
    }
}
