package dev.sluice.pipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.ConfigurationException;
import dev.sluice.DestinationTakenException;
import dev.sluice.Frame;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.WhenNoGroup;
import dev.sluice.directory.GroupTerms;
import dev.sluice.directory.Instance;
import dev.sluice.directory.Registration;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** What destinations and groups promise while nothing breaks. */
class PipesTest extends PipesFixture {

    @Test
    void everyGroup_getsEveryFrameInOrder() {
        Destination orders = registered(node(), "orders");
        Pipes elsewhere = node();
        Receiver billing = joined(elsewhere.group("orders", "billing"));
        Receiver audit = joined(elsewhere.group("orders", "audit"));
        awaitMembers(orders, "billing", 1);
        awaitMembers(orders, "audit", 1);

        sendNumbers(orders, 0, 1_000).block(LONG);

        List<String> all = IntStream.range(0, 1_000).mapToObj(n -> "" + n).toList();
        billing.awaitCount(1_000);
        audit.awaitCount(1_000);
        assertThat(billing.texts()).isEqualTo(all);
        assertThat(audit.texts()).isEqualTo(all);
        assertThat(billing.deliveries).noneMatch(delivery -> delivery.redelivered());
        await().atMost(LONG)
                .until(() -> Objects.requireNonNull(orders.acknowledged().block(LONG)) == 1_000);
    }

    @Test
    void members_shareWhatTheirGroupGets_byDemand() {
        Destination orders = registered(node(), "orders");
        Receiver one = joined(node().group("orders", "billing"), 1_500, true);
        Receiver two = joined(node().group("orders", "billing"), 500, true);
        awaitMembers(orders, "billing", 2);

        sendNumbers(orders, 0, 2_000).block(LONG);

        one.awaitCount(1_500);
        two.awaitCount(500);
        Set<String> seen = new HashSet<>(one.texts());
        seen.addAll(two.texts());
        assertThat(seen).hasSize(2_000);
    }

    @Test
    void slowMember_holdsNobodyUp() {
        Destination orders = registered(node(), "orders");
        Receiver slow = joined(node().group("orders", "billing"), 1, false);
        sendNumbers(orders, 0, 1).block(LONG);
        slow.awaitCount(1);
        Receiver quick = joined(node().group("orders", "billing"));
        awaitMembers(orders, "billing", 2);

        sendNumbers(orders, 1, 499).block(LONG);

        await().atMost(LONG).until(() -> slow.deliveries.size() + quick.deliveries.size() == 500);
        assertThat(slow.deliveries).hasSize(1);
        slow.cancel();
        quick.awaitCount(500);
        assertThat(quick.deliveries.get(499).redelivered()).isTrue();
        assertThat(quick.deliveries.get(499).value())
                .isEqualTo(slow.deliveries.get(0).value());
    }

    @Test
    void join_beforeThereIsADestination_waitsForIt() {
        Receiver early = joined(node().group("orders", "billing"));
        Destination orders = node().destination("orders");
        send(orders, "before");
        register(orders);

        send(orders, "after");

        early.awaitCount(2);
        assertThat(early.texts()).containsExactly("before", "after");
    }

    @Test
    void cancel_whileItWaits_leavesAtOnce() {
        Receiver waiting = joined(node().group("orders", "billing"));
        await().atMost(LONG)
                .until(() -> !Objects.requireNonNull(
                                directory.destinations().groups("orders").block(LONG))
                        .isEmpty());

        waiting.cancel();

        await().atMost(LONG)
                .until(() -> Objects.requireNonNull(
                                directory.destinations().groups("orders").block(LONG))
                        .iterator()
                        .next()
                        .members()
                        .isEmpty());
        assertThat(waiting.errors).isEmpty();
    }

    @Test
    void frame_sentAfterTheGroupAppearedAndBeforeAMemberConnects_isNotMissed() {
        Destination orders = registered(node().destination(
                        "orders",
                        DestinationOptions.builder()
                                .whenNoGroup(WhenNoGroup.DISCARD)
                                .build()));
        directory
                .destinations()
                .join("orders", "billing", GroupTerms.defaults(), "not-connected", TTL)
                .block(LONG);
        awaitMembers(orders, "billing", 0);
        send(orders, "one");

        Receiver member = joined(node().group("orders", "billing"));

        member.awaitCount(1);
        assertThat(member.texts()).containsExactly("one");
    }

    @Test
    void withoutAnyGroup_framesAreHeldUpToTheCapacity() {
        Destination orders = registered(node().destination(
                        "orders", DestinationOptions.builder().capacity(2).build()));

        send(orders, "a", "b");
        assertThat(orders.trySend(Frame.text("c"))).isEqualTo(SendResult.FULL);
        Receiver member = joined(node().group("orders", "billing"));

        member.awaitCount(2);
        assertThat(member.texts()).containsExactly("a", "b");
    }

    @Test
    void withoutAnyGroup_framesAreDiscardedAndCountedWhenItSaysSo() {
        Destination orders = registered(node().destination(
                        "orders",
                        DestinationOptions.builder()
                                .capacity(2)
                                .whenNoGroup(WhenNoGroup.DISCARD)
                                .build()));

        sendNumbers(orders, 0, 10).block(LONG);

        assertThat(stats(orders).dropped()).isEqualTo(10);
        assertThat(orders.acknowledged().block(LONG)).isEqualTo(10);
    }

    @Test
    void severalSenders_ofOneDestination_areAllReceivedFromInTheirOrder() {
        Pipes members = node();
        Receiver member = joined(members.group("orders", "billing"));
        List<Destination> senders =
                Stream.generate(() -> registered(node(), "orders")).limit(3).toList();
        senders.forEach(sender -> awaitMembers(sender, "billing", 1));

        for (int i = 0; i < 3; i++) {
            sendNumbers(senders.get(i), i * 1_000, 500).subscribe();
        }

        member.awaitCount(1_500);
        for (int i = 0; i < 3; i++) {
            int from = i * 1_000;
            assertThat(member.texts().stream().map(Integer::valueOf).filter(n -> n / 1_000 == from / 1_000))
                    .containsExactlyElementsOf(
                            IntStream.range(from, from + 500).boxed().toList());
        }
    }

    @Test
    void severalSenders_andAMemberThatAsksForOneAtATime_bothAreServed() {
        Receiver member = joined(node().group("orders", "billing"), 1, true);
        Destination busy = registered(node(), "orders");
        Destination idle = registered(node(), "orders");
        awaitMembers(busy, "billing", 1);
        awaitMembers(idle, "billing", 1);
        sendNumbers(busy, 0, 50).block(LONG);
        for (int i = 1; i < 50; i++) {
            member.awaitCount(i);
            member.request(1);
        }
        member.awaitCount(50);
        send(idle, "last");
        member.request(1);

        member.awaitCount(51);
        assertThat(member.texts()).endsWith("last").hasSize(51);
    }

    @Test
    void whatWasTakenAheadForASlowMember_goesToAnother() {
        Destination one = registered(node(), "orders");
        Destination two = registered(node(), "orders");
        Receiver slow = joined(node().group("orders", "billing"), 1, false);
        awaitMembers(one, "billing", 1);
        awaitMembers(two, "billing", 1);
        send(one, "1");
        send(two, "2");
        slow.awaitCount(1);

        // One of the two waits at the slow member, who asks for no more.
        Receiver quick = joined(node().group("orders", "billing"));

        quick.awaitCount(1);
        assertThat(Stream.concat(slow.texts().stream(), quick.texts().stream())).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void exclusive_isRefusedToTheSecond() {
        DestinationOptions alone = DestinationOptions.builder().exclusive(true).build();
        Destination first = node().destination("orders", alone);
        Registration held = register(first);
        Destination second = node().destination("orders", alone);

        StepVerifier.create(second.register())
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(DestinationTakenException.class)
                        .hasMessageContaining("orders")
                        .hasMessageContaining(held.instance().id()))
                .verify(LONG);
        held.withdraw().block(LONG);
        register(second);
    }

    @Test
    void register_twice_isRefused_andAgainAfterItWasWithdrawn() {
        Destination orders = node().destination("orders");
        Registration held = register(orders);

        StepVerifier.create(orders.register())
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("orders"))
                .verify(LONG);
        held.withdraw().block(LONG);
        register(orders);
    }

    @Test
    void withdrawn_isNotFoundAnyMore_andWhoIsConnectedStays() {
        Destination orders = node().destination("orders");
        Registration held = register(orders);
        Receiver connected = joined(node().group("orders", "billing"));
        awaitMembers(orders, "billing", 1);

        held.withdraw().block(LONG);
        send(orders, "still");

        connected.awaitCount(1);
        assertThat(directory.destinations().watch("orders").blockFirst(LONG)).isEmpty();
    }

    @Test
    void close_deliversWhatIsLeft() {
        Pipes node = node();
        Destination orders = registered(node, "orders");
        Receiver member = joined(node().group("orders", "billing"), 1, true);
        awaitMembers(orders, "billing", 1);
        send(orders, "a", "b", "c");

        orders.close().block(LONG);
        member.awaitCount(1);
        member.request(10);

        member.awaitCount(3);
        assertThat(member.texts()).containsExactly("a", "b", "c");
        assertThat(member.errors).isEmpty();
    }

    @Test
    void instance_tellsTheRealPortOrTheAdvertisedOne() {
        Registration real = register(node().destination("orders"));
        Registration advertised =
                register(node(directory, options -> options.node("north").advertise("far.example", 7))
                        .destination("orders"));

        Instance seen = advertised.instance();
        assertThat(real.instance().port()).isGreaterThan(1_024);
        assertThat(real.instance().host()).isEqualTo("127.0.0.1");
        assertThat(seen.host()).isEqualTo("far.example");
        assertThat(seen.port()).isEqualTo(7);
        assertThat(seen.id()).startsWith("north-");
    }

    @Test
    void options_outOfBounds_areRefused() {
        assertThatThrownBy(() -> PipesOptions.builder().listen("0.0.0.0", 0).build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("advertise");
        assertThatThrownBy(() -> PipesOptions.builder().ttl(Duration.ZERO).build())
                .hasMessageContaining("ttl");
        assertThatThrownBy(() -> PipesOptions.builder().listen("x", -1).build()).hasMessageContaining("port");
        assertThatThrownBy(() -> JoinOptions.defaults().withMaxUnacked(0)).hasMessageContaining("maxUnacked");
        assertThatThrownBy(() -> GroupTerms.defaults().withExpiry(Duration.ofDays(31)))
                .hasMessageContaining("expiry");
    }

    @Test
    void destination_ofTheSameNameTwice_isRefused() {
        Pipes node = node();
        node.destination("orders");

        assertThatThrownBy(() -> node.destination("orders"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("orders");
    }
}
