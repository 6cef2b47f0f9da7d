package dev.sluice.rsocket.outlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.ChannelNotFoundException;
import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.security.AccessPolicy;
import dev.sluice.rsocket.security.Verb;
import dev.sluice.switching.ServiceRegistry;
import dev.sluice.switching.ServiceStatus;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Outlets that are services of a registry, as a hub has them: an operator switches what clients elsewhere opened. */
class OpenedOutletsTest {

    private static final Duration LONG = Machines.LONG;
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final ServiceRegistry<Frame> services = ServiceRegistry.create();
    private final Clock clock = new Clock();
    private Machines machines = machines(options().build(), AccessPolicy.allowAll());

    private OutletOptions.Builder options() {
        return OutletOptions.builder()
                .opener(services::register)
                .closer((name, outlet) -> services.unregister(name))
                .memory(Duration.ofMillis(20))
                .clock(clock);
    }

    private static Machines machines(OutletOptions options, AccessPolicy policy) {
        return new Machines(options, policy).channel("mesh", 4).channel("store", 4);
    }

    private void restart(OutletOptions.Builder options, AccessPolicy policy) {
        machines.close();
        machines = machines(options.build(), policy);
    }

    @AfterEach
    void stop() {
        machines.close();
        machines.outlets.close().block(LONG);
        clock.dispose();
        assertThat(services.services()).isEmpty();
    }

    private Channel<Frame> channel(String name) {
        return Objects.requireNonNull(machines.channels.find(name).block(LONG), name);
    }

    private String next(String channel) {
        return Objects.requireNonNull(channel(channel).receive().blockFirst(LONG))
                .asText();
    }

    private List<String> registered() {
        return services.services().stream().map(ServiceStatus::name).toList();
    }

    @Test
    void service_isRegisteredWithItsFirstClient_andUnregisteredWithItsLast() {
        SluiceClient one = machines.client();
        SluiceClient two = machines.client();
        RemoteOutlets.of(one).open("grpc", "mesh").block(LONG);
        RemoteOutlets.of(two).open("grpc", "mesh").block(LONG);
        assertThat(registered()).containsExactly("grpc");

        one.close().block(LONG);
        await().atMost(LONG)
                .until(() -> machines.outlets.list("").equals(List.of(new OutletStatus("grpc", "mesh", true, 1))));
        assertThat(registered()).containsExactly("grpc");
        two.close().block(LONG);

        await().atMost(LONG).until(() -> registered().isEmpty());
    }

    @Test
    void service_thatIsStartedAnewWithinTheIdleTime_findsItsDiversion() {
        restart(options().idle(IDLE), AccessPolicy.allowAll());
        SluiceClient first = machines.client();
        RemoteOutlets.of(first)
                .open("grpc", "mesh")
                .flatMap(grpc -> grpc.send(Frame.text("one")))
                .block(LONG);
        services.divert("grpc", channel("store")).block(LONG);
        first.close().block(LONG);
        await().atMost(LONG)
                .until(() -> machines.outlets.list("").equals(List.of(new OutletStatus("grpc", "store", true, 0))));

        clock.advance(IDLE.minusSeconds(1));
        RemoteOutlets again = machines.machine();
        again.open("grpc", "mesh").flatMap(grpc -> grpc.send(Frame.text("two"))).block(LONG);
        assertThat(next("mesh")).isEqualTo("one");
        assertThat(next("store")).isEqualTo("two");

        again.release("grpc").block(LONG);
        clock.advance(IDLE);
        await().atMost(LONG).until(() -> registered().isEmpty());
        again.open("grpc", "mesh")
                .flatMap(grpc -> grpc.send(Frame.text("three")))
                .block(LONG);
        assertThat(next("mesh")).isEqualTo("three");
    }

    @Test
    void open_byManyAtOnce_registersOneService() {
        List<RemoteOutlets> many =
                Flux.range(0, 8).map(n -> machines.machine()).collectList().block(LONG);

        Flux.fromIterable(Objects.requireNonNull(many))
                .flatMap(machine -> machine.open("grpc", "mesh"))
                .then()
                .block(LONG);

        assertThat(machines.outlets.list("")).containsExactly(new OutletStatus("grpc", "mesh", true, 8));
    }

    @Test
    void open_whenTheRegistryHasTheName_failsAndSaysSo() {
        services.register("grpc", channel("store"));

        assertThatThrownBy(() -> machines.machine().open("grpc", "mesh").block(LONG))
                .hasMessageContaining("'grpc' is registered already");

        assertThat(services.unregister("grpc").block(LONG)).isTrue();
        machines.machine().open("grpc", "mesh").block(LONG);
    }

    @Test
    void open_atAChannelThatDoesNotExist_createsItWhereThatIsAllowed() {
        restart(
                options().createsTargets(true),
                AccessPolicy.builder()
                        .everyone("grpc", Verb.SEND)
                        .everyone("new", Verb.SEND)
                        .build());
        RemoteOutlets remote = machines.machine();

        remote.open("grpc", "new")
                .flatMap(grpc -> grpc.send(Frame.text("hello")))
                .block(LONG);

        assertThat(next("new")).isEqualTo("hello");
    }

    @Test
    void open_thatJoins_createsNothing_andNeitherDoesAim() {
        restart(options().createsTargets(true), AccessPolicy.allowAll());
        RemoteOutlets remote = machines.machine();
        remote.open("grpc", "mesh").block(LONG);

        remote.open("grpc", "other").block(LONG);
        assertThatThrownBy(() -> remote.aim("grpc", "other").block(LONG)).isInstanceOf(ChannelNotFoundException.class);
        assertThatThrownBy(() -> remote.open("http", "a//b").block(LONG)).hasMessageContaining("a//b");

        assertThat(machines.channels.find("other").block(LONG)).isNull();
        assertThat(remote.list("").collectList().block(LONG))
                .containsExactly(new OutletStatus("grpc", "mesh", true, 1));
    }

    @Test
    void open_whereClientsMayNot_createsNothing() {
        restart(OutletOptions.builder().createsTargets(true), AccessPolicy.allowAll());

        assertThatThrownBy(() -> machines.machine().open("grpc", "new").block(LONG))
                .isInstanceOf(ChannelNotFoundException.class)
                .hasMessageContaining("may not open any");

        assertThat(machines.channels.find("new").block(LONG)).isNull();
    }

    @Test
    void close_unregistersWhatClientsOpened_andLeavesNoTimer() {
        restart(options().idle(IDLE), AccessPolicy.allowAll());
        RemoteOutlets remote = machines.machine();
        remote.open("grpc", "mesh").then(remote.open("http", "mesh")).block(LONG);
        remote.release("http").block(LONG);

        machines.outlets.close().block(LONG);

        assertThat(registered()).isEmpty();
        assertThat(clock.timers()).isZero();
        assertThat(machines.outlets.list("")).isEmpty();
    }
}
