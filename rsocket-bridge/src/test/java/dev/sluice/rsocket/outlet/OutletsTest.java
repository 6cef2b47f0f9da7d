package dev.sluice.rsocket.outlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.AccessDeniedException;
import dev.sluice.ChannelClosedException;
import dev.sluice.ChannelNotFoundException;
import dev.sluice.Frame;
import dev.sluice.InvalidNameException;
import dev.sluice.RemoteException;
import dev.sluice.channel.Channel;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.rsocket.security.Verb;
import dev.sluice.switching.ServiceRegistry;
import dev.sluice.switching.SwitchableSink;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What outlets do, one thing at a time. */
class OutletsTest {

    private static final Duration LONG = Machines.LONG;

    private Machines machines =
            Machines.open().channel("mesh", 4).channel("store", 10).channel("secret", 4);

    @AfterEach
    void stop() {
        machines.close();
    }

    private void restart(OutletOptions options, AccessPolicy policy) {
        machines.close();
        machines = new Machines(options, policy).channel("mesh", 4).channel("store", 10);
    }

    private Channel<Frame> mesh() {
        return machines.channels.channel("mesh");
    }

    private static void send(Sender<Frame> to, String text) {
        to.send(Frame.text(text)).block(LONG);
    }

    private static String next(Channel<Frame> channel) {
        return Objects.requireNonNull(channel.receive().blockFirst(LONG)).asText();
    }

    private static void assertFails(Mono<?> operation, Class<?> as, String... says) {
        assertThatThrownBy(() -> operation.block(LONG)).isInstanceOf(as).hasMessageContainingAll(says);
    }

    @Test
    void aim_movesWhatIsSentFromThenOn_andSaysFromWhereToWhere() {
        Sender<Frame> camera = machines.machine().open("camera", "mesh").block(LONG);
        send(camera, "one");

        assertThat(machines.machine().aim("camera", "store").block(LONG))
                .isEqualTo(new OutletSwitch("camera", "mesh", "store"));
        send(camera, "two");

        assertThat(next(mesh())).isEqualTo("one");
        assertThat(next(machines.channels.channel("store"))).isEqualTo("two");
    }

    @Test
    void aim_whenSendsWaitAtAFullTarget_takesThemAlong() {
        Sender<Frame> camera = machines.machine().open("camera", "mesh").block(LONG);
        Flux.range(0, 4).concatMap(n -> camera.send(Frame.text("" + n))).blockLast(LONG);
        CompletableFuture<Void> waiting = camera.send(Frame.text("4")).toFuture();
        await().atMost(LONG)
                .until(() -> Objects.requireNonNull(mesh().stats().block(LONG)).waitingSends() == 1);
        assertThat(camera.trySend(Frame.text("5"))).isEqualTo(SendResult.FULL);

        machines.machine().aim("camera", "store").block(LONG);

        await().atMost(LONG).until(waiting::isDone);
        assertThat(next(machines.channels.channel("store"))).isEqualTo("4");
    }

    @Test
    void sendAll_asksTheProducerForWhatTheTargetOfTheMomentHasRoomFor() {
        Sender<Frame> camera = machines.machine().open("camera", "mesh").block(LONG);
        AtomicLong given = new AtomicLong();
        camera.sendAll(Flux.range(0, 1_000).map(n -> Frame.text("" + n)).doOnNext(element -> given.incrementAndGet()))
                .subscribe(count -> {}, closed -> {});
        await().atMost(LONG).until(() -> buffered("mesh") == 4);
        assertThat(given).hasValueLessThanOrEqualTo(5);

        machines.machine().aim("camera", "store").block(LONG);
        await().atMost(LONG).until(() -> buffered("store") == 10);
        assertThat(given).hasValueLessThanOrEqualTo(15);
    }

    private long buffered(String channel) {
        return Objects.requireNonNull(machines.channels.channel(channel).stats().block(LONG))
                .buffered();
    }

    @Test
    void list_tellsNamesTargetsAndWhetherTheyWereOpened() {
        machines.outlets.offer("probe/1", SwitchableSink.create("probe", mesh()));
        RemoteOutlets remote = machines.machine();
        remote.open("camera", "store").block(LONG);

        assertThat(remote.list("").collectList().block(LONG))
                .containsExactly(
                        new OutletStatus("camera", "store", true, 1), new OutletStatus("probe/1", "mesh", false, 0));
        assertThat(remote.list("probe/*").map(OutletStatus::name).collectList().block(LONG))
                .containsExactly("probe/1");
    }

    @Test
    void outlet_whenUnknown_failsAndNamesIt() {
        RemoteOutlets remote = machines.machine();

        assertFails(remote.outlet("nobody").send(Frame.EMPTY), ChannelNotFoundException.class, "outlet \"nobody\"");
        assertFails(
                remote.outlet("nobody").sendAll(Flux.just(Frame.EMPTY)),
                ChannelNotFoundException.class,
                "outlet \"nobody\"");
        assertFails(remote.aim("nobody", "mesh"), ChannelNotFoundException.class, "outlet \"nobody\"");
        assertThatThrownBy(() -> remote.outlet("a//b")).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void aim_atAnUnknownOrClosedChannel_failsAndChangesNothing() {
        RemoteOutlets remote = machines.machine();
        Sender<Frame> camera = remote.open("camera", "mesh").block(LONG);
        machines.channels.channel("store").close();

        assertFails(remote.aim("camera", "nowhere"), ChannelNotFoundException.class, "\"nowhere\"");
        assertFails(remote.aim("camera", "store"), ChannelClosedException.class, "store");
        assertFails(remote.open("other", "nowhere"), ChannelNotFoundException.class, "\"nowhere\"");

        send(camera, "still here");
        assertThat(next(mesh())).isEqualTo("still here");
        assertThat(machines.channels.find("nowhere").block(LONG)).isNull();
    }

    @Test
    void offer_ofAServiceOfARegistry_takesPartInItsSwitches() {
        ServiceRegistry<Frame> services = ServiceRegistry.create();
        machines.outlets.offer("grpc", services.register("grpc", mesh()));
        Sender<Frame> grpc = machines.machine().outlet("grpc");

        services.divert("grpc", machines.channels.channel("store")).block(LONG);
        send(grpc, "diverted");

        assertThat(next(machines.channels.channel("store"))).isEqualTo("diverted");
        assertThatThrownBy(() -> machines.outlets.offer("grpc", SwitchableSink.create("again", mesh())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"grpc\"");
        assertThat(machines.outlets.withdraw("grpc")).isTrue();
        assertFails(grpc.send(Frame.EMPTY), ChannelNotFoundException.class, "\"grpc\"");
    }

    @Test
    void open_whenClientsMayNot_failsAndSaysWhatToDo() {
        restart(OutletOptions.defaults(), AccessPolicy.allowAll());

        assertFails(
                machines.machine().open("camera", "mesh"), ChannelNotFoundException.class, "\"camera\"", "offer it");
    }

    @Test
    void open_beyondALimit_failsUntilOneIsReleased() {
        restart(Machines.openable().maxPerClient(2).maxOpened(3).build(), AccessPolicy.allowAll());
        SluiceClient client = machines.client();
        RemoteOutlets greedy = RemoteOutlets.of(client);
        greedy.open("a", "mesh").then(greedy.open("b", "mesh")).block(LONG);

        assertFails(greedy.open("c", "mesh"), RemoteException.class, "\"c\"", "2", "release");
        assertFails(RemoteOutlets.of(client).open("c", "mesh"), RemoteException.class, "maxPerClient");
        RemoteOutlets other = machines.machine();
        other.open("c", "mesh").block(LONG);
        assertFails(other.open("d", "mesh"), RemoteException.class, "\"d\"", "3", "maxOpened");

        assertThat(greedy.release("c").block(LONG)).isFalse();
        assertThat(greedy.release("a").block(LONG)).isTrue();
        other.open("d", "mesh").block(LONG);
        assertThat(machines.outlets.list("")).extracting(OutletStatus::name).containsExactly("b", "c", "d");
    }

    @Test
    void open_byTwoClients_staysUntilBothAreGone() {
        restart(Machines.openable().memory(Duration.ofMillis(20)).build(), AccessPolicy.allowAll());
        SluiceClient first = machines.client();
        SluiceClient second = machines.client();
        RemoteOutlets.of(first).open("camera", "mesh").block(LONG);
        RemoteOutlets.of(first).open("alone", "mesh").block(LONG);
        Sender<Frame> camera = RemoteOutlets.of(second).open("camera", "store").block(LONG);

        first.close().block(LONG);
        await().atMost(LONG).until(() -> machines.outlets.list("").size() == 1);
        send(camera, "still here");
        assertThat(next(mesh())).isEqualTo("still here");

        second.close().block(LONG);
        await().atMost(LONG).until(() -> machines.outlets.list("").isEmpty());
    }

    @Test
    void open_whenTheConnectionIsLost_staysForWhoComesBack() throws IOException {
        try (Relay relay = new Relay(machines.server.port())) {
            RemoteOutlets weak = RemoteOutlets.of(machines.client(relay.port()));
            Sender<Frame> camera = weak.open("camera", "mesh").block(LONG);
            machines.machine().aim("camera", "store").block(LONG);
            relay.breakAll();

            send(camera, "back");
            assertThat(next(machines.channels.channel("store"))).isEqualTo("back");
        }
    }

    @Test
    void of_twiceForOneClient_numbersEachOfThemApart() {
        SluiceClient client = machines.client();
        RemoteOutlets one = RemoteOutlets.of(client);
        RemoteOutlets two = RemoteOutlets.of(client);

        send(one.open("camera", "mesh").block(LONG), "first");
        send(two.open("camera", "mesh").block(LONG), "second");

        assertThat(next(mesh())).isEqualTo("first");
        assertThat(next(mesh())).isEqualTo("second");
    }

    @Test
    void policy_letsProducersSendAndAdminsAim() {
        AccessPolicy policy = AccessPolicy.builder()
                .everyone("camera", Verb.SEND)
                .everyone("mesh", Verb.SEND)
                .everyone("probe", Verb.ADMIN)
                .build();
        restart(Machines.openable().build(), policy);
        machines.outlets.offer("probe", SwitchableSink.create("probe", machines.channels.channel("store")));
        RemoteOutlets remote = machines.machine();

        send(remote.open("camera", "mesh").block(LONG), "allowed");
        assertFails(remote.aim("camera", "mesh"), AccessDeniedException.class, "ADMIN", "camera");
        assertFails(remote.open("camera", "store"), AccessDeniedException.class, "SEND", "store");
        assertFails(remote.outlet("probe").send(Frame.EMPTY), AccessDeniedException.class, "SEND", "probe");
        assertFails(remote.aim("probe", "store"), AccessDeniedException.class, "SEND", "store");
        assertFails(remote.list("").then(), AccessDeniedException.class, "ADMIN");
        assertThat(remote.aim("probe", "mesh").block(LONG)).isEqualTo(new OutletSwitch("probe", "store", "mesh"));
    }

    @Test
    void options_outOfBounds_areRefusedByName() {
        for (OutletOptions.Builder wrong : List.of(
                OutletOptions.builder().maxOpened(0),
                OutletOptions.builder().maxPerClient(1_000_001),
                OutletOptions.builder().idle(Duration.ofNanos(-1)),
                OutletOptions.builder().idle(Duration.ofDays(1).plusNanos(1)),
                OutletOptions.builder().memory(Duration.ZERO))) {
            assertThatThrownBy(wrong::build)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("(maxOpened|maxPerClient|idle|memory) must be .*");
        }
    }
}
