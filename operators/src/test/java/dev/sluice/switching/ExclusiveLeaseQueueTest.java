package dev.sluice.switching;

import static dev.sluice.switching.Ends.LONG;
import static dev.sluice.switching.Ends.channel;
import static dev.sluice.switching.Ends.drain;
import static dev.sluice.switching.Ends.sendNow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.channel.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Leases that follow one another at once, each ended by its own holder. */
class ExclusiveLeaseQueueTest {

    private final Channel<Integer> mesh = channel("mesh", 20_000);
    private final Channel<Integer> backup = channel("backup", 1);
    private final ServiceRegistry<Integer> registry = ServiceRegistry.create();
    private final LeaseOptions<Integer> patient = LeaseOptions.<Integer>builder()
            .noTtl()
            .maxWait(Duration.ofMinutes(10))
            .build();
    private final List<Integer> done = new ArrayList<>();

    private ExclusiveLease<Integer> first() {
        return registry.exclusive(mesh, "first", patient).block(LONG);
    }

    @Test
    void queuedLeases_allEndedAtOnce_areGrantedInOrder_howeverMany() {
        int count = 10_000;
        ExclusiveLease<Integer> first = first();
        for (int i = 0; i < count; i++) {
            int number = i;
            registry.withExclusive(
                            mesh,
                            "holder " + i,
                            patient,
                            lease -> lease.sender().send(number))
                    .subscribe(any -> {}, error -> {}, () -> done.add(number));
        }

        first.close().block(LONG);

        assertThat(done).isEqualTo(IntStream.range(0, count).boxed().toList());
        assertThat(drain(mesh)).isEqualTo(done);
        sendNow(mesh, 1);
    }

    @Test
    void queuedLease_whoseHolderWaitsForASwitch_isNotStuck() {
        SwitchableSink<Integer> sink = SwitchableSink.create("sink", mesh);
        ExclusiveLease<Integer> first = first();
        for (int i = 0; i < 20; i++) {
            int number = i;
            registry.exclusive(mesh, "holder " + i, patient).subscribe(lease -> {
                sink.switchTo(number % 2 == 0 ? backup : mesh).block(LONG);
                lease.close().block(LONG);
                done.add(number);
            });
        }

        first.close().block(LONG);

        assertThat(done).hasSize(20);
    }

    @Test
    void queuedLease_whoseHolderThrows_isFollowedByTheNext() {
        ExclusiveLease<Integer> first = first();
        registry.exclusive(mesh, "broken", patient).subscribe(lease -> {
            lease.close().block(LONG);
            throw new OutOfMemoryError("of the holder");
        });
        registry.exclusive(mesh, "next", patient).subscribe(lease -> done.add(1));

        assertThatThrownBy(() -> first.close().block(LONG)).isInstanceOf(OutOfMemoryError.class);

        assertThat(done).containsExactly(1);
    }
}
