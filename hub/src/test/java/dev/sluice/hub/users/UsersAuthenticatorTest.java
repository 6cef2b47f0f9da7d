package dev.sluice.hub.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.AccessDeniedException;
import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import dev.sluice.rsocket.security.Credentials;
import dev.sluice.rsocket.security.Identity;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class UsersAuthenticatorTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String SECRET = "open: sesame";
    private static final String OTHER = "sesame street";
    private static final Users USERS = Users.parse(
            "users:\n"
                    + "  ann:\n"
                    + "    secret: " + SecretHash.of(SECRET, 1000).text() + "\n"
                    + "    may: [{prefix: plant, verbs: [call]}]\n"
                    + "  bob:\n"
                    + "    secret: " + SecretHash.of(OTHER, 1001).text() + "\n",
            "users.yaml");

    private final List<SecretHash> compared = new CopyOnWriteArrayList<>();
    private final Set<String> threads = ConcurrentHashMap.newKeySet();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final UsersAuthenticator authenticator = new UsersAuthenticator(USERS.all(), this::compare);

    private boolean compare(SecretHash hash, String secret) {
        compared.add(hash);
        threads.add(Thread.currentThread().getName());
        try {
            gate.await();
        } catch (InterruptedException ended) {
            return false;
        }
        return hash.matches(secret);
    }

    @AfterEach
    void dispose() {
        gate.countDown();
        authenticator.dispose();
    }

    @Test
    void nameAndSecret_andTheTokenOfBoth_areThatUser() {
        assertThat(shown(Credentials.simple("ann", SECRET))).isEqualTo(Identity.of("ann"));
        assertThat(shown(Credentials.bearer("ann:" + SECRET))).isEqualTo(Identity.of("ann"));
        assertThat(shown(Credentials.bearer("bob:" + OTHER))).isEqualTo(Identity.of("bob"));
    }

    @Test
    void allElse_isNobody() {
        assertThat(shown(Credentials.simple("ann", OTHER))).isNull();
        assertThat(shown(Credentials.simple("bob", SECRET))).isNull();
        assertThat(shown(Credentials.simple("Ann", SECRET))).isNull();
        assertThat(shown(Credentials.simple("nobody", SECRET))).isNull();
        assertThat(shown(Credentials.simple("ann: sesame", "open"))).isNull();
        assertThat(shown(Credentials.simple("ann", ""))).isNull();
        assertThat(shown(Credentials.simple("", SECRET))).isNull();
        assertThat(shown(Credentials.simple("ann", "x".repeat(1025)))).isNull();
        assertThat(shown(Credentials.bearer(SECRET))).isNull();
        assertThat(shown(Credentials.bearer("ann"))).isNull();
        assertThat(shown(Credentials.bearer(""))).isNull();
    }

    @Test
    void rightSecret_isComparedOnce_andRememberedForItsUserAlone() {
        shown(Credentials.simple("ann", SECRET));
        shown(Credentials.bearer("ann:" + SECRET));
        shown(Credentials.simple("ann", SECRET));
        assertThat(compared).hasSize(1);

        assertThat(shown(Credentials.simple("bob", SECRET))).isNull();
        assertThat(shown(Credentials.simple("ann", SECRET + "!"))).isNull();
        assertThat(shown(Credentials.simple("ann", SECRET + "!"))).isNull();
        assertThat(compared).as("wrong secrets are not remembered").hasSize(4);

        assertThat(shown(Credentials.simple("ann", SECRET))).isEqualTo(Identity.of("ann"));
        assertThat(compared)
                .as("a wrong secret takes nothing from the right one")
                .hasSize(4);
    }

    /** Nor does one who knows a user's secret come in under a name that is compared with it. */
    @Test
    void unknownName_isComparedWithSomebodysHash_alwaysTheSame_andRefused() {
        List<SecretHash> known =
                USERS.all().stream().map(User::secret).distinct().toList();
        Set<SecretHash> decoys = ConcurrentHashMap.newKeySet();

        for (int i = 0; i < 40; i++) {
            compared.clear();
            for (String secret : List.of(SECRET, OTHER, SECRET)) {
                assertThat(shown(Credentials.simple("nobody" + i, secret))).isNull();
            }
            assertThat(compared).hasSize(3);
            assertThat(Set.copyOf(compared)).hasSize(1);
            decoys.addAll(compared);
        }

        assertThat(decoys).containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void comparison_runsOnThreadsOfItsOwn_whenSubscribedTo() {
        Mono<Identity> asked = authenticator.authenticate(Credentials.simple("ann", SECRET));
        assertThat(compared).isEmpty();

        // BlockHound watches a parallel thread as it does an event loop.
        for (int i = 0; i < 2; i++) {
            StepVerifier.create(Mono.defer(() -> asked).subscribeOn(Schedulers.parallel()))
                    .expectNext(Identity.of("ann"))
                    .verifyComplete();
        }

        assertThat(threads).hasSize(1).allSatisfy(name -> assertThat(name).startsWith("sluice-hub-users-"));
    }

    @Test
    void sameCredentialsAtTheSameTime_areComparedOnce_alsoWhenTheFirstClientLeaves() {
        gate = new CountDownLatch(1);
        AtomicInteger known = new AtomicInteger();
        Mono<Identity> asked = authenticator.authenticate(Credentials.simple("ann", SECRET));

        asked.subscribe().dispose();
        for (int i = 0; i < 1000; i++) {
            asked.subscribe(who -> known.incrementAndGet());
        }
        gate.countDown();

        Awaitility.await().until(() -> known.get() == 1000);
        assertThat(compared).hasSize(1);
    }

    @Test
    void moreThanMayWait_areToldToComeBack_andMayWhenThereIsRoom() {
        gate = new CountDownLatch(1);
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        AtomicInteger answered = new AtomicInteger();
        IntStream.range(0, 50)
                .forEach(i -> authenticator
                        .authenticate(Credentials.simple("ann", "wrong secret " + i))
                        .subscribe(who -> {}, failures::add, answered::incrementAndGet));

        assertThat(failures)
                .hasSize(50 - 2 - 32)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(UsersBusyException.class)
                        .isNotInstanceOf(AccessDeniedException.class)
                        .hasMessageContaining("come back later"));
        gate.countDown();
        Awaitility.await().until(() -> answered.get() == 34);
        assertThat(threads).hasSize(2);
        assertThat(shown(Credentials.simple("ann", "wrong secret 49"))).isNull();
        assertThat(shown(Credentials.simple("ann", SECRET))).isEqualTo(Identity.of("ann"));
    }

    @Test
    void dispose_endsTheThreads_andRefusesNobodyForGood() {
        authenticator.dispose();

        assertThat(authenticator.isDisposed()).isTrue();
        StepVerifier.create(authenticator.authenticate(Credentials.simple("ann", SECRET)))
                .verifyError(UsersBusyException.class);
    }

    @Test
    void texts_showNoSecret() {
        assertThat(authenticator).hasToString("UsersAuthenticator(2 users)");
        assertThat(USERS.all().toString()).contains("ann").doesNotContain(SECRET, hashOf("ann"));
    }

    @Test
    void server_letsUsersIn_toWhatTheyMay() {
        SluiceServer server = SluiceServer.create(ServerOptions.builder()
                        .tcp("127.0.0.1", 0)
                        .authenticator(authenticator)
                        .accessPolicy(USERS.policy())
                        .build())
                .service("plant", request -> Mono.just(Source.of("p", Flux.just(Frame.text("open")))));
        server.start().block(SOON);
        SluiceClient ann = SluiceClient.create(ClientOptions.tcp("127.0.0.1", server.port())
                .bearer("ann:" + SECRET)
                .build());
        SluiceClient bob = SluiceClient.create(ClientOptions.tcp("127.0.0.1", server.port())
                .simple("bob", OTHER)
                .build());
        SluiceClient eve = SluiceClient.create(ClientOptions.tcp("127.0.0.1", server.port())
                .simple("eve", SECRET)
                .build());

        assertThat(ann.post("plant", Frame.EMPTY).flatMap(RemoteSource::frames).blockLast(SOON))
                .isEqualTo(Frame.text("open"));
        StepVerifier.create(bob.post("plant", Frame.EMPTY)).verifyError(AccessDeniedException.class);
        StepVerifier.create(eve.post("plant", Frame.EMPTY)).verifyError(AccessDeniedException.class);
        Flux.just(ann, bob, eve).flatMap(SluiceClient::close).blockLast(SOON);
        server.close().block(SOON);
    }

    private static String hashOf(String name) {
        return USERS.all().stream()
                .filter(user -> user.name().equals(name))
                .map(user -> user.secret().text())
                .findAny()
                .orElseThrow();
    }

    private @Nullable Identity shown(Credentials credentials) {
        return authenticator.authenticate(credentials).block(SOON);
    }
}
