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
import dev.sluice.Frame;
import dev.sluice.InvalidNameException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Channels;
import dev.sluice.channel.Sender;
import dev.sluice.switching.ServiceEvent.Diverted;
import dev.sluice.switching.ServiceEvent.Held;
import dev.sluice.switching.ServiceEvent.Missed;
import dev.sluice.switching.ServiceEvent.Registered;
import dev.sluice.switching.ServiceEvent.Restored;
import dev.sluice.switching.ServiceEvent.Resumed;
import dev.sluice.switching.ServiceEvent.Switched;
import dev.sluice.switching.ServiceEvent.Unregistered;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.subscriber.TestSubscriber;

class ServiceRegistryTest {

    private final Channel<Integer> mesh = channel("mesh", 4);
    private final Channel<Integer> backup = channel("backup", 4);
    private final ServiceRegistry<Integer> registry = ServiceRegistry.create();
    private final SwitchableSink<Integer> grpc = registry.register("grpc", mesh);

    @Test
    void register_givesTheServiceItsSink() {
        sendNow(grpc, 1);

        assertThat(registry.service("grpc")).isSameAs(grpc);
        assertThat(drain(mesh)).containsExactly(1);
    }

    @Test
    void register_aNameThatIsTakenOrBad_isRefused() {
        assertThatThrownBy(() -> registry.register("grpc", backup))
                .isInstanceOf(ServiceExistsException.class)
                .hasMessageContaining("'grpc'");
        assertThatThrownBy(() -> registry.register("a/../b", backup)).isInstanceOf(InvalidNameException.class);
        assertThat(registry.services()).hasSize(1);
    }

    @Test
    void aChannelThatIsRenamed_isToldByItsNewName() {
        Channels channels = Channels.inMemory();
        ServiceRegistry<Frame> frames = ServiceRegistry.create();
        SwitchableSink<Frame> sink = frames.register("grpc", channels.channel("old"));
        TestSubscriber<ServiceEvent> events = subscribe(frames.events());

        channels.rename("old", "new").block(LONG);

        assertThat(sink.toString()).contains("-> new]");
        assertThat(frames.services().get(0).destination()).isEqualTo("new");
        frames.divert("grpc", channels.channel("other")).block(LONG);
        frames.restore("grpc").block(LONG);
        assertThat(events.getReceivedOnNext())
                .containsExactly(new Diverted("grpc", "new", "other"), new Restored("grpc", "new"));
    }

    @Test
    void service_thatIsNotThere_isSaidSo() {
        assertThatThrownBy(() -> registry.service("none")).isInstanceOf(ServiceNotFoundException.class);
        assertThatThrownBy(() -> registry.swap("grpc", "none").block(LONG))
                .isInstanceOf(ServiceNotFoundException.class)
                .hasMessageContaining("'none'");
        assertThatThrownBy(() -> registry.divert("none", backup).block(LONG))
                .isInstanceOf(ServiceNotFoundException.class);
        assertThatThrownBy(() -> registry.restore("none").block(LONG)).isInstanceOf(ServiceNotFoundException.class);
        assertThat(registry.unregister("none").block(LONG)).isFalse();
    }

    @Test
    void divert_thenRestore_putsExactlyTheTargetBack() {
        registry.divert("grpc", backup).block(LONG);
        sendNow(grpc, 1);
        registry.divert("grpc", Sinkhole.create("null")).block(LONG);
        sendNow(grpc, 2);

        ServiceStatus<Integer> diverted = registry.services().get(0);
        registry.restore("grpc").block(LONG);
        sendNow(grpc, 3);

        assertThat(diverted.target()).isSameAs(mesh);
        assertThat(diverted.destination()).isEqualTo("null");
        assertThat(grpc.target()).isSameAs(mesh);
        assertThat(drain(backup)).containsExactly(1);
        assertThat(drain(mesh)).containsExactly(3);
    }

    @Test
    void divert_ofAServiceThatIsSwitchedMeanwhile_leavesNothingToRestore() {
        Channel<Integer> other = channel("other", 4);
        registry.divert("grpc", backup).block(LONG);

        assertThat(grpc.switchTo(other).block(LONG)).isSameAs(backup);
        registry.restore("grpc").block(LONG);

        assertThat(grpc.target()).isSameAs(other);
    }

    @Test
    void restore_toATargetThatHasClosed_failsAndStaysDiverted() {
        registry.divert("grpc", backup).block(LONG);
        mesh.close();

        assertThatThrownBy(() -> registry.restore("grpc").block(LONG))
                .isInstanceOf(ChannelClosedException.class)
                .hasMessageContaining("'mesh'");

        assertThat(grpc.target()).isSameAs(backup);
    }

    @Test
    void restoreAll_endsAllDiversions() {
        SwitchableSink<Integer> web = registry.register("web", backup);
        registry.divert("grpc", Sinkhole.create("null")).block(LONG);
        registry.divert("web", mesh).block(LONG);

        registry.restoreAll().block(LONG);

        assertThat(grpc.target()).isSameAs(mesh);
        assertThat(web.target()).isSameAs(backup);
    }

    @Test
    void swap_exchangesTargetsAndDiversions() {
        SwitchableSink<Integer> web = registry.register("web", backup);
        Sinkhole<Integer> sinkhole = Sinkhole.create("null");
        registry.divert("grpc", sinkhole).block(LONG);

        registry.swap("grpc", "web").block(LONG);
        assertThat(grpc.target()).isSameAs(backup);
        assertThat(web.target()).isSameAs(sinkhole);
        registry.restoreAll().block(LONG);

        assertThat(web.target()).isSameAs(mesh);
    }

    @Test
    void unregister_endsTheDiversion_andTheSinkGoesOn() {
        registry.divert("grpc", backup).block(LONG);

        assertThat(registry.unregister("grpc").block(LONG)).isTrue();
        sendNow(grpc, 1);

        assertThat(registry.services()).isEmpty();
        assertThat(drain(mesh)).containsExactly(1);
        assertThat(registry.register("grpc", backup)).isNotSameAs(grpc);
    }

    @Test
    void services_areListedInOrder_withWhatIsGoingOn() {
        SwitchableSink<Integer> alpha = registry.register("alpha", grpc);
        alpha.hold().block(LONG);
        TestSubscriber<Void> waiting = subscribe(alpha.send(1));

        List<ServiceStatus<Integer>> services = registry.services();

        assertThat(services).extracting(ServiceStatus::name).containsExactly("alpha", "grpc");
        assertThat(services.get(0).held()).isTrue();
        assertThat(services.get(0).waiting()).isEqualTo(1);
        assertThat(services.get(0).target()).isSameAs(grpc);
        assertThat(services.get(1).destination()).isEqualTo("mesh");
        assertThat(waiting.isTerminated()).isFalse();
    }

    @Test
    void events_tellEverythingInOrder() {
        TestSubscriber<ServiceEvent> events = subscribe(registry.events());
        SwitchableSink<Integer> web = registry.register("web", backup);
        web.switchTo(mesh).block(LONG);
        web.hold().block(LONG);
        web.resume().block(LONG);
        registry.divert("web", backup).block(LONG);
        registry.restore("web").block(LONG);
        registry.restore("web").block(LONG);
        registry.unregister("web").block(LONG);

        assertThat(events.getReceivedOnNext())
                .containsExactly(
                        new Registered("web", "backup"),
                        new Switched("web", "backup", "mesh"),
                        new Held("web"),
                        new Resumed("web"),
                        new Diverted("web", "mesh", "backup"),
                        new Restored("web", "mesh"),
                        new Unregistered("web"));
    }

    @Test
    void events_slowSubscriber_isToldHowManyItMissed() {
        TestSubscriber<ServiceEvent> slow =
                TestSubscriber.builder().initialRequest(0).build();
        registry.events().subscribe(slow);
        for (int i = 0; i < 200; i++) {
            grpc.hold().block(LONG);
            grpc.resume().block(LONG);
        }

        slow.request(Long.MAX_VALUE);

        List<ServiceEvent> seen = slow.getReceivedOnNext();
        assertThat(seen).hasSize(257).last().isEqualTo(new Missed(144));
    }

    @Test
    void waitingSends_followADiversion() {
        sendNow(mesh, 1, 2, 3, 4);
        TestSubscriber<Void> waiting = subscribe(grpc.send(5));

        registry.divert("grpc", backup).block(LONG);

        assertThat(waiting.isTerminatedComplete()).isTrue();
        assertThat(take(backup, 1)).containsExactly(5);
    }

    @Test
    void diversion_toAnotherService_followsIt() {
        SwitchableSink<Integer> web = registry.register("web", backup);
        registry.divert("grpc", web).block(LONG);
        Sender<Integer> hole = Sinkhole.create("null");
        web.switchTo(hole).block(LONG);

        sendNow(grpc, 1);

        assertThat(((Sinkhole<Integer>) hole).count()).isEqualTo(1);
    }

    @Test
    void switchTo_whereTheServiceIsDivertedTo_makesItBelongThere() {
        Channel<Integer> from = channel("from", 1);
        Channel<Integer> to = channel("to", 1);
        ServiceRegistry<Integer> services = ServiceRegistry.create();
        SwitchableSink<Integer> service = services.register("service", from);
        services.divert("service", to).block(LONG);

        assertThat(service.switchTo(to).block(LONG)).isSameAs(to);
        services.restore("service").block(LONG);

        assertThat(service.target()).isSameAs(to);
    }
}
