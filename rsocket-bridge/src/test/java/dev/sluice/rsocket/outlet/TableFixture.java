package dev.sluice.rsocket.outlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.channel.NamePrefix;
import dev.sluice.channel.SwitchableSender;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;

/** A table of outlets that a {@link Workshop} makes and closes, in virtual time. */
abstract class TableFixture {

    static final Duration IDLE = Duration.ofSeconds(5);

    final Workshop workshop = new Workshop();
    final Clock clock = new Clock();
    OutletTable table = new OutletTable(workshop.options().build());

    @AfterEach
    void stop() {
        clock.dispose();
        assertThat(workshop.violations).isEmpty();
    }

    void idle() {
        table = new OutletTable(workshop.options().idle(IDLE).clock(clock).build());
    }

    CompletableFuture<Void> open(String name, String client) {
        return open(name, client, () -> workshop.make(name));
    }

    CompletableFuture<Void> open(String name, String client, Supplier<? extends SwitchableSender<Frame>> maker) {
        return table.open(name, client, maker, () -> {}).toFuture();
    }

    /** Whatever is opened here is there or refused when this returns, as nothing is slow. */
    void opened(String name, String client) {
        opened(open(name, client));
    }

    static void opened(CompletableFuture<Void> answer) {
        assertThat(answer.isDone()).as("waits").isTrue();
        answer.join();
    }

    void assertOpen(String... statuses) {
        assertThat(table.list(NamePrefix.of("")))
                .extracting(one -> one.name() + " " + one.holders())
                .containsExactly(statuses);
    }
}
