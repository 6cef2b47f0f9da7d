package dev.sluice.switching;

import static dev.sluice.switching.Ends.LONG;
import static dev.sluice.switching.Ends.channel;
import static dev.sluice.switching.Ends.drain;
import static dev.sluice.switching.Ends.sendNow;
import static dev.sluice.switching.Ends.subscribe;
import static dev.sluice.switching.Ends.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ChannelClosedException;
import dev.sluice.ChannelNotFoundException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import dev.sluice.switching.ServiceEvent.LeaseEnded;
import dev.sluice.switching.ServiceEvent.LeaseGranted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

class ExclusiveLeaseTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Channel<Integer> mesh = channel("mesh", 4);
    private final ServiceRegistry<Integer> registry = ServiceRegistry.create();
    private final SwitchableSink<Integer> grpc = registry.register("grpc", mesh);

    private LeaseOptions<Integer> options(UnaryOperator<LeaseOptions.Builder<Integer>> choice) {
        return choice.apply(LeaseOptions.<Integer>builder().clock(time)).build();
    }

    private ExclusiveLease<Integer> lease(UnaryOperator<LeaseOptions.Builder<Integer>> choice) {
        return registry.exclusive("mesh", "updater", options(choice)).block(LONG);
    }

    private ExclusiveLease<Integer> lease() {
        return lease(builder -> builder);
    }

    @Test
    void exclusive_notSubscribed_takesNothing() {
        Mono<ExclusiveLease<Integer>> lazy = registry.exclusive(mesh, "updater", options(builder -> builder));

        sendNow(grpc, 1);

        assertThat(drain(mesh)).containsExactly(1);
        assertThat(Scannable.from(lazy).stepName()).isEqualTo("exclusive(mesh, updater)");
    }

    @Test
    void holder_hasTheChannelForItself_behindWhatIsThere() {
        sendNow(grpc, 1);
        ExclusiveLease<Integer> lease = lease();
        TestSubscriber<Void> service = subscribe(grpc.send(2));
        TestSubscriber<Void> raw = subscribe(mesh.send(3));

        sendNow(lease.sender(), 10);
        lease.sender().send(11).block(LONG);

        assertThat(grpc.trySend(9)).isEqualTo(SendResult.FULL);
        assertThat(mesh.trySend(9)).isEqualTo(SendResult.FULL);
        assertThat(service.isTerminated()).isFalse();
        assertThat(raw.isTerminated()).isFalse();
        assertThat(drain(mesh)).containsExactly(1, 10, 11);
        lease.close().block(LONG);
        assertThat(drain(mesh)).containsExactly(2, 3);
        assertThat(service.isTerminatedComplete()).isTrue();
        assertThat(raw.isTerminatedComplete()).isTrue();
    }

    @Test
    void lease_heldBySomebody_failsAndNamesTheHolder() {
        ExclusiveLease<Integer> lease = lease();

        assertThatThrownBy(() -> registry.exclusive(mesh, "second", options(builder -> builder))
                        .block(LONG))
                .isInstanceOfSatisfying(
                        LeaseHeldException.class,
                        held -> assertThat(held.holder()).isEqualTo("updater"))
                .hasMessageContaining("'mesh'")
                .hasMessageContaining("'updater'");
        lease.close().block(LONG);
        assertThat(lease().token()).isGreaterThan(lease.token());
    }

    @Test
    void lease_waitedFor_isGrantedInOrder() {
        ExclusiveLease<Integer> first = lease();
        List<String> granted = new ArrayList<>();
        List<ExclusiveLease<Integer>> leases = new ArrayList<>();
        List<TestSubscriber<ExclusiveLease<Integer>>> requests = new ArrayList<>();
        for (String holder : List.of("a", "b", "c")) {
            requests.add(subscribe(
                    registry.exclusive(mesh, holder, options(builder -> builder.maxWait(Duration.ofMinutes(1))))
                            .doOnNext(lease -> granted.add(lease.holder()))
                            .doOnNext(leases::add)));
        }

        requests.get(1).cancel();
        first.close().block(LONG);
        assertThat(granted).containsExactly("a");
        leases.get(0).close().block(LONG);

        assertThat(granted).containsExactly("a", "c");
        assertThat(leases.get(1).token()).isGreaterThan(leases.get(0).token());
    }

    @Test
    void lease_waitedForTooLong_fails() {
        lease(LeaseOptions.Builder::noTtl);
        TestSubscriber<ExclusiveLease<Integer>> second = subscribe(
                registry.exclusive(mesh, "second", options(builder -> builder.maxWait(Duration.ofSeconds(5)))));

        time.advanceTimeBy(Duration.ofSeconds(4));
        assertThat(second.isTerminated()).isFalse();
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(second.expectTerminalError())
                .isInstanceOf(LeaseHeldException.class)
                .hasMessageContaining("'updater'");
    }

    @Test
    void time_runsOut_theHolderWritesNothingMore_andTheOthersAreBack() {
        ExclusiveLease<Integer> lease = lease(builder -> builder.discardOthers().ttl(Duration.ofSeconds(3)));
        TestSubscriber<LeaseEnd> ended = subscribe(lease.ended());
        sendNow(lease.sender(), 1, 2, 3, 4);
        TestSubscriber<Void> waiting = subscribe(lease.sender().send(5));

        time.advanceTimeBy(Duration.ofSeconds(3));

        assertThat(ended.getReceivedOnNext()).containsExactly(LeaseEnd.EXPIRED);
        assertThat(waiting.expectTerminalError())
                .isInstanceOf(LeaseExpiredException.class)
                .hasMessageContaining("'mesh'")
                .hasMessageContaining("'updater'")
                .hasMessageContaining("time ran out");
        assertThat(lease.sender().trySend(6)).isEqualTo(SendResult.CLOSED);
        StepVerifier.create(lease.sender().send(6)).verifyError(LeaseExpiredException.class);
        StepVerifier.create(lease.sender().sendAll(Flux.just(6))).verifyError(LeaseExpiredException.class);
        StepVerifier.create(lease.renew()).verifyError(LeaseExpiredException.class);
        assertThat(lease.remaining()).isZero();
        assertThat(take(mesh, 4)).containsExactly(1, 2, 3, 4);
        sendNow(grpc, 7);
        assertThat(drain(mesh)).containsExactly(7);
    }

    @Test
    void renew_beginsTheTimeAnew() {
        ExclusiveLease<Integer> lease = lease(builder -> builder.ttl(Duration.ofSeconds(3)));
        time.advanceTimeBy(Duration.ofSeconds(2));

        lease.renew().block(LONG);
        assertThat(lease.remaining()).isEqualTo(Duration.ofSeconds(3));
        time.advanceTimeBy(Duration.ofSeconds(2));
        sendNow(lease.sender(), 1);
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(lease.sender().trySend(2)).isEqualTo(SendResult.CLOSED);
    }

    @Test
    void lease_endsOnce_forTheFirstReason() {
        ExclusiveLease<Integer> lease = lease(builder -> builder.ttl(Duration.ofSeconds(3)));
        TestSubscriber<ServiceEvent> events = subscribe(registry.events());
        lease.close().block(LONG);
        lease.close().block(LONG);
        time.advanceTimeBy(Duration.ofSeconds(3));
        mesh.close();

        assertThat(lease.ended().block(LONG)).isEqualTo(LeaseEnd.CLOSED);
        assertThat(events.getReceivedOnNext())
                .containsExactly(new LeaseEnded("mesh", "updater", lease.token(), LeaseEnd.CLOSED));
    }

    @Test
    void channel_closes_endsTheLease() {
        ExclusiveLease<Integer> lease = lease(LeaseOptions.Builder::discardOthers);
        TestSubscriber<ExclusiveLease<Integer>> second = subscribe(
                registry.exclusive(mesh, "second", options(builder -> builder.maxWait(Duration.ofSeconds(5)))));

        mesh.close();

        assertThat(lease.ended().block(LONG)).isEqualTo(LeaseEnd.CHANNEL_CLOSED);
        assertThat(grpc.trySend(1)).isEqualTo(SendResult.CLOSED);
        StepVerifier.create(lease.sender().send(1)).verifyError(ChannelClosedException.class);
        assertThat(second.expectTerminalError()).isInstanceOf(ChannelClosedException.class);
    }

    @Test
    void withExclusive_endsTheLease_howeverTheWorkEnds() {
        LeaseOptions<Integer> options = options(LeaseOptions.Builder::discardOthers);
        List<LeaseEnd> ends = new ArrayList<>();

        registry.withExclusive("mesh", "updater", options, lease -> {
                    lease.ended().subscribe(ends::add);
                    return lease.sender().send(1);
                })
                .blockLast(LONG);
        StepVerifier.create(registry.withExclusive(mesh, "updater", options, lease -> {
                    lease.ended().subscribe(ends::add);
                    return Mono.error(new IllegalStateException("broken"));
                }))
                .verifyErrorMessage("broken");
        subscribe(registry.withExclusive(mesh, "updater", options, lease -> {
                    lease.ended().subscribe(ends::add);
                    return Mono.never();
                }))
                .cancel();

        assertThat(ends).containsExactly(LeaseEnd.CLOSED, LeaseEnd.FAILED, LeaseEnd.CANCELLED);
        sendNow(grpc, 2);
        assertThat(drain(mesh)).containsExactly(1, 2);
    }

    @Test
    void request_cancelledBeforeTheLeaseIsTaken_givesItBack() {
        TestSubscriber<ExclusiveLease<Integer>> withoutDemand =
                TestSubscriber.builder().initialRequest(0).build();
        registry.exclusive(mesh, "updater", options(builder -> builder)).subscribe(withoutDemand);
        assertThat(grpc.trySend(1)).isEqualTo(SendResult.FULL);

        withoutDemand.cancel();

        sendNow(grpc, 2);
        assertThat(drain(mesh)).containsExactly(2);
    }

    @Test
    void channel_byName_isFoundWhereServicesAimOrWhereTheRegistryLooks() {
        Channel<Integer> elsewhere = channel("elsewhere", 1);
        ServiceRegistry<Integer> looking =
                ServiceRegistry.create(name -> name.equals("elsewhere") ? Mono.just(elsewhere) : Mono.empty());

        assertThat(looking.exclusive("elsewhere", "a", options(builder -> builder))
                        .block(LONG)
                        .channel())
                .isSameAs(elsewhere);
        StepVerifier.create(looking.exclusive("nowhere", "a", options(builder -> builder)))
                .verifyError(ChannelNotFoundException.class);
        registry.register("web", channel("mesh", 1));
        StepVerifier.create(registry.exclusive("mesh", "a", options(builder -> builder)))
                .verifyErrorSatisfies(error -> assertThat(error).hasMessageContaining("2 different channels"));
    }

    @Test
    void lease_ofAChannelThatAnotherRegistryHasLeased_isRefused() {
        lease();
        ServiceRegistry<Integer> other = ServiceRegistry.create();

        StepVerifier.create(other.exclusive(mesh, "b", options(builder -> builder)))
                .verifyError(LeaseHeldException.class);
    }

    @Test
    void events_tellOfLeases() {
        TestSubscriber<ServiceEvent> events = subscribe(registry.events());
        ExclusiveLease<Integer> lease = lease();
        lease.close().block(LONG);

        assertThat(events.getReceivedOnNext())
                .containsExactly(
                        new LeaseGranted("mesh", "updater", lease.token()),
                        new LeaseEnded("mesh", "updater", lease.token(), LeaseEnd.CLOSED));
    }

    @Test
    void options_areChecked() {
        assertThatThrownBy(() -> LeaseOptions.builder().ttl(Duration.ZERO).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ttl");
        assertThatThrownBy(() ->
                        LeaseOptions.builder().ttl(Duration.ofDays(1L << 40)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("noTtl");
        assertThatThrownBy(() ->
                        LeaseOptions.builder().maxWait(Duration.ofNanos(-1)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxWait");
    }
}
