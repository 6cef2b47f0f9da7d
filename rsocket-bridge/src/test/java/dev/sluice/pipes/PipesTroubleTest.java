package dev.sluice.pipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.DirectoryUnavailableException;
import dev.sluice.GroupExpiredException;
import dev.sluice.directory.Directory;
import dev.sluice.directory.GroupTerms;
import dev.sluice.directory.Instance;
import dev.sluice.directory.Registration;
import dev.sluice.rsocket.channel.CutProxy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.StepVerifier;

/** What destinations and groups promise when the directory, the network or one of them fails. */
class PipesTroubleTest extends PipesFixture {

    private static final GroupTerms SHORT = GroupTerms.defaults().withExpiry(Duration.ofMillis(200));

    private final FlakyKeyspace keyspace = new FlakyKeyspace(keys);
    private final Directory flaky = Directory.over(keyspace);

    @AfterEach
    void backForTheEnd() {
        keyspace.back();
    }

    private Pipes flakyNode() {
        return node(flaky, options -> options);
    }

    @Test
    void register_whileTheDirectoryIsAway_fails() {
        keyspace.away();

        StepVerifier.create(flakyNode().destination("orders").register())
                .expectError(DirectoryUnavailableException.class)
                .verify(LONG);
    }

    @Test
    void register_thatFailed_canBeTriedAgain() {
        Destination orders = flakyNode().destination("orders");
        keyspace.away();
        StepVerifier.create(orders.register()).expectError().verify(LONG);
        keyspace.back();

        register(orders);
    }

    @Test
    void join_whileTheDirectoryIsAway_fails() {
        keyspace.away();

        StepVerifier.create(flakyNode().group("orders", "billing").join())
                .expectError(DirectoryUnavailableException.class)
                .verify(LONG);
    }

    @Test
    void directoryAway_stopsNothingThatIsConnected_andAllIsReconciledWhenItIsBack() {
        Destination orders = registered(flakyNode(), "orders");
        Receiver member = joined(flakyNode().group("orders", "billing"));
        awaitMembers(orders, "billing", 1);

        keyspace.away();
        sendNumbers(orders, 0, 100).block(LONG);
        member.awaitCount(100);
        Destination late = registered(node(), "orders"); // through the directory itself
        keyspace.back();

        awaitMembers(late, "billing", 1);
        send(late, "from the late one");
        member.awaitCount(101);
    }

    @Test
    void registration_thatIsLost_isMadeAgainUnderAnotherId() {
        Destination orders = flakyNode().destination("orders");
        Registration held = register(orders);
        Receiver member = joined(node().group("orders", "billing"));
        awaitMembers(orders, "billing", 1);
        Instance before = held.instance();

        keyspace.lose();

        await().atMost(LONG).until(() -> !held.instance().equals(before));
        await().atMost(LONG)
                .until(() -> Set.of(held.instance())
                        .equals(directory.destinations().watch("orders").blockFirst(LONG)));
        assertThat(held.instance().port()).isEqualTo(before.port());
        send(orders, "one");
        member.awaitCount(1);
        assertThat(stats(orders).groups().get(0).receivers()).isEqualTo(1);
    }

    @Test
    void exclusiveRegistration_thatIsLostToAnother_ends() {
        DestinationOptions alone = DestinationOptions.builder().exclusive(true).build();
        Registration held = register(flakyNode().destination("orders", alone));
        keyspace.away();
        keyspace.lose();
        await().atMost(LONG)
                .until(() -> Objects.requireNonNull(
                                directory.destinations().watch("orders").blockFirst(LONG))
                        .isEmpty());
        register(node().destination("orders", alone));

        keyspace.back();

        StepVerifier.create(held.onEnd())
                .expectErrorSatisfies(error -> assertThat(error).hasMessageContaining("orders"))
                .verify(LONG);
    }

    @Test
    void member_thatTheDirectoryLost_isRegisteredAgainAndReceivesOn() {
        Destination orders = registered(node(), "orders");
        Receiver member = joined(flakyNode().group("orders", "billing"));
        awaitMembers(orders, "billing", 1);
        Set<String> before = members("billing");

        keyspace.lose();

        await().atMost(LONG)
                .until(() ->
                        members("billing").size() == 1 && !members("billing").equals(before));
        send(orders, "on");
        member.awaitCount(1);
        assertThat(member.errors).isEmpty();
    }

    private Set<String> members(String group) {
        return Objects.requireNonNull(directory.destinations().groups("orders").block(LONG)).stream()
                .filter(entry -> entry.name().equals(group))
                .findFirst()
                .orElseThrow()
                .members();
    }

    @Test
    void member_thatGoes_givesBackWhatItHadInOrder() {
        Destination orders = registered(node(), "orders");
        Receiver first = joined(node().group("orders", "billing"), 5, false);
        awaitMembers(orders, "billing", 1);
        sendNumbers(orders, 0, 10).block(LONG);
        first.awaitCount(5);
        first.deliveries.get(0).ack();
        Receiver second = joined(node().group("orders", "billing"), 3, false);

        second.awaitCount(3);
        assertThat(second.texts()).containsExactly("5", "6", "7");
        first.cancel();
        await().atMost(LONG).until(() -> onlyGroup(orders).backlog() == 6);
        second.request(10);

        second.awaitCount(9);
        assertThat(second.texts()).containsExactly("5", "6", "7", "1", "2", "3", "4", "8", "9");
        assertThat(second.deliveries.subList(3, 7)).allMatch(delivery -> delivery.redelivered());
        assertThat(first.deliveries.get(1).ack()).isFalse();
    }

    @Test
    void lastMember_leaves_andTheGroupKeepsItsBacklog() {
        Destination orders = registered(node(), "orders");
        Receiver first = joined(node().group("orders", "billing"), 1, true);
        awaitMembers(orders, "billing", 1);
        send(orders, "a", "b");
        first.awaitCount(1);
        first.cancel();
        awaitMembers(orders, "billing", 0);
        send(orders, "c");

        Receiver second = joined(node().group("orders", "billing"));

        second.awaitCount(2);
        assertThat(second.texts()).containsExactly("b", "c");
    }

    @Test
    void group_withoutMembersForItsExpiry_isGivenUpWithItsBacklog() {
        Destination orders = registered(node(), "orders");
        Receiver first =
                joined(node().group("orders", "billing", JoinOptions.defaults().withTerms(SHORT)), 1, true);
        awaitMembers(orders, "billing", 1);
        send(orders, "a", "b");
        first.awaitCount(1);

        first.cancel();

        await().atMost(LONG).until(() -> stats(orders).groups().isEmpty());
        assertThat(directory.destinations().groups("orders").block(LONG)).isEmpty();
        Receiver second = joined(node().group("orders", "billing"));
        awaitMembers(orders, "billing", 1);
        send(orders, "c");
        second.awaitCount(1);
        assertThat(second.texts()).containsExactly("c");
    }

    @Test
    void group_isNotGivenUpWhileTheDirectoryIsAway() {
        Destination orders = registered(flakyNode(), "orders");
        Receiver first =
                joined(node().group("orders", "billing", JoinOptions.defaults().withTerms(SHORT)), 1, true);
        awaitMembers(orders, "billing", 1);
        keyspace.away();
        send(orders, "a", "b");
        first.awaitCount(1);
        first.cancel();
        awaitMembers(orders, "billing", 0);
        Receiver other = joined(node().group("audit", "watcher")); // time passes
        other.cancel();

        await().during(Duration.ofSeconds(1))
                .atMost(LONG)
                .until(() -> onlyGroup(orders).backlog() == 1);
        keyspace.back();

        await().atMost(LONG).until(() -> stats(orders).groups().isEmpty());
    }

    @Test
    void member_whoseGroupWasGivenUpMeanwhile_isTold() {
        try (CutProxy proxy = new CutProxy()) {
            Pipes node = node(directory, options -> options.advertise("127.0.0.1", proxy.port()));
            Destination orders = node.destination("orders");
            register(orders);
            proxy.to(node.listeningPort());
            Receiver member = joined(node(flaky, options -> options)
                    .group("orders", "billing", JoinOptions.defaults().withTerms(SHORT)));
            awaitMembers(orders, "billing", 1);
            send(orders, "one");
            member.awaitCount(1);

            proxy.refuse(true);
            proxy.cut();
            keyspace.away();
            keyspace.lose();

            await().atMost(LONG).until(() -> stats(orders).groups().isEmpty());
            keyspace.back();
            proxy.refuse(false);
            await().atMost(LONG).until(() -> !member.errors.isEmpty());
            assertThat(member.errors.get(0))
                    .isInstanceOf(GroupExpiredException.class)
                    .hasMessageContaining("billing")
                    .hasMessageContaining("orders");
        }
    }

    @Test
    void connection_thatIsCut_isMadeAgainAndNothingIsLostOrDoubled() {
        try (CutProxy proxy = new CutProxy()) {
            Pipes node = node(directory, options -> options.advertise("127.0.0.1", proxy.port()));
            Destination orders = registered(node, "orders");
            proxy.to(node.listeningPort());
            Receiver member = joined(node().group("orders", "billing"));
            awaitMembers(orders, "billing", 1);

            Disposable sending = sendNumbers(orders, 0, 20_000).subscribe();
            for (int i = 1; i <= 4; i++) {
                member.awaitCount(i * 2_000);
                proxy.cut();
            }

            await().atMost(LONG).until(() -> onlyGroup(orders).acknowledged() == 20_000);
            sending.dispose();
            List<Integer> got = member.deliveries.stream()
                    .map(delivery -> Integer.valueOf(delivery.value().asText()))
                    .distinct()
                    .toList();
            assertThat(got).hasSize(20_000).isSorted();
            assertThat(member.deliveries).hasSize(20_000);
        }
    }

    @Test
    void restartedDestination_onTheSamePort_isFoundAgain() {
        Pipes first = node();
        registered(first, "orders");
        int port = first.listeningPort();
        Receiver member = joined(node().group("orders", "billing"));
        await().atMost(LONG).until(() -> first.listeningPort() == port);
        first.close().block(LONG);

        Destination again = registered(node(directory, options -> options.listen("127.0.0.1", port)), "orders");
        awaitMembers(again, "billing", 1);
        send(again, "back");

        member.awaitCount(1);
        assertThat(member.errors).isEmpty();
    }

    @Test
    void watchThatTellsNothing_stillLetsConnectedMembersMakeTheGroup() {
        Destination orders = registered(flakyNode(), "orders");
        keyspace.silent();

        Receiver member = joined(node().group("orders", "billing"));
        awaitMembers(orders, "billing", 1);
        send(orders, "one");

        member.awaitCount(1);
    }

    @Test
    void close_whileTheDirectoryIsAway_comesToAnEnd() {
        Pipes node = flakyNode();
        registered(node, "orders");
        joined(node.group("orders", "billing"));
        keyspace.away();

        node.close().block(LONG);
    }
}
