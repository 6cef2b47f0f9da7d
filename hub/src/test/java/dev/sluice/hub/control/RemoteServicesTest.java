package dev.sluice.hub.control;

import static dev.sluice.hub.HubFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.AccessDeniedException;
import dev.sluice.ChannelNotFoundException;
import dev.sluice.Frame;
import dev.sluice.channel.Sender;
import dev.sluice.hub.HubFixture;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.rsocket.security.Authenticator;
import dev.sluice.rsocket.security.Verb;
import dev.sluice.switching.Diversion;
import dev.sluice.switching.ServiceNotFoundException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

class RemoteServicesTest {

    private final HubFixture fixture = HubFixture.start();
    private final HubClient operator = fixture.client();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void produce_createsServiceAndChannel() {
        Sender<Frame> grpc = produce("grpc", "mesh");
        send(grpc, "a");

        assertThat(fixture.receive("mesh").frames()).containsExactly("a");
        assertThat(services()).containsExactly(new ServiceInfo("grpc", "mesh", null, false, "mesh", 0, 1));
    }

    @Test
    void swap_exchangesWhereTwoProducersSend() {
        Sender<Frame> left = produce("left", "one");
        Sender<Frame> right = produce("right", "two");

        operator.services().swap("left", "right").block(PATIENCE);
        send(left, "l");
        send(right, "r");

        assertThat(fixture.receive("one").frames()).containsExactly("r");
        assertThat(fixture.receive("two").frames()).containsExactly("l");
    }

    @Test
    void divert_toAChannel_andRestore() {
        Sender<Frame> grpc = produce("grpc", "mesh");
        fixture.hub().channels().channel("audit");

        operator.services().divert("grpc", Diversion.channel("audit")).block(PATIENCE);
        send(grpc, "away");
        assertThat(services().get(0).diversion()).isEqualTo("audit");
        operator.services().restore("grpc").block(PATIENCE);
        send(grpc, "back");

        assertThat(fixture.receive("audit").frames()).containsExactly("away");
        assertThat(fixture.receive("mesh").frames()).containsExactly("back");
    }

    @Test
    void divert_toDevNull_acceptsCountsAndLetsGo() {
        Sender<Frame> grpc = produce("grpc", "mesh");

        operator.services().divert("grpc", Diversion.DEV_NULL).block(PATIENCE);
        send(grpc, "gone");

        assertThat(fixture.hub().discarded()).isEqualTo(1);
        assertThat(fixture.receive("mesh").frames()).isEmpty();
        assertThat(services().get(0).destination()).isEqualTo("/dev/null");
    }

    @Test
    void divert_toHold_letsSendsWait_untilRestored() {
        Sender<Frame> grpc = produce("grpc", "mesh");
        HubFixture.Received mesh = fixture.receive("mesh");
        operator.services().divert("grpc", Diversion.HOLD).block(PATIENCE);

        Disposable sending = grpc.send(Frame.text("a")).subscribe();
        await().until(() -> services().get(0).waiting() == 1);
        assertThat(services().get(0).held()).isTrue();
        assertThat(mesh.frames()).isEmpty();
        operator.services().restore("grpc").block(PATIENCE);

        await().until(sending::isDisposed);
        assertThat(mesh.frames()).containsExactly("a");
    }

    @Test
    void divert_ofAHeldService_sendsWhatWaitedThere() {
        Sender<Frame> grpc = produce("grpc", "mesh");
        fixture.hub().channels().channel("audit");
        operator.services().divert("grpc", Diversion.HOLD).block(PATIENCE);
        Disposable sending = grpc.send(Frame.text("a")).subscribe();
        await().until(() -> services().get(0).waiting() == 1);

        operator.services().divert("grpc", Diversion.channel("audit")).block(PATIENCE);

        await().until(sending::isDisposed);
        assertThat(fixture.receive("audit").frames()).containsExactly("a");
        assertThat(fixture.receive("mesh").frames()).isEmpty();
    }

    @Test
    void restoreAll_restoresWhatIsDivertedOrHeld_andSaysHowMany() {
        produce("a", "mesh");
        produce("b", "mesh");
        produce("c", "mesh");
        operator.services().divert("a", Diversion.DEV_NULL).block(PATIENCE);
        operator.services().divert("b", Diversion.HOLD).block(PATIENCE);

        assertThat(operator.services().restoreAll().block(PATIENCE)).isEqualTo(2);

        assertThat(services()).allMatch(service -> !service.held() && service.diversion() == null);
    }

    @Test
    void aServiceWhoseProducerComesBack_isStillDiverted() {
        HubClient first = fixture.client();
        first.produce("grpc", "mesh").block(PATIENCE);
        operator.services().divert("grpc", Diversion.DEV_NULL).block(PATIENCE);
        first.release("grpc").block(PATIENCE);
        assertThat(services().get(0).producers()).isZero();

        send(produce("grpc", "mesh"), "gone");

        assertThat(fixture.hub().discarded()).isEqualTo(1);
    }

    @Test
    void produce_afterItsChannelWasDeleted_leadsToTheNewOne() {
        HubClient first = fixture.client();
        first.produce("grpc", "mesh").block(PATIENCE);
        operator.channels().delete("mesh").block(PATIENCE);

        send(produce("grpc", "mesh"), "a");

        assertThat(fixture.receive("mesh").frames()).containsExactly("a");
    }

    @Test
    void aServiceThatWasDivertedFromADeletedChannel_goesAllTheSame() {
        try (HubFixture forgetful = HubFixture.start(options -> options.serviceMemory(Duration.ZERO))) {
            HubClient producer = forgetful.client();
            producer.produce("grpc", "mesh").block(PATIENCE);
            producer.services().divert("grpc", Diversion.DEV_NULL).block(PATIENCE);
            producer.channels().delete("mesh").block(PATIENCE);

            producer.release("grpc").block(PATIENCE);

            await().until(() ->
                    producer.services().list("").collectList().block(PATIENCE).isEmpty());
            producer.produce("grpc", "mesh")
                    .block(PATIENCE)
                    .send(Frame.text("a"))
                    .block(PATIENCE);
            assertThat(forgetful.receive("mesh").frames()).containsExactly("a");
        }
    }

    @Test
    void whatDoesNotExist_isSaid_andNothingChanges() {
        produce("grpc", "mesh");
        RemoteServices services = operator.services();

        assertThatThrownBy(() -> services.divert("nobody", Diversion.DEV_NULL).block(PATIENCE))
                .isInstanceOf(ServiceNotFoundException.class)
                .hasMessageContaining("nobody");
        assertThatThrownBy(() -> services.restore("nobody").block(PATIENCE))
                .isInstanceOf(ServiceNotFoundException.class);
        assertThatThrownBy(() -> services.swap("grpc", "nobody").block(PATIENCE))
                .isInstanceOf(ServiceNotFoundException.class);
        assertThatThrownBy(() ->
                        services.divert("grpc", Diversion.channel("nowhere")).block(PATIENCE))
                .isInstanceOf(ChannelNotFoundException.class)
                .hasMessageContaining("nowhere");

        assertThat(services()).containsExactly(new ServiceInfo("grpc", "mesh", null, false, "mesh", 0, 1));
        assertThat(fixture.hub().channels().list("").collectList().block(PATIENCE))
                .containsExactly("mesh");
    }

    @Test
    void reaiming_needsTheRightToTheService_andToWhereItGoes() {
        Authenticator who = Authenticator.fixed()
                .user("keeper", "secret-1")
                .user("ann", "secret-2")
                .build();
        AccessPolicy policy = AccessPolicy.builder()
                .identity("keeper", "*", Verb.values())
                .identity("ann", "plant", Verb.SEND, Verb.ADMIN)
                .build();
        try (HubFixture guarded = HubFixture.start(options -> options.security(who, policy))) {
            HubClient keeper = guarded.client(options -> options.simple("keeper", "secret-1"));
            HubClient ann = guarded.client(options -> options.simple("ann", "secret-2"));
            keeper.produce("grpc", "mesh").block(PATIENCE);
            keeper.produce("plant/pump", "mesh").block(PATIENCE);

            assertThatThrownBy(() ->
                            ann.services().divert("grpc", Diversion.DEV_NULL).block(PATIENCE))
                    .isInstanceOf(AccessDeniedException.class);
            assertThatThrownBy(() -> ann.services()
                            .divert("plant/pump", Diversion.channel("mesh"))
                            .block(PATIENCE))
                    .isInstanceOf(AccessDeniedException.class);
            assertThatThrownBy(() -> ann.services().swap("plant/pump", "grpc").block(PATIENCE))
                    .isInstanceOf(AccessDeniedException.class);
            assertThatThrownBy(() -> ann.services().restoreAll().block(PATIENCE))
                    .isInstanceOf(AccessDeniedException.class);
            assertThatThrownBy(() -> ann.services().list("").blockLast(PATIENCE))
                    .isInstanceOf(AccessDeniedException.class);
            ann.services().divert("plant/pump", Diversion.HOLD).block(PATIENCE);

            assertThat(ann.services().list("plant").collectList().block(PATIENCE))
                    .singleElement()
                    .matches(ServiceInfo::held);
        }
    }

    private Sender<Frame> produce(String service, String channel) {
        return fixture.client().produce(service, channel).block(PATIENCE);
    }

    private static void send(Sender<Frame> sender, String text) {
        sender.send(Frame.text(text)).block(PATIENCE);
    }

    private List<ServiceInfo> services() {
        return operator.services().list("").collectList().block(PATIENCE);
    }
}
