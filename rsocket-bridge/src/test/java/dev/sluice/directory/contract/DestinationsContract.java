package dev.sluice.directory.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.DestinationTakenException;
import dev.sluice.DirectoryUnavailableException;
import dev.sluice.channel.Overflow;
import dev.sluice.directory.Destinations;
import dev.sluice.directory.Directory;
import dev.sluice.directory.GroupEntry;
import dev.sluice.directory.GroupTerms;
import dev.sluice.directory.Instance;
import dev.sluice.directory.Membership;
import dev.sluice.directory.Registration;
import dev.sluice.directory.Scheme;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** What every directory that takes registrations promises of destinations, groups and members. */
public abstract class DestinationsContract {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration TTL = Duration.ofSeconds(3);
    private static final GroupTerms TERMS =
            GroupTerms.defaults().withExpiry(Duration.ofSeconds(7)).withOverflow(Overflow.DROP_OLDEST, 5);

    private final Instance a = Instance.of(Scheme.RSOCKET, "a", 7000);
    private final Instance b = Instance.of(Scheme.RSOCKET, "b", 7000);

    @SuppressWarnings("NullAway.Init") // opened before each test
    private Directory holding;

    @SuppressWarnings("NullAway.Init")
    private Directory looking;

    /** The engine under test, the same for all of one test. */
    protected abstract DirectoryEngine engine();

    @BeforeEach
    void openTwo() {
        holding = engine().open();
        looking = engine().open();
    }

    @AfterEach
    void closeBoth() {
        holding.close().block(LONG);
        looking.close().block(LONG);
    }

    private Destinations here() {
        return holding.destinations();
    }

    private Destinations there() {
        return looking.destinations();
    }

    private static <T> T get(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(LONG));
    }

    private static Registration register(Destinations in, Instance instance, boolean exclusive) {
        return get(in.register("orders", instance, TTL, exclusive));
    }

    private static Membership join(Destinations in, String group, String member) {
        return get(in.join("orders", group, TERMS, member, TTL));
    }

    private static <S> void awaitLatest(Flux<S> watch, S wanted) {
        List<S> seen = new CopyOnWriteArrayList<>();
        Disposable watching = watch.subscribe(seen::add);
        await().untilAsserted(() -> assertThat(seen).last().isEqualTo(wanted));
        watching.dispose();
    }

    private void awaitGroup(String group, Set<String> members) {
        await().untilAsserted(() -> assertThat(get(there().watchGroups("orders").next()))
                .anySatisfy(entry -> {
                    assertThat(entry.name()).isEqualTo(group);
                    assertThat(entry.members()).isEqualTo(members);
                }));
    }

    private GroupEntry group(String name) {
        return get(there().watchGroups("orders").next()).stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void register_byMany_isSeenByOthersAndOutlivesNobody() {
        Registration first = register(here(), a, false);
        register(there(), b, false);

        awaitLatest(there().watch("orders"), Set.of(a, b));
        assertThat(there().names().collectList().block(LONG)).containsExactly("orders");
        first.withdraw().block(LONG);
        awaitLatest(there().watch("orders"), Set.of(b));
        engine().crash(looking);
        engine().pass(TTL.plusSeconds(2));
        awaitLatest(here().watch("orders"), Set.<Instance>of());
    }

    @Test
    void register_ofADestination_isNoService() {
        register(here(), a, false);

        assertThat(looking.services().collectList().block(LONG)).isEmpty();
        assertThat(looking.instances("orders").block(LONG)).isEmpty();
    }

    @Test
    void register_ofTheSameIdTwice_isRefused() {
        register(here(), a, false);

        StepVerifier.create(there().register("orders", a, TTL, false))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("orders")
                        .hasMessageContaining(a.id()))
                .verify(LONG);
    }

    @Test
    void exclusive_keepsOthersOutUntilItGoes() {
        Registration alone = register(here(), a, true);

        for (boolean exclusive : List.of(true, false)) {
            StepVerifier.create(there().register("orders", b, TTL, exclusive))
                    .expectErrorSatisfies(error -> assertThat(error)
                            .isInstanceOf(DestinationTakenException.class)
                            .hasMessageContaining("orders")
                            .hasMessageContaining(a.id()))
                    .verify(LONG);
        }
        awaitLatest(there().watch("orders"), Set.of(a));
        alone.withdraw().block(LONG);
        register(there(), b, true);
        awaitLatest(there().watch("orders"), Set.of(b));
    }

    @Test
    void exclusive_whereOthersAre_isRefusedAndLeavesNothing() {
        Registration shared = register(here(), a, false);

        StepVerifier.create(there().register("orders", b, TTL, true))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(DestinationTakenException.class)
                        .hasMessageContaining(a.id()))
                .verify(LONG);

        awaitLatest(there().watch("orders"), Set.of(a));
        register(there(), b, false); // no marker is left
        shared.withdraw().block(LONG);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cancel_byOneWhoSeesItsInstance_leavesNothingUnlessItHasIt(boolean exclusive) {
        for (int i = 0; i < 10; i++) {
            List<Registration> got = new CopyOnWriteArrayList<>();
            BaseSubscriber<Registration> caller = new BaseSubscriber<>() {};
            Disposable watching = there().watch("orders").subscribe(seen -> {
                if (seen.contains(a)) {
                    caller.cancel();
                }
            });
            // A caller that cancels while it is given something may drop it, so it is looked at before.
            here().register("orders", a, TTL, exclusive).doOnNext(got::add).subscribe(caller);
            await().until(caller::isDisposed);

            // It may be given something after it was seen to cancel.
            await().ignoreExceptionsInstanceOf(DestinationTakenException.class).untilAsserted(() -> {
                got.forEach(registration -> registration.withdraw().block(LONG));
                register(there(), b, true).withdraw().block(LONG);
            });
            watching.dispose();
        }
    }

    @Test
    void exclusive_lostToOneThatHasGone_canBeHadAgainAtOnce() {
        Registration lost = register(here(), a, true);
        String marker = "destinations/orders/exclusive";
        CompletableFuture<Registration> again = lost.onEnd()
                .then(Mono.<Registration>empty())
                .onErrorResume(DirectoryUnavailableException.class, why -> {
                    engine().remove(marker);
                    return here().register("orders", b, TTL, true);
                })
                .toFuture();

        engine().put(marker, "somebody");
        engine().pass(TTL.dividedBy(2));

        assertThat(get(Mono.fromFuture(again)).instance()).isEqualTo(b);
        StepVerifier.create(there().register("orders", a, TTL, false))
                .expectError(DestinationTakenException.class)
                .verify(LONG);
    }

    @Test
    void exclusive_ofOneThatDied_isFree() {
        register(here(), a, true);
        engine().crash(holding);
        engine().pass(TTL.plusSeconds(2));

        await().ignoreExceptions().untilAsserted(() -> register(there(), b, true));
    }

    @Test
    void exclusive_twoAtOnce_oneHasIt() {
        for (int i = 0; i < 20; i++) {
            List<Registration> won = Flux.merge(
                            tried(here().register("orders", a, TTL, true)),
                            tried(there().register("orders", b, TTL, true)))
                    .collectList()
                    .block(LONG);
            assertThat(won).hasSize(1);
            won.get(0).withdraw().block(LONG);
        }
    }

    private static Mono<Registration> tried(Mono<Registration> registration) {
        return registration
                .subscribeOn(Schedulers.boundedElastic())
                .onErrorResume(DestinationTakenException.class, taken -> Mono.empty());
    }

    @Test
    void join_createsTheGroupWithTheTermsOfTheFirst() {
        join(here(), "billing", "m1");
        get(there().join("orders", "billing", GroupTerms.defaults(), "m2", TTL));

        awaitGroup("billing", Set.of("m1", "m2"));
        assertThat(group("billing").terms()).isEqualTo(TERMS);
        assertThat(group("billing").revision()).isNotNegative();
    }

    @Test
    void join_ofTheSameMemberTwice_isRefused() {
        join(here(), "billing", "m1");

        StepVerifier.create(there().join("orders", "billing", TERMS, "m1", TTL))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("m1"))
                .verify(LONG);
    }

    @Test
    void withdraw_ofTheLastMember_keepsTheGroup() {
        Membership member = join(here(), "billing", "m1");
        member.withdraw().block(LONG);
        member.withdraw().block(LONG);

        awaitGroup("billing", Set.of());
        assertThat(member.onEnd().blockOptional(LONG)).isEmpty();
    }

    @Test
    void member_thatDied_isForgottenAndTheGroupStays() {
        join(here(), "billing", "m1");
        join(there(), "billing", "m2");
        engine().crash(holding);
        engine().pass(TTL.plusSeconds(2));

        awaitGroup("billing", Set.of("m2"));
    }

    @Test
    void expire_ofAnEmptyGroup_removesIt() {
        join(here(), "billing", "m1").withdraw().block(LONG);
        awaitGroup("billing", Set.of());

        assertThat(there().expire("orders", group("billing")).block(LONG)).isTrue();
        awaitLatest(here().watchGroups("orders"), Set.<GroupEntry>of());
        assertThat(there().names().collectList().block(LONG)).isEmpty();
    }

    @Test
    void expire_ofAGroupThatWasMadeAnew_leavesIt() {
        join(here(), "billing", "m1").withdraw().block(LONG);
        awaitGroup("billing", Set.of());
        GroupEntry old = group("billing");
        there().expire("orders", old).block(LONG);
        join(here(), "billing", "m2").withdraw().block(LONG);
        awaitGroup("billing", Set.of());

        assertThat(there().expire("orders", old).block(LONG)).isFalse();
        assertThat(group("billing").revision()).isNotEqualTo(old.revision());
    }

    @Test
    void expire_ofAGroupThatWasJoinedMeanwhile_leavesItItsTerms() {
        join(here(), "billing", "m1").withdraw().block(LONG);
        awaitGroup("billing", Set.of());
        GroupEntry empty = group("billing");
        join(here(), "billing", "m2");

        assertThat(there().expire("orders", empty).block(LONG)).isFalse();

        assertThat(group("billing").members()).containsExactly("m2");
        assertThat(group("billing").terms()).isEqualTo(TERMS);
        assertThat(group("billing").revision()).isNotNegative();
    }

    @Test
    void group_removedFromUnderItsMembers_comesBack() {
        join(here(), "billing", "m1");
        awaitGroup("billing", Set.of("m1"));
        engine().remove("destinations/orders/groups/billing");
        engine().remove("destinations/orders/groups/billing/members/m1");
        engine().pass(TTL.dividedBy(2));

        awaitGroup("billing", Set.of("m1"));
        assertThat(group("billing").terms()).isEqualTo(TERMS);
    }

    @Test
    void everything_whenTheEngineHasLostIt_comesBackWithWhatIsHeld() {
        register(here(), a, true);
        join(here(), "billing", "m1");
        Membership left = join(there(), "audit", "m2");
        left.withdraw().block(LONG);
        engine().wipe();
        engine().pass(TTL.dividedBy(2));

        awaitLatest(there().watch("orders"), Set.of(a));
        awaitGroup("billing", Set.of("m1"));
        assertThat(get(there().watchGroups("orders").next())).hasSize(1);
        StepVerifier.create(there().register("orders", b, TTL, false))
                .expectError(DestinationTakenException.class)
                .verify(LONG);
    }

    @Test
    void names_ofAnyCharacters_areKeptApart() {
        get(here().join("a/b", "g/h%2F", TERMS, "m/1", TTL));
        get(here().join("a", "b", TERMS, "m", TTL));

        assertThat(there().names().collectList().block(LONG)).containsExactly("a", "a/b");
        await().untilAsserted(() -> assertThat(get(there().watchGroups("a/b").next()))
                .singleElement()
                .satisfies(group -> {
                    assertThat(group.name()).isEqualTo("g/h%2F");
                    assertThat(group.members()).containsExactly("m/1");
                }));
    }

    @Test
    void keys_madeByHand_areLeftOut() {
        join(here(), "billing", "m1");
        for (String key : List.of(
                "orders/groups/",
                "orders/groups//members/m2",
                "orders/groups/billing/members/",
                "orders/groups/billing/m3",
                "orders/groups/" + "x".repeat(256),
                "orders/instances/",
                "/groups/audit")) {
            engine().put("destinations/" + key, "{}");
        }

        assertThat(get(there().groups("orders"))).singleElement().satisfies(group -> {
            assertThat(group.name()).isEqualTo("billing");
            assertThat(group.members()).containsExactly("m1");
        });
        assertThat(there().names().collectList().block(LONG)).containsExactly("orders");
        register(here(), a, true);
    }

    @Test
    void names_outOfBounds_areRefused() {
        assertThatThrownBy(() -> here().watch("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> here().join("orders", "x".repeat(256), TERMS, "m", TTL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("group");
    }
}
