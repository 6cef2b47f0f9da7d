package dev.sluice.hub;

import static dev.sluice.hub.HubFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.ConfigurationException;
import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.directory.Directory;
import dev.sluice.directory.Instance;
import dev.sluice.directory.Scheme;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.Service;
import dev.sluice.rsocket.security.SelfGuarded;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A hub in a directory: what stands there, and what becomes of it. */
class HubRegistrationsTest {

    private static final Service STATUS = request -> Mono.just(Source.of("status", Mono.just(Frame.text("fine"))));

    private final ShakyDirectory directory = new ShakyDirectory();

    private HubFixture started() {
        return HubFixture.start(hub -> hub.directory(directory).node("plant"));
    }

    private List<String> services() {
        return Objects.requireNonNull(directory.services().collectList().block(PATIENCE));
    }

    private Set<Instance> instances(String service) {
        return Objects.requireNonNull(directory.instances(service).block(PATIENCE));
    }

    private static ConditionFactory awaiting() {
        return await().atMost(PATIENCE);
    }

    private void awaitServices(String... names) {
        awaiting().untilAsserted(() -> assertThat(services()).containsExactly(names));
    }

    @Test
    void hub_standsWithWhereItIs_andWhatAnybodyMayCall() {
        try (HubFixture fixture = started()) {
            awaitServices("echo", "hub");

            Instance hub = instances("hub").iterator().next();
            URI tcp = fixture.endpoint("tcp");
            assertThat(hub.scheme()).isEqualTo(Scheme.RSOCKET);
            assertThat(hub.host() + ":" + hub.port()).isEqualTo("127.0.0.1:" + tcp.getPort());
            assertThat(hub.id()).matches("plant-[0-9a-z]+");
            assertThat(hub.metadata())
                    .containsEntry("node", "plant")
                    .containsEntry("version", Version.current())
                    .containsEntry("ws", fixture.endpoint("ws").toString())
                    .containsEntry("http", fixture.endpoint("http").toString());
            Instance echo = instances("echo").iterator().next();
            assertThat(echo.port()).isEqualTo(tcp.getPort());
            assertThat(echo.metadata())
                    .containsOnlyKeys("node", "hub")
                    .containsEntry("hub", hub.metadata().get("hub"));
        }
        assertThat(services()).isEmpty();
    }

    @Test
    void hubWithoutTcp_isFoundOverWebSocket() {
        HubOptions options = HubOptions.builder()
                .webSocket("127.0.0.1", 0)
                .directory(directory)
                .advertise("hub.example", 7)
                .build();
        Hub hub = Objects.requireNonNull(Hub.create(options).start().block(PATIENCE));
        try {
            awaitServices("echo", "hub");
            Instance echo = instances("echo").iterator().next();
            assertThat(echo.toString()).endsWith(" at ws://hub.example:7");
            assertThat(echo.metadata()).containsEntry(Instance.PATH, "/rsocket");
            assertThat(instances("hub").iterator().next().metadata())
                    .containsEntry("ws", "ws://hub.example:7/rsocket")
                    .containsEntry("http", "http://hub.example:7");
        } finally {
            hub.close().block(PATIENCE);
        }
    }

    @Test
    void offersOfClients_comeAndGo() {
        try (HubFixture fixture = started()) {
            Disposable one = fixture.client().offer("meters", STATUS).subscribe();
            awaitServices("echo", "hub", "meters");
            Disposable other = fixture.client().offer("meters", STATUS).subscribe();
            Disposable hub = fixture.client().offer("hub", STATUS).subscribe();
            Disposable third = fixture.client().offer("valves", STATUS).subscribe();
            awaitServices("echo", "hub", "meters", "valves");

            one.dispose();
            third.dispose();
            awaitServices("echo", "hub", "meters");
            other.dispose();
            awaitServices("echo", "hub");
            assertThat(instances("hub")).hasSize(1);
            hub.dispose();
        }
    }

    @Test
    void servicesOfTheApplication_comeAndGo_butNotThoseThatGuardThemselves() {
        try (HubFixture fixture = started()) {
            fixture.hub().server().service("control", (SelfGuarded) request -> Flux.empty());
            fixture.hub().server().service("own", STATUS);
            awaitServices("echo", "hub", "own");

            fixture.hub().server().withdraw("own");
            awaitServices("echo", "hub");
        }
    }

    @Test
    void lostRegistration_comesBackUnderAnotherId() {
        try (HubFixture fixture = started()) {
            awaitServices("echo", "hub");
            Instance before = instances("hub").iterator().next();

            directory.lose("hub");

            awaiting().until(() -> instances("hub").size() == 1);
            Instance after = instances("hub").iterator().next();
            assertThat(after.id()).isNotEqualTo(before.id());
            assertThat(after).isEqualTo(before.withId(after.id()));
            assertThat(fixture.client().info().block(PATIENCE)).isNotNull();
        }
    }

    @Test
    void directoryThatIsAway_isTriedUntilItIsThere() throws IOException, InterruptedException {
        directory.away(true);
        try (HubFixture fixture = started()) {
            assertThat(fixture.client().info().block(PATIENCE)).isNotNull();
            assertThat(metrics(fixture)).contains("sluice_directory_registrations 0.0");

            directory.away(false);

            awaitServices("echo", "hub");
            awaiting().until(() -> metrics(fixture).contains("sluice_directory_registrations 2.0"));
        }
    }

    private static String metrics(HubFixture fixture) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(fixture.endpoint("http").resolve("/metrics"))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    @Test
    void directoryThatTakesNoRegistrations_leavesTheHubAsItIs() {
        try (HubFixture fixture = HubFixture.start(hub -> hub.directory("static:127.0.0.1:7"))) {
            assertThat(fixture.client().channels().count().block(PATIENCE)).isZero();
            fixture.hub().drain().block(PATIENCE);
        }
    }

    @Test
    void drain_leavesTheDirectoryFirst_whileCallsGoOn() {
        try (HubFixture fixture = started()) {
            AtomicBoolean called = new AtomicBoolean();
            fixture.hub().server().service("slow", request -> {
                called.set(true);
                return Mono.just(Source.of("slow", Flux.<Frame>never()));
            });
            awaitServices("echo", "hub", "slow");
            Disposable call = fixture.client()
                    .client()
                    .call(Call.to("slow"))
                    .flatMap(source -> source.frames())
                    .subscribe(frame -> {}, failure -> {});
            awaiting().untilTrue(called);

            Disposable drain = fixture.hub().drain().subscribe();

            awaitServices();
            fixture.hub().server().service("late", STATUS);
            assertThat(drain.isDisposed()).isFalse();
            assertThat(call.isDisposed()).isFalse();
            call.dispose();
            awaiting().until(drain::isDisposed);
            assertThat(services()).isEmpty();
        }
    }

    @Test
    void close_asSoonAsItHasDrained_ends() {
        try (HubFixture fixture = started()) {
            Hub hub = fixture.hub();

            hub.drain().then(Mono.defer(hub::close)).block(PATIENCE);

            assertThat(services()).isEmpty();
        }
    }

    @Test
    void ownDirectory_isClosedWithTheHub() {
        Directory other = Directory.open("memory:HubRegistrationsTest");
        try (HubFixture fixture = HubFixture.start(hub -> hub.directory("memory:HubRegistrationsTest"))) {
            awaiting()
                    .until(() -> !Objects.requireNonNull(other.instances("hub").block())
                            .isEmpty());
            assertThat(fixture.hub().endpoints()).isNotEmpty();
        }
        assertThat(other.instances("hub").block()).isEmpty();
        other.close().block();
    }

    @Test
    void badUrl_isRefused() {
        HubOptions options =
                HubOptions.builder().tcp("127.0.0.1", 0).directory("nowhere:").build();

        assertThatThrownBy(() -> Hub.create(options))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("nowhere");
        assertThatThrownBy(() -> HubOptions.builder()
                        .tcp("127.0.0.1", 0)
                        .directoryTtl(Duration.ofMillis(1))
                        .build())
                .hasMessageContaining("directoryTtl");
    }

    @Test
    void listeningOnAllAddresses_advertisesOneOfTheMachine_orRefuses() {
        HubOptions all =
                HubOptions.builder().tcp("0.0.0.0", 0).webSocket("::", 0).build();
        HubOptions said =
                HubOptions.builder().tcp("0.0.0.0", 0).advertise("hub", 0).build();

        assertThat(Advertised.of(all, () -> Optional.of("10.0.0.9")).host()).isEqualTo("10.0.0.9");
        assertThat(Advertised.of(said, Optional::empty).host()).isEqualTo("hub");
        assertThatThrownBy(() -> Advertised.of(all, Optional::empty))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("advertise")
                .hasMessageContaining("0.0.0.0");
    }

    @Test
    void advertisedAddress_isOfAllEndpointsThatListenThere() {
        HubOptions options = HubOptions.builder()
                .tcp("0.0.0.0", 1)
                .webSocket("::", 2)
                .ninep("127.0.0.1", 5640)
                .advertise("fe::1", 77)
                .build();
        List<URI> endpoints =
                List.of(URI.create("tcp://0.0.0.0:1"), URI.create("ws://[::]:2/rsocket"), URI.create("http://[::]:2"));

        Instance instance = Advertised.of(options, Optional::empty)
                .instance(options, endpoints, URI.create("tcp://127.0.0.1:5640"), "7");

        assertThat(instance.host() + " " + instance.port()).isEqualTo("fe::1 77");
        assertThat(instance.metadata())
                .isEqualTo(Map.of(
                        "version", "7",
                        "ws", "ws://[fe::1]:2/rsocket",
                        "http", "http://[fe::1]:2",
                        "9p", "tcp://127.0.0.1:5640"));
    }

    @Test
    void machine_tellsNoLoopbackAddress() {
        assertThat(Advertised.ofThisMachine())
                .satisfies(found -> found.ifPresent(host -> assertThat(host)
                        .doesNotStartWith("127.")
                        .isNotEqualTo("::1")
                        .doesNotContain("%")));
    }
}
