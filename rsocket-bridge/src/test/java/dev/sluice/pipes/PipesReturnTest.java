package dev.sluice.pipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import dev.sluice.directory.Directory;
import dev.sluice.directory.Registration;
import dev.sluice.rsocket.channel.CutProxy;
import dev.sluice.rsocket.channel.DeliveryHistory;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What a member has when what it receives from was away, and what is left of one that goes. */
class PipesReturnTest extends PipesFixture {

    private final FlakyKeyspace keyspace = new FlakyKeyspace(keys);
    private final Directory flaky = Directory.over(keyspace);

    @AfterEach
    void backForTheEnd() {
        keyspace.back();
    }

    @Test
    void connection_thatIsLostWhileTheDirectoryIsAway_isMadeAgainWithTheKnownAddress() {
        try (CutProxy proxy = new CutProxy()) {
            Pipes node = node(flaky, options -> options.advertise("127.0.0.1", proxy.port()));
            Destination orders = registered(node, "orders");
            proxy.to(node.listeningPort());
            Receiver member = joined(node(flaky, options -> options).group("orders", "billing"));
            awaitMembers(orders, "billing", 1);
            send(orders, "before");
            member.awaitCount(1);

            keyspace.away();
            proxy.refuse(true);
            awaitMembers(orders, "billing", 0);
            send(orders, "between");
            // What the client does by itself at a loss is done with the first: then it is the link that comes again.
            await().atMost(LONG).until(() -> proxy.refused() > 1);
            proxy.refuse(false);

            member.awaitCount(2);
            assertThat(member.texts()).containsExactly("before", "between");
        }
    }

    @Test
    void whatWasAcknowledged_doesNotComeAgain_fromAnInstanceThatTheDirectoryHadLost() {
        try (CutProxy proxy = new CutProxy()) {
            Pipes node = node(flaky, options -> options.advertise("127.0.0.1", proxy.port()));
            Destination orders = node.destination("orders");
            Registration held = register(orders);
            proxy.to(node.listeningPort());
            Pipes elsewhere = node();
            Receiver member = joined(elsewhere.group("orders", "billing"), 100, false);
            awaitMembers(orders, "billing", 1);
            sendNumbers(orders, 0, 10).block(LONG);
            member.awaitCount(10);

            proxy.swallow(true);
            assertThat(member.deliveries).allMatch(Delivery::ack);
            keyspace.away();
            keyspace.lose();
            await().atMost(LONG)
                    .until(() -> Objects.requireNonNull(
                                    directory.destinations().watch("orders").blockFirst(LONG))
                            .isEmpty());
            proxy.refuse(true);
            await().atMost(LONG).until(() -> elsewhere.connections().isEmpty());
            awaitMembers(orders, "billing", 0);
            assertThat(onlyGroup(orders).acknowledged()).isZero();
            proxy.swallow(false);
            proxy.refuse(false);
            keyspace.back();

            await().atMost(LONG).until(() -> onlyGroup(orders).acknowledged() == 10);
            send(orders, "next");
            member.awaitCount(11);
            assertThat(member.texts()).hasSize(11).endsWith("next");
            held.withdraw().block(LONG);
        }
    }

    @Test
    void member_thatCancelsAtItsSubscription_isForgotten() {
        Pipes node = node();

        node.group("orders", "billing").join().subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.cancel();
            }
        });

        assertThat(node.members()).isZero();
        assertThat(directory.destinations().groups("orders").block(LONG)).isEmpty();
    }

    /** Its delays pass before whoever asks for them goes on. */
    private static final class Hasty implements Scheduler {
        @Override
        public Disposable schedule(Runnable task) {
            task.run();
            return Disposables.disposed();
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return schedule(task);
        }

        @Override
        public Worker createWorker() {
            return Schedulers.parallel().createWorker();
        }
    }

    @Test
    void attemptThatBeginsBeforeTheOneBeforeHasEnded_isNotEndedWithIt() {
        Pipes home = node();
        Destination orders = registered(home, "orders");
        AtomicBoolean failed = new AtomicBoolean();
        Connections connections = new Connections(PipesOptions.builder()
                .client(client -> {
                    if (failed.compareAndSet(false, true)) {
                        throw new IllegalStateException("not this time");
                    }
                    return client;
                })
                .build());
        Receiver member = new Receiver(Long.MAX_VALUE, true);
        Inflow inflow = new Inflow(member, Schedulers.parallel(), () -> {});
        member.onSubscribe(inflow);
        Endpoint at = Endpoint.of(
                Objects.requireNonNull(directory.destinations().watch("orders").blockFirst(LONG))
                        .iterator()
                        .next());
        Link link = new Link(
                connections,
                at,
                PipeVerbs.receive("orders", "billing", JoinOptions.defaults()),
                new DeliveryHistory(),
                inflow,
                new Hasty(),
                over -> {});

        link.begin();

        assertThat(failed).isTrue();
        orders.send(Frame.text("tea")).block(LONG);
        member.awaitCount(1);
        link.end();
        connections.close().block(LONG);
    }
}
