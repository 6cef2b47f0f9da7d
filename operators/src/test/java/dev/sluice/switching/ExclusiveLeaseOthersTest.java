package dev.sluice.switching;

import static dev.sluice.switching.Ends.LONG;
import static dev.sluice.switching.Ends.channel;
import static dev.sluice.switching.Ends.drain;
import static dev.sluice.switching.Ends.sendNow;
import static dev.sluice.switching.Ends.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ChannelClosedException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

class ExclusiveLeaseOthersTest {

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final Channel<Integer> mesh = channel("mesh", 4);
    private final Channel<Integer> backup = channel("backup", 4);
    private final ServiceRegistry<Integer> registry = ServiceRegistry.create();
    private final SwitchableSink<Integer> grpc = registry.register("grpc", mesh);

    private LeaseOptions<Integer> options(UnaryOperator<LeaseOptions.Builder<Integer>> choice) {
        return choice.apply(LeaseOptions.<Integer>builder().clock(time)).build();
    }

    private ExclusiveLease<Integer> lease(UnaryOperator<LeaseOptions.Builder<Integer>> choice) {
        return registry.exclusive("mesh", "updater", options(choice)).block(LONG);
    }

    @Test
    void others_discarded_doNotNotice() {
        sendNow(mesh, 1, 2, 3, 4);
        TestSubscriber<Void> waiting = subscribe(grpc.send(5));
        ExclusiveLease<Integer> lease = lease(LeaseOptions.Builder::discardOthers);

        assertThat(waiting.isTerminatedComplete()).isTrue();
        sendNow(grpc, 6, 7, 8);
        assertThat(grpc.target()).isSameAs(mesh);
        assertThat(lease.discarded()).isEqualTo(4);
        assertThat(registry.services().get(0).destination()).isEqualTo("sinkhole of updater@mesh");
        assertThat(drain(mesh)).containsExactly(1, 2, 3, 4);
        lease.close().block(LONG);

        sendNow(grpc, 9);
        assertThat(drain(mesh)).containsExactly(9);
        assertThat(lease.discarded()).isEqualTo(4);
    }

    @Test
    void others_diverted_comeBackWithWhatWaits() {
        sendNow(backup, 11, 12, 13, 14);
        ExclusiveLease<Integer> lease = lease(builder -> builder.divertOthersTo(backup));
        TestSubscriber<Void> waiting = subscribe(grpc.send(1));
        sendNow(lease.sender(), 20);

        lease.close().block(LONG);

        assertThat(waiting.isTerminatedComplete()).isTrue();
        assertThat(drain(mesh)).containsExactly(20, 1);
        assertThat(drain(backup)).containsExactly(11, 12, 13, 14);
    }

    @Test
    void others_divertedToAService_followIt() {
        SwitchableSink<Integer> web = registry.register("web", backup);
        Sinkhole<Integer> sinkhole = Sinkhole.create("null");
        ExclusiveLease<Integer> lease = lease(builder -> builder.divertOthersTo(web));
        sendNow(grpc, 1);
        web.switchTo(sinkhole).block(LONG);
        sendNow(grpc, 2);
        web.switchTo(mesh).block(LONG);

        assertThat(grpc.trySend(3)).isEqualTo(SendResult.FULL);
        assertThat(web.trySend(3)).isEqualTo(SendResult.FULL);
        lease.close().block(LONG);

        sendNow(grpc, 4);
        sendNow(web, 5);
        assertThat(drain(backup)).containsExactly(1);
        assertThat(sinkhole.count()).isEqualTo(1);
        assertThat(drain(mesh)).containsExactly(4, 5);
    }

    @Test
    void others_divertedToTheChannelItself_isRefused() {
        assertThatThrownBy(() -> lease(builder -> builder.divertOthersTo(mesh)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'mesh'");
        assertThatThrownBy(() -> lease(builder -> builder.divertOthersTo(grpc)))
                .isInstanceOf(IllegalArgumentException.class);
        sendNow(grpc, 1);
        assertThat(drain(mesh)).containsExactly(1);
    }

    @Test
    void others_divertedToWhatIsClosed_failsAndChangesNothing() {
        backup.close();

        assertThatThrownBy(() -> lease(builder -> builder.divertOthersTo(backup)))
                .isInstanceOf(ChannelClosedException.class)
                .hasMessageContaining("'backup'");

        sendNow(grpc, 1);
        assertThat(drain(mesh)).containsExactly(1);
    }

    @Test
    void service_switchedAwayDuringTheLease_keepsItsNewTarget() {
        ExclusiveLease<Integer> lease = lease(LeaseOptions.Builder::discardOthers);
        grpc.switchTo(backup).block(LONG);

        lease.close().block(LONG);
        sendNow(grpc, 1);

        assertThat(grpc.target()).isSameAs(backup);
        assertThat(drain(backup)).containsExactly(1);
    }

    @Test
    void service_switchedOrRegisteredOntoTheLeasedChannel_isTreatedAsTheOthers() {
        SwitchableSink<Integer> web = registry.register("web", backup);
        ExclusiveLease<Integer> lease = lease(LeaseOptions.Builder::discardOthers);
        web.switchTo(mesh).block(LONG);
        SwitchableSink<Integer> late = registry.register("late", mesh);
        SwitchableSink<Integer> follower = SwitchableSink.create("follower", late);

        sendNow(web, 1);
        sendNow(late, 2);
        sendNow(follower, 3);
        assertThat(lease.discarded()).isEqualTo(3);
        lease.close().block(LONG);
        sendNow(web, 4);
        sendNow(follower, 5);

        assertThat(drain(mesh)).containsExactly(4, 5);
    }

    @Test
    void service_heldDivertedOrSwapped_duringTheLease_isWhereItBelongsAfterwards() {
        SwitchableSink<Integer> web = registry.register("web", backup);
        ExclusiveLease<Integer> lease = lease(LeaseOptions.Builder::discardOthers);
        grpc.hold().block(LONG);
        TestSubscriber<Void> held = subscribe(grpc.send(1));
        registry.swap("grpc", "web").block(LONG);
        sendNow(web, 2);
        lease.close().block(LONG);
        sendNow(web, 3);
        grpc.resume().block(LONG);

        assertThat(held.isTerminatedComplete()).isTrue();
        assertThat(lease.discarded()).isEqualTo(1);
        assertThat(drain(backup)).containsExactly(1);
        assertThat(drain(mesh)).containsExactly(3);
    }

    @Test
    void service_unregisteredDuringTheLease_waitsLikeEverybody() {
        ExclusiveLease<Integer> lease = lease(LeaseOptions.Builder::discardOthers);
        registry.unregister("grpc").block(LONG);

        assertThat(grpc.trySend(1)).isEqualTo(SendResult.FULL);
        lease.close().block(LONG);

        sendNow(grpc, 2);
        assertThat(drain(mesh)).containsExactly(2);
    }
}
