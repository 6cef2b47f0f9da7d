package dev.sluice.hub.control;

import static dev.sluice.hub.HubFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.ChannelNotFoundException;
import dev.sluice.ConnectionLostException;
import dev.sluice.Frame;
import dev.sluice.RemoteException;
import dev.sluice.channel.Sender;
import dev.sluice.hub.HubFixture;
import dev.sluice.rsocket.SessionOptions;
import dev.sluice.switching.Diversion;
import dev.sluice.switching.LeaseEnd;
import dev.sluice.switching.LeaseExpiredException;
import dev.sluice.switching.LeaseHeldException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

class RemoteLeasesTest {

    private static final RemoteLeaseOptions DISCARD =
            RemoteLeaseOptions.builder().others(Diversion.DEV_NULL).build();

    private final HubFixture fixture = HubFixture.start();
    /** What runs is not waited for when it closes. */
    private final HubClient updater = fixture.client(options -> options.session(
            SessionOptions.builder().closeTimeout(Duration.ofMillis(1)).build()));

    private final HubClient service = fixture.client();
    private final Sender<Frame> grpc = service.produce("grpc", "mesh").block(PATIENCE);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void lease_keepsOthersOut_untilItIsGivenBack() {
        RemoteLease lease = acquire(updater, "updater", DISCARD);
        send(grpc, "let go");
        send(lease.sender(), "packet");
        assertThat(fixture.hub().discarded()).isEqualTo(1);

        lease.close().block(PATIENCE);
        await().until(() -> leases() == 0);
        send(grpc, "back");

        assertThat(fixture.receive("mesh").frames()).containsExactly("packet", "back");
        assertThat(lease.ended().block(PATIENCE)).isEqualTo(LeaseEnd.CLOSED);
    }

    @Test
    void lease_ofAHolderWhoseConnectionIsLost_endsAtOnce() {
        RemoteLease lease = acquire(updater, "updater", DISCARD);

        fixture.hub().server().peers(); // both are connected
        updater.close().block(PATIENCE);

        await().until(() -> leases() == 0);
        send(grpc, "back");
        assertThat(fixture.receive("mesh").frames()).containsExactly("back");
        assertThatThrownBy(() -> lease.ended().block(PATIENCE)).isInstanceOf(ConnectionLostException.class);
    }

    @Test
    void lease_whoseTimeRunsOut_ends_andItsHolderWritesNothing() {
        RemoteLease lease = acquire(
                updater,
                "updater",
                RemoteLeaseOptions.builder().ttl(Duration.ofMillis(100)).build());

        assertThat(lease.ended().block(PATIENCE)).isEqualTo(LeaseEnd.EXPIRED);

        assertThatThrownBy(() -> send(lease.sender(), "late")).isInstanceOf(LeaseExpiredException.class);
        assertThatThrownBy(() ->
                        lease.sender().sendAll(Flux.just(Frame.text("late"))).block(PATIENCE))
                .isInstanceOf(LeaseExpiredException.class);
        assertThatThrownBy(() -> lease.renew().block(PATIENCE)).isInstanceOf(LeaseExpiredException.class);
        assertThat(fixture.receive("mesh").frames()).isEmpty();
    }

    @Test
    void renew_beginsTheTimeAnew() {
        RemoteLease lease = acquire(
                updater,
                "updater",
                RemoteLeaseOptions.builder().ttl(Duration.ofMinutes(1)).build());
        await().until(() -> remaining() < 59_000);
        long before = remaining();

        lease.renew().block(PATIENCE);

        assertThat(remaining()).isGreaterThan(before);
    }

    @Test
    void acquire_whatIsHeld_failsAndNamesTheHolder() {
        acquire(updater, "ann\u00e9", DISCARD);

        assertThatThrownBy(() -> acquire(service, "bob", DISCARD))
                .isInstanceOf(LeaseHeldException.class)
                .hasMessageContaining("mesh")
                .extracting(held -> ((LeaseHeldException) held).holder())
                .isEqualTo("ann\u00e9");
    }

    @Test
    void acquire_waitsInTurn_andTokensGrow() {
        RemoteLease first = acquire(updater, "first", DISCARD);
        CompletableFuture<RemoteLease> second = service.leases()
                .acquire(
                        "mesh",
                        "second",
                        RemoteLeaseOptions.builder().maxWait(PATIENCE).build())
                .toFuture();
        assertThat(second).isNotDone();

        first.close().block(PATIENCE);

        assertThat(second.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .join()
                        .token())
                .isGreaterThan(first.token());
    }

    @Test
    void acquire_cancelledWhileItWaits_leavesTheQueue() {
        RemoteLease first = acquire(updater, "first", DISCARD);
        Disposable waiting = service.leases()
                .acquire(
                        "mesh",
                        "second",
                        RemoteLeaseOptions.builder().maxWait(PATIENCE).build())
                .subscribe();
        waiting.dispose();
        service.info().block(PATIENCE); // behind the cancel on the same connection

        first.close().block(PATIENCE);

        await().until(() -> leases() == 0);
    }

    @Test
    void sender_ofAnotherProcess_sendsThroughTheLease_byItsId() {
        RemoteLease lease = acquire(updater, "updater", DISCARD);

        send(fixture.client().leases().sender("mesh", lease.id()), "packet");

        assertThat(fixture.receive("mesh").frames()).containsExactly("packet");
        assertThatThrownBy(() -> send(fixture.client().leases().sender("mesh", "00ff"), "guessed"))
                .isInstanceOf(LeaseExpiredException.class);
    }

    @Test
    void list_tellsWhoHasWhat_andNoId() {
        acquire(
                updater,
                "updater",
                RemoteLeaseOptions.builder().noTtl().others(Diversion.HOLD).build());

        assertThat(service.leases().list("").collectList().block(PATIENCE))
                .containsExactly(new LeaseInfo("mesh", "updater", 1, "hold", -1));
        assertThat(service.leases().list("plant").collectList().block(PATIENCE)).isEmpty();
    }

    @Test
    void badRequests_areRefused_andLeaseNothing() {
        assertThatThrownBy(() ->
                        updater.leases().acquire("nowhere", "updater", DISCARD).block(PATIENCE))
                .isInstanceOf(ChannelNotFoundException.class);
        assertThatThrownBy(() -> acquire(updater, " ", DISCARD)).isInstanceOf(RemoteException.class);
        assertThatThrownBy(() -> acquire(
                        updater,
                        "updater",
                        RemoteLeaseOptions.builder()
                                .others(Diversion.channel("nowhere"))
                                .build()))
                .isInstanceOf(ChannelNotFoundException.class);
        assertThatThrownBy(() -> acquire(
                        updater,
                        "updater",
                        RemoteLeaseOptions.builder()
                                .others(Diversion.channel("mesh"))
                                .build()))
                .hasMessageContaining("leads to the same channel");

        assertThat(leases()).isZero();
    }

    private static RemoteLease acquire(HubClient client, String holder, RemoteLeaseOptions options) {
        return client.leases().acquire("mesh", holder, options).block(PATIENCE);
    }

    private static void send(Sender<Frame> sender, String text) {
        sender.send(Frame.text(text)).block(PATIENCE);
    }

    private int leases() {
        return service.info().block(PATIENCE).leases();
    }

    private long remaining() {
        return service.leases().list("").blockFirst(PATIENCE).remainingMillis();
    }
}
