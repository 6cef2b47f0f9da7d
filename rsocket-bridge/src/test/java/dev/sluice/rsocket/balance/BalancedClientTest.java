package dev.sluice.rsocket.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.AccessDeniedException;
import dev.sluice.ConnectionLostException;
import dev.sluice.DirectoryUnavailableException;
import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.directory.Directory;
import dev.sluice.directory.Instance;
import dev.sluice.directory.Registration;
import dev.sluice.directory.Scheme;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.rsocket.security.Authenticator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** Calls over the instances of a service, each a server of its own. */
class BalancedClientTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration TTL = Duration.ofSeconds(30);

    private final Directory directory = Directory.inMemory();
    private final List<SluiceServer> servers = new ArrayList<>();
    private final Map<String, Registration> registrations = new HashMap<>();
    private final Sinks.Empty<Void> release = Sinks.empty();
    private Duration closeTimeout = Duration.ofMillis(300);
    private BalancedClient client = client(BalanceOptions.builder());

    private BalancedClient client(BalanceOptions.Builder options) {
        client = BalancedClient.create(
                directory,
                "who",
                options.passOver(Duration.ofMillis(200), Duration.ofSeconds(1)).build());
        return client;
    }

    /** A server that answers with its name; "slow" answers and goes on until it is released. */
    private SluiceServer serve(String name) {
        return serve(name, ServerOptions.builder());
    }

    private SluiceServer serve(String name, ServerOptions.Builder options) {
        SluiceServer server = SluiceServer.create(options.tcp("127.0.0.1", 0)
                        .session(SessionOptions.builder()
                                .closeTimeout(closeTimeout)
                                .build())
                        .build())
                .service("who", request -> {
                    Source source = Source.of(name, Flux.<Frame>empty());
                    return request.body().asText().equals("slow")
                            ? Flux.concat(Mono.just(source), release.asMono().then(Mono.empty()))
                            : Mono.just(source);
                });
        servers.add(server);
        server.start().block(LONG);
        register(name, server.port());
        return server;
    }

    private void register(String name, int port) {
        Instance instance = Instance.of(Scheme.RSOCKET, "127.0.0.1", port).withId(name);
        registrations.put(
                name,
                Objects.requireNonNull(directory.register("who", instance, TTL).block(LONG)));
    }

    private void withdraw(String name) {
        Objects.requireNonNull(registrations.get(name)).withdraw().block(LONG);
    }

    private Mono<String> who() {
        return names(client.post(Frame.EMPTY)).single();
    }

    /** A call that ends when it is released. */
    private Flux<String> slow() {
        return names(client.post(Frame.text("slow")));
    }

    private static Flux<String> names(Flux<RemoteSource> sources) {
        return sources.flatMap(
                source -> source.frames().then(Mono.just(source.header().asText())));
    }

    private String who(String bucket) {
        return Objects.requireNonNull(names(client.post(Frame.EMPTY, Map.of(BalancedClient.BUCKET, bucket)))
                .blockLast(LONG));
    }

    private Map<String, String> owners() {
        Map<String, String> owners = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
            owners.put("b" + i, who("b" + i));
        }
        return owners;
    }

    @AfterEach
    void close() {
        release.tryEmitEmpty();
        client.close().block(LONG);
        Flux.fromIterable(servers).flatMap(SluiceServer::close).then().block(LONG);
        directory.close().block(LONG);
    }

    @Test
    void calls_withoutABucket_areSpreadEvenly() {
        serve("a");
        serve("b");
        serve("c");
        List<String> answered = new CopyOnWriteArrayList<>();

        Disposable running = Flux.range(0, 60).flatMap(i -> slow(), 60).subscribe(answered::add);

        await().until(() -> answered.size() == 60);
        for (String name : List.of("a", "b", "c")) {
            assertThat(answered.stream().filter(name::equals).count()).isBetween(14L, 26L);
        }
        running.dispose();
    }

    @Test
    void calls_ofOneBucket_goToOneInstance() {
        serve("a");
        serve("b");
        serve("c");

        Map<String, String> owners = owners();

        assertThat(owners.values()).contains("a", "b", "c");
        assertThat(owners()).isEqualTo(owners);
    }

    @Test
    void buckets_whenOneJoinsAndLeaves_moveToItAndBack() {
        serve("a");
        serve("b");
        Map<String, String> before = owners();

        SluiceServer joining = serve("c");
        await().until(() -> owners().containsValue("c"));
        Map<String, String> with = owners();
        with.forEach((bucket, owner) -> assertThat(owner).isIn("c", before.get(bucket)));

        withdraw("c");
        await().untilAsserted(() -> assertThat(owners()).isEqualTo(before));
        await().untilAsserted(() -> assertThat(joining.peers()).isEmpty());
    }

    @Test
    void instance_thatLeft_isDisconnectedWhenItsCallsHaveEnded() {
        SluiceServer server = serve("a");
        List<String> got = new CopyOnWriteArrayList<>();
        slow().subscribe(got::add);
        await().until(() -> !got.isEmpty());
        assertThat(server.peers()).hasSize(1);

        withdraw("a");
        serve("b");
        await().untilAsserted(() -> assertThat(who().block(LONG)).isEqualTo("b"));
        assertThat(server.peers()).hasSize(1);
        release.tryEmitEmpty();

        await().untilAsserted(() -> assertThat(server.peers()).isEmpty());
    }

    @Test
    void instance_thatCannotBeReached_isPassedOver() {
        register("nobody", 1);
        serve("a");

        for (int i = 0; i < 20; i++) {
            assertThat(who("b" + i)).isEqualTo("a");
            assertThat(who().block(LONG)).isEqualTo("a");
        }
    }

    @Test
    void instance_thatDies_failsWhatItHadAndGetsNoMore() {
        SluiceServer dying = serve("a");
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        List<String> got = new CopyOnWriteArrayList<>();
        slow().subscribe(got::add, failures::add);
        await().until(() -> !got.isEmpty());
        serve("b");

        dying.close().block(LONG);

        await().until(() -> !failures.isEmpty());
        assertThat(failures.get(0)).isInstanceOf(ConnectionLostException.class);
        for (int i = 0; i < 10; i++) {
            assertThat(who().block(LONG)).isEqualTo("b");
        }
    }

    @Test
    void instance_thatShutsDown_keepsItsCallAndIsSentNoMore() {
        closeTimeout = LONG;
        SluiceServer leaving = serve("a");
        List<String> got = new CopyOnWriteArrayList<>();
        List<String> ends = new CopyOnWriteArrayList<>();
        slow().subscribe(got::add, error -> ends.add("error"), () -> ends.add("complete"));
        await().until(() -> !got.isEmpty());
        serve("b");
        await().until(() -> owners().containsValue("b"));

        Disposable closing = leaving.close().subscribe();
        for (int i = 0; i < 20; i++) {
            await().untilAsserted(() -> assertThat(who().block(LONG)).isEqualTo("b"));
        }
        release.tryEmitEmpty();

        await().untilAsserted(() -> assertThat(ends).containsExactly("complete"));
        closing.dispose();
    }

    @Test
    void call_beforeThereIsAnInstance_waitsForOne() {
        List<String> got = new CopyOnWriteArrayList<>();
        who().subscribe(got::add);

        serve("late");

        await().untilAsserted(() -> assertThat(got).containsExactly("late"));
    }

    @Test
    void call_withoutAnInstance_failsAndNamesTheService() {
        client(BalanceOptions.builder().instanceTimeout(Duration.ofMillis(200)));

        StepVerifier.create(who())
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(ConnectionLostException.class)
                        .hasMessageContaining("\"who\"")
                        .hasMessageContaining("the directory has none"))
                .verify(LONG);
    }

    @Test
    void call_whenNoInstanceCanBeReached_saysWhy() {
        register("nobody", 1);
        client(BalanceOptions.builder().instanceTimeout(Duration.ofMillis(700)));

        StepVerifier.create(who())
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(ConnectionLostException.class)
                        .hasMessageContaining("127.0.0.1:1"))
                .verify(LONG);
    }

    @Test
    void call_whenTheDirectoryIsAway_failsWithThat() {
        directory.close().block(LONG);
        client(BalanceOptions.builder().instanceTimeout(Duration.ofMillis(300)));

        StepVerifier.create(who())
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(DirectoryUnavailableException.class)
                        .hasMessageContaining("\"who\""))
                .verify(LONG);
    }

    @Test
    void call_afterTheDirectoryWentAway_goesOnWithWhatWasKnown() {
        serve("a");
        assertThat(who().block(LONG)).isEqualTo("a");

        directory.close().block(LONG);

        assertThat(who().block(LONG)).isEqualTo("a");
    }

    @Test
    void client_showsItsCredentialsToEachInstance() {
        Authenticator fixed = Authenticator.fixed().token("t0ken", "robot").build();
        serve("a", ServerOptions.builder().authenticator(fixed).accessPolicy(AccessPolicy.allowAll()));
        assertThat(who().then(Mono.<Throwable>empty()).onErrorResume(Mono::just).block(LONG))
                .isInstanceOf(AccessDeniedException.class);
        client.close().block(LONG);

        client(BalanceOptions.builder().client(options -> options.bearer("t0ken")));

        assertThat(who().block(LONG)).isEqualTo("a");
    }
}
