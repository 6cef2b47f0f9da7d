package dev.sluice.pipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.ChannelStats.GroupStats;
import dev.sluice.channel.Delivery;
import dev.sluice.directory.GroupTerms;
import dev.sluice.directory.Registration;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.test.StepVerifier;

/** What a destination does not let others do to it, and what is refused. */
class PipesLimitsTest extends PipesFixture {

    @Test
    void moreGroupsThanItMayHave_getNothing_andTheOthersAreNotHeldUp() {
        Destination orders = registered(node().destination(
                        "orders", DestinationOptions.builder().mostGroups(1).build()));
        Receiver first = joined(node().group("orders", "billing"));
        awaitMembers(orders, "billing", 1);

        Receiver second = joined(node().group("orders", "audit"));
        sendNumbers(orders, 0, 500).block(LONG);

        first.awaitCount(500);
        assertThat(stats(orders).groups()).extracting(GroupStats::name).containsExactly("billing");
        assertThat(second.deliveries).isEmpty();
        assertThat(second.errors).isEmpty();
    }

    @Test
    void expiryOfAGroup_isNoLongerThanTheDestinationLets() {
        Destination orders = registered(node().destination(
                        "orders",
                        DestinationOptions.builder()
                                .longestExpiry(Duration.ofMillis(100))
                                .build()));
        Receiver member = joined(node().group(
                        "orders",
                        "billing",
                        JoinOptions.defaults().withTerms(GroupTerms.defaults().withExpiry(GroupTerms.LONGEST_EXPIRY))));
        awaitMembers(orders, "billing", 1);

        member.cancel();

        await().atMost(LONG).until(() -> stats(orders).groups().isEmpty());
    }

    @Test
    void closed_isNotRegisteredAnyMore() {
        Destination orders = node().destination("orders");
        orders.close().block(LONG);

        StepVerifier.create(orders.register())
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("closed"))
                .verify(LONG);
        assertThat(directory.destinations().watch("orders").blockFirst(LONG)).isEmpty();
    }

    @Test
    void closed_letsItsNameGoWhenMembersHaveWhatWasLeft() {
        Pipes node = node();
        Destination orders = registered(node, "orders");
        Receiver member = joined(node().group("orders", "billing"), 1, true);
        awaitMembers(orders, "billing", 1);
        send(orders, "a", "b");
        orders.close().block(LONG);
        member.awaitCount(1);
        assertThatThrownBy(() -> node.destination("orders")).hasMessageContaining("closed");

        member.request(5);

        await().atMost(LONG).ignoreExceptions().until(() -> node.destination("orders") != null);
        assertThat(member.texts()).containsExactly("a", "b");
    }

    @Test
    void portThatIsTaken_isToldAndTriedAgain() throws Exception {
        Destination orders;
        try (ServerSocket taken = new ServerSocket(0)) {
            Pipes node = node(directory, options -> options.listen("127.0.0.1", taken.getLocalPort()));
            orders = node.destination("orders");
            StepVerifier.create(orders.register()).expectError().verify(LONG);
        }

        register(orders);
    }

    @Test
    void close_completesMembersThatWait_andFailsWhoComesLater() {
        Pipes node = node();
        Receiver waiting = joined(node.group("orders", "billing"));

        node.close().block(LONG);

        StepVerifier.create(node.group("orders", "billing").join())
                .expectError(IllegalStateException.class)
                .verify(LONG);
        assertThatThrownBy(() -> node.destination("orders")).isInstanceOf(IllegalStateException.class);
        assertThat(waiting.completions).hasValue(1);
        assertThat(waiting.errors).isEmpty();
        assertThat(waiting.deliveries).isEmpty();
        assertThat(Objects.requireNonNull(
                                directory.destinations().groups("orders").block(LONG))
                        .iterator()
                        .next()
                        .members())
                .isEmpty();
    }

    @Test
    void close_completesAMemberThatReceives_andWhatItHeldGoesToAnother() {
        Destination orders = registered(node(), "orders");
        Pipes node = node();
        Receiver first = joined(node.group("orders", "billing"), 2, false);
        awaitMembers(orders, "billing", 1);
        send(orders, "a", "b", "c");
        first.awaitCount(2);

        node.close().block(LONG);

        assertThat(first.completions).hasValue(1);
        awaitMembers(orders, "billing", 0);
        Receiver second = joined(node().group("orders", "billing"));
        second.awaitCount(3);
        assertThat(second.texts()).containsExactly("a", "b", "c");
    }

    @Test
    void close_endsTheOthersToo_whenAMemberThrowsAtItsEnd() {
        Pipes node = node();
        AtomicBoolean told = new AtomicBoolean();
        for (int i = 0; i < 2; i++) {
            node.group("orders", "billing").join().subscribe(new CoreSubscriber<>() {
                @Override
                public void onSubscribe(Subscription subscription) {}

                @Override
                public void onNext(Delivery<Frame> delivery) {}

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onComplete() {
                    told.set(true);
                    throw new IllegalStateException("on purpose");
                }
            });
        }
        Receiver other = joined(node.group("orders", "billing"));

        node.close().block(LONG);

        assertThat(told).isTrue();
        assertThat(other.completions).hasValue(1);
        assertThat(node.members()).isZero();
    }

    @Test
    void close_whileAMemberIsGivenItsSubscription_completesIt() {
        Pipes node = node();
        AtomicBoolean told = new AtomicBoolean();
        Receiver member = new Receiver(1, true) {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                node.close().block(LONG);
                told.set(completions.get() > 0 || !errors.isEmpty());
            }
        };

        node.group("orders", "billing").join().subscribe(member);

        assertThat(told).as("told within its subscription").isFalse();
        assertThat(member.completions).hasValue(1);
        assertThat(member.errors).isEmpty();
        assertThat(directory.destinations().groups("orders").block(LONG)).isEmpty();
    }

    @Test
    void instanceThatComesBackOnTheSameEndpoint_isReceivedFromAgain() {
        Pipes first = node();
        Destination orders = first.destination("orders");
        Registration held = register(orders);
        int port = first.listeningPort();
        Receiver member = joined(node().group("orders", "billing"));
        awaitMembers(orders, "billing", 1);
        for (int i = 0; i < 3; i++) {
            held.withdraw().block(LONG);
            first.close().block(LONG);
            first = node(directory, options -> options.listen("127.0.0.1", port));
            orders = first.destination("orders");
            held = register(orders);
            orders.send(Frame.text("" + i)).block(LONG);
            member.awaitCount(i + 1);
        }

        assertThat(member.texts()).containsExactly("0", "1", "2");
    }
}
