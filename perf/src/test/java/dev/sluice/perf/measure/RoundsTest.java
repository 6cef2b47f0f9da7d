package dev.sluice.perf.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.perf.measure.Rounds.Participant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundsTest {

    private final List<String> events = new ArrayList<>();

    @Test
    void take_letsEveryoneTakeTurns_andCountsThoseAfterTheWarmUp() {
        Map<String, List<Integer>> brought =
                new Rounds(2, 1, 2).take(List.of("a", "b"), this::start, One::turn, this::failed);

        assertThat(events)
                .startsWith("+a", "+b", "a1", "b1", "a2", "b2", "a3", "b3", "-a", "-b")
                .hasSize(20);
        assertThat(brought).containsOnly(Map.entry("a", List.of(2, 3, 2, 3)), Map.entry("b", List.of(2, 3, 2, 3)));
    }

    @Test
    void take_leavesOutWhoFailed_andClosesIt() {
        Map<String, List<Integer>> brought = new Rounds(2, 0, 2)
                .take(
                        List.of("a", "b"),
                        this::start,
                        one -> {
                            int turn = one.turn();
                            if (one.name.equals("a") && turn == 2) {
                                throw new IOException("it broke");
                            }
                            return turn;
                        },
                        this::failed);

        assertThat(events)
                .containsExactly(
                        "+a", "+b", "a1", "b1", "a2", "a failed: it broke", "b2", "-a", "-b", "+b", "b1", "b2", "-b");
        assertThat(brought).containsOnlyKeys("b");
    }

    @Test
    void take_withoutWhoDoesNotStart_goesOn() {
        Map<String, List<Integer>> brought = new Rounds(1, 0, 1)
                .take(
                        List.of("a", "b"),
                        name -> {
                            if (name.equals("a")) {
                                throw new IOException("there is no a");
                            }
                            return start(name);
                        },
                        One::turn,
                        this::failed);

        assertThat(events).containsExactly("a failed: there is no a", "+b", "b1", "-b");
        assertThat(brought).containsOnlyKeys("b");
    }

    private One start(String name) {
        events.add("+" + name);
        return new One(name);
    }

    private void failed(String name, Exception reason) {
        events.add(name + " failed: " + reason.getMessage());
    }

    private final class One implements Participant {
        private final String name;
        private int turns;

        private One(String name) {
            this.name = name;
        }

        int turn() {
            events.add(name + ++turns);
            return turns;
        }

        @Override
        public void close() {
            events.add("-" + name);
        }
    }
}
