package dev.sluice.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.DirectoryUnavailableException;
import dev.sluice.directory.Directory;
import dev.sluice.directory.GroupTerms;
import dev.sluice.directory.Instance;
import dev.sluice.directory.Registration;
import dev.sluice.directory.Scheme;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.test.StepVerifier;

/** What becomes of registrations and of those who watch when etcd goes away, or this process stands still. */
class EtcdOutageTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration TTL = Duration.ofSeconds(3);
    private static final Duration LONGER_TTL = Duration.ofSeconds(15);

    private final Instance a = Instance.of(Scheme.RSOCKET, "a", 7000);
    private final Instance b = Instance.of(Scheme.RSOCKET, "b", 7000);
    private final List<Set<Instance>> seen = new CopyOnWriteArrayList<>();
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init") // started before each test
    private EtcdServer server;

    @SuppressWarnings("NullAway.Init")
    private EtcdEngine engine;

    @SuppressWarnings("NullAway.Init")
    private Directory holder;

    @SuppressWarnings("NullAway.Init")
    private Directory other;

    @BeforeEach
    void start() {
        server = EtcdServer.start();
        engine = new EtcdEngine(server);
        Directory patient = engine.open();
        patient.instances("s").block(LONG);
        patient.close().block(LONG);
        EtcdOptions impatient = engine.options()
                .requestTimeout(Duration.ofSeconds(2))
                .resync(Duration.ofSeconds(1))
                .build();
        holder = engine.open(impatient);
        other = engine.open(impatient);
    }

    @AfterEach
    void stop() {
        holder.close().block(LONG);
        other.close().block(LONG);
        server.close();
    }

    private static Registration register(Directory directory, Instance instance, Duration ttl) {
        return Objects.requireNonNull(directory.register("s", instance, ttl).block(LONG));
    }

    private Disposable watch() {
        Disposable watching = other.watch("s").subscribe(seen::add, errors::add);
        await().until(() -> !seen.isEmpty());
        return watching;
    }

    private void awaitLatest(Set<Instance> wanted) {
        await().atMost(LONG).untilAsserted(() -> assertThat(seen).last().isEqualTo(wanted));
    }

    @Test
    void outage_ofAnEtcdThatKeepsItsData_isNotNoticed() {
        Registration registration = register(holder, a, TTL);
        List<String> ends = new CopyOnWriteArrayList<>();
        registration.onEnd().subscribe(done -> {}, failure -> ends.add("lost"), () -> ends.add("over"));
        watch();

        server.kill();
        engine.pass(TTL.plusSeconds(1));
        server.restart();
        engine.pass(TTL.plusSeconds(1));

        assertThat(other.instances("s").block(LONG)).containsExactly(a);
        assertThat(ends).isEmpty();
        register(holder, b, TTL);
        awaitLatest(Set.of(a, b));
        assertThat(seen).containsExactly(Set.of(a), Set.of(a, b));
        assertThat(errors).isEmpty();
    }

    @Test
    void outage_ofAnEtcdThatComesBackEmpty_bringsBackWhatIsHeld() {
        register(holder, a, LONGER_TTL);
        holder.destinations()
                .join("orders", "billing", GroupTerms.defaults(), "m1", LONGER_TTL)
                .block(LONG);
        watch();

        server.kill();
        server.restartEmpty();

        await().atMost(LONG).ignoreExceptions().untilAsserted(() -> {
            assertThat(other.instances("s").block(LONG)).containsExactly(a);
            assertThat(server.etcdctl("get", "--prefix", "--keys-only", engine.prefix)
                            .lines())
                    .contains(
                            engine.prefix + "/destinations/orders/groups/billing",
                            engine.prefix + "/destinations/orders/groups/billing/members/m1");
        });
        awaitLatest(Set.of(a));
        register(holder, b, TTL);
        awaitLatest(Set.of(a, b));
        assertThat(errors).isEmpty();
    }

    @Test
    void compaction_whileEtcdIsAway_isNotNoticed() {
        watch();
        register(holder, a, LONGER_TTL);
        awaitLatest(Set.of(a));
        server.kill();
        server.restart();
        for (int i = 0; i < 20; i++) {
            server.etcdctl("put", engine.prefix + "/unrelated", "x" + i);
        }
        String header = server.etcdctl("get", "x", "-w", "fields");
        String revision = header.replaceAll("(?s).*\"Revision\" : (\\d+).*", "$1");
        server.etcdctl("compact", revision);

        register(holder, b, LONGER_TTL);

        awaitLatest(Set.of(a, b));
        assertThat(errors).isEmpty();
    }

    @Test
    void lease_revokedFromUnderItsHolder_isReplaced() {
        register(holder, a, TTL);
        register(holder, b, TTL);
        watch();
        long lease = engine.keyspace(holder).leases().get(0);

        server.etcdctl("lease", "revoke", Long.toHexString(lease));

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(engine.keyspace(holder).leases())
                        .doesNotContain(lease)
                        .hasSize(1));
        awaitLatest(Set.of(a, b));
    }

    @Test
    void key_takenBySomebodyElseMeanwhile_isLost() {
        Registration first = register(holder, a, LONGER_TTL);
        Registration second = register(holder, b, LONGER_TTL);
        engine.crash(holder);
        server.etcdctl(
                "lease",
                "revoke",
                Long.toHexString(engine.keyspace(holder).leases().get(0)));
        register(other, a, TTL);

        engine.keyspace(holder).resume();

        StepVerifier.create(first.onEnd())
                .expectError(DirectoryUnavailableException.class)
                .verify(LONG);
        await().ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(other.instances("s").block(LONG)).containsExactlyInAnyOrder(a, b));
        second.withdraw().block(LONG);
        assertThat(other.instances("s").block(LONG)).containsExactly(a);
    }

    @Test
    void process_thatSleptForLongerThanItsTimeToLive_hasLostItsRegistrations() {
        Registration registration = register(holder, a, TTL);
        watch();
        engine.crash(holder);
        awaitLatest(Set.of());

        engine.keyspace(holder).resume();

        StepVerifier.create(registration.onEnd())
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(DirectoryUnavailableException.class)
                        .hasMessageContaining("new id"))
                .verify(LONG);
        registration.withdraw().block(LONG);
        await().untilAsserted(() -> assertThat(engine.keyspace(holder).leases()).isEmpty());
        register(holder, b, TTL);
        awaitLatest(Set.of(b));
    }

    @Test
    void withdraw_whileEtcdIsAway_failsAndIsMadeUpFor() {
        Registration registration = register(holder, a, LONGER_TTL);
        register(holder, b, LONGER_TTL);
        server.kill();

        assertThatThrownBy(() -> registration.withdraw().block(LONG)).isInstanceOf(DirectoryUnavailableException.class);
        server.restart();

        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(other.instances("s").block(LONG)).containsExactly(b));
    }

    @Test
    void close_whileEtcdIsAway_returnsInTime() {
        Registration registration = register(holder, a, TTL);
        watch();
        server.kill();

        holder.close().block(Duration.ofSeconds(5));
        other.close().block(Duration.ofSeconds(5));

        assertThat(registration.onEnd().blockOptional(LONG)).isEmpty();
        await().untilAsserted(() -> assertThat(errors).hasSize(1));
        assertThat(errors.get(0)).isInstanceOf(DirectoryUnavailableException.class);
        assertThat(seen).containsExactly(Set.of(a));
        assertThat(engine.keyspace(holder).isEmpty()).isTrue();
    }

    @Test
    void firstUse_whileEtcdIsAway_failsAndWatchesWait() {
        server.kill();
        Disposable watching = other.watch("s").subscribe(seen::add, errors::add);

        assertThatThrownBy(() -> register(holder, a, TTL))
                .isInstanceOf(DirectoryUnavailableException.class)
                .hasMessageContaining(server.endpoint());
        assertThatThrownBy(() -> holder.instances("s").block(LONG))
                .isInstanceOf(DirectoryUnavailableException.class)
                .hasMessageContaining(server.endpoint());
        assertThat(seen).isEmpty();
        server.restart();

        awaitLatest(Set.of());
        register(holder, a, TTL);
        awaitLatest(Set.of(a));
        assertThat(errors).isEmpty();
        watching.dispose();
    }

    @Test
    void cancel_beforeTheRegistrationIsThere_leavesNothing() {
        register(holder, b, TTL);
        for (int i = 0; i < 50; i++) {
            Disposable registering = holder.register("s", a, TTL).subscribe(registered -> {}, refused -> {});
            registering.dispose();
        }

        // One of them may come and go again meanwhile.
        await().during(Duration.ofMillis(500))
                .untilAsserted(
                        () -> assertThat(other.instances("s").block(LONG)).containsExactly(b));
        await().ignoreExceptionsInstanceOf(IllegalStateException.class).untilAsserted(() -> register(holder, a, TTL));
    }

    @Test
    void cancel_atTheSubscription_leavesNothing() {
        BaseSubscriber<Registration> gone = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.cancel();
            }
        };

        holder.register("s", a, TTL).subscribe(gone);

        await().untilAsserted(
                        () -> assertThat(engine.keyspace(holder).isEmpty()).isTrue());
        assertThat(other.instances("s").block(LONG)).isEmpty();
    }

    @Test
    void holds_ofOneTimeToLive_shareALeaseWhichGoesWithTheLast() {
        Registration first = register(holder, a, TTL);
        Registration second = register(holder, b, TTL);
        assertThat(server.etcdctl("lease", "list").lines()).hasSize(2);

        first.withdraw().block(LONG);
        second.withdraw().block(LONG);

        assertThat(server.etcdctl("lease", "list").lines()).hasSize(1);
        assertThat(engine.keyspace(holder).isEmpty()).isTrue();
    }
}
