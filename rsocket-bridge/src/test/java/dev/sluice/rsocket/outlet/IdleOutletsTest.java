package dev.sluice.rsocket.outlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ChannelNotFoundException;
import dev.sluice.Frame;
import dev.sluice.channel.SwitchableSender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;

/** Outlets that nobody holds: how long they stay, and when they give way. */
class IdleOutletsTest extends TableFixture {

    @Test
    void open_withinTheIdleTime_joinsWhatIsThere() {
        idle();
        opened("grpc", "a");
        SwitchableSender<Frame> first = table.require("grpc");
        table.leave("a");
        assertOpen("grpc 0");

        clock.advance(IDLE.minusMillis(1));
        opened("grpc", "b");
        assertThat(clock.timers()).isZero();
        clock.advance(IDLE.multipliedBy(2));
        assertOpen("grpc 1");
        assertThat(table.require("grpc")).isSameAs(first);

        table.release("grpc", "b");
        clock.advance(IDLE.minusMillis(1));
        assertOpen("grpc 0");
        assertThat(workshop.events).containsExactly("make grpc");
        clock.advance(Duration.ofMillis(1));
        assertOpen();
        assertThat(workshop.events).containsExactly("make grpc", "close grpc");
        assertThatThrownBy(() -> table.require("grpc")).isInstanceOf(ChannelNotFoundException.class);
    }

    @Test
    void remove_withinTheIdleTime_callsTheCloserOnceAndRunsNoTimer() {
        idle();
        opened("grpc", "a");
        table.release("grpc", "a");
        assertThat(clock.timers()).isEqualTo(1);

        assertThat(table.remove("grpc")).isTrue();
        assertThat(clock.timers()).isZero();
        opened("grpc", "b");
        clock.advance(IDLE.multipliedBy(2));

        assertOpen("grpc 1");
        assertThat(workshop.events).containsExactly("make grpc", "close grpc", "make grpc");
    }

    @Test
    void idleTime_onAClockThatHasStopped_isOverAtOnce() {
        idle();
        opened("grpc", "a");
        clock.dispose();
        table.release("grpc", "a");

        assertOpen();
        assertThat(workshop.events).containsExactly("make grpc", "close grpc");
    }

    @Test
    void idleOutlets_giveWayToNewOnes_theLongestIdleFirst() {
        table = new OutletTable(
                workshop.options().idle(IDLE).clock(clock).maxOpened(3).build());
        List.of("a", "b", "c").forEach(name -> opened(name, name));
        assertThatThrownBy(() -> opened("d", "d")).hasMessageContainingAll("\"d\"", "3", "maxOpened");
        table.leave("b");
        table.leave("a");
        Sinks.Empty<Void> closer = workshop.slow("b");

        CompletableFuture<Void> fourth = open("d", "d");
        assertThat(fourth).as("there is room no earlier than it is closed").isNotDone();
        assertOpen("a 0", "c 1");
        closer.tryEmitEmpty();

        assertThat(fourth).isCompleted();
        assertOpen("a 0", "c 1", "d 1");
        assertThat(workshop.events).containsExactly("make a", "make b", "make c", "close b", "make d");
    }

    @Test
    void idleOutlets_doNotGiveWayToAClientThatHasTooMany() {
        table = new OutletTable(workshop.options()
                .idle(IDLE)
                .clock(clock)
                .maxOpened(2)
                .maxPerClient(1)
                .build());
        opened("a", "a");
        opened("b", "b");
        table.leave("b");

        assertThatThrownBy(() -> opened("c", "a")).hasMessageContainingAll("\"c\"", "maxPerClient");
        assertOpen("a 1", "b 0");
    }
}
