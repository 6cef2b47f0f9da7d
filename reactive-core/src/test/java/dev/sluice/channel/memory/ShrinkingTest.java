package dev.sluice.channel.memory;

import static dev.sluice.channel.SendResult.ACCEPTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.ChannelOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A channel whose capacity becomes smaller gives memory back. */
class ShrinkingTest {
    private static final int LARGE = 100_000;
    private static final int SMALL = 10;

    private final MemoryChannel<Integer> channel =
            new MemoryChannel<>(ChannelOptions.builder().capacity(LARGE).build());

    private void send(int from, int count) {
        for (int i = from; i < from + count; i++) {
            assertThat(channel.trySend(i)).isEqualTo(ACCEPTED);
        }
    }

    private List<Integer> receiveAll() {
        List<Integer> received = new ArrayList<>();
        channel.receive().subscribe(received::add).dispose();
        return received;
    }

    private static List<Integer> numbers(int from, int count) {
        return IntStream.range(from, from + count).boxed().toList();
    }

    @Test
    void resize_toLess_givesSlotsBack_andKeepsWhatWaits() {
        send(0, LARGE);
        assertThat(receiveAll()).hasSize(LARGE);
        send(0, 5);

        channel.resize(SMALL).block();

        assertThat(channel.ring.length()).isLessThanOrEqualTo(1024);
        send(5, 5);
        assertThat(receiveAll()).isEqualTo(numbers(0, 10));
    }

    @Test
    void resize_toLess_whileMoreWaits_givesSlotsBackTheNextTime() {
        send(0, LARGE);

        channel.resize(SMALL).block();

        assertThat(channel.ring.length()).isGreaterThan(LARGE);
        assertThat(receiveAll()).isEqualTo(numbers(0, LARGE));
        channel.resize(SMALL).block();
        assertThat(channel.ring.length()).isLessThanOrEqualTo(1024);
        send(0, SMALL);
        assertThat(receiveAll()).isEqualTo(numbers(0, SMALL));
    }

    @Test
    void resize_toLess_andBack_holdsAsManyAsBefore() {
        send(0, 2000);
        assertThat(receiveAll()).hasSize(2000);
        channel.resize(SMALL).block();

        channel.resize(LARGE).block();
        send(0, LARGE);

        assertThat(receiveAll()).isEqualTo(numbers(0, LARGE));
    }
}
