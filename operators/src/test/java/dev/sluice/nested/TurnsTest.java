package dev.sluice.nested;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;

/** Random histories against what round robin and priority mean, with as many places as words of bits differ. */
class TurnsTest {

    private final MergeMain<String, String> main =
            new MergeMain<>(new BaseSubscriber<String>() {}, name -> null, null, new Ring<>(), MergeOptions.defaults());

    @Test
    void ring_neverServesOneTwice_beforeEveryOtherThatWaitedWasServed() {
        assertFair(new Ring<>(), 1, new Random(3));
    }

    @Test
    void lanes_serveTheHighestOnly_andWithinItFairly() {
        assertFair(new Lanes<>(0), 3, new Random(4));
    }

    private void assertFair(Turns<String> turns, int priorities, Random random) {
        List<MergeSource<String>> open = new ArrayList<>();
        Map<MergeSource<String>, Boolean> ready = new HashMap<>();
        // How many turns its own priority had while a source waited, by who had them.
        Map<MergeSource<String>, List<MergeSource<String>>> passedOver = new HashMap<>();
        for (int step = 0; step < 50_000; step++) {
            switch (open.size() < 2 ? 0 : random.nextInt(open.size() < 200 ? 12 : 11)) {
                case 0, 11 -> {
                    MergeSource<String> source = new MergeSource<>(main, 1, random.nextInt(priorities));
                    turns.admit(source);
                    open.add(source);
                    ready.put(source, false);
                }
                case 1 -> {
                    MergeSource<String> gone = open.remove(random.nextInt(open.size()));
                    turns.leave(gone);
                    ready.remove(gone);
                    passedOver.remove(gone);
                }
                case 2, 3 -> {
                    MergeSource<String> source = open.get(random.nextInt(open.size()));
                    turns.idle(source);
                    ready.put(source, false);
                    passedOver.remove(source);
                }
                case 4, 5, 6 -> {
                    MergeSource<String> source = open.get(random.nextInt(open.size()));
                    turns.ready(source);
                    if (!ready.put(source, true)) {
                        passedOver.put(source, new ArrayList<>());
                    }
                }
                default -> {
                    MergeSource<String> next = turns.next();
                    int highest = open.stream()
                            .filter(ready::get)
                            .mapToInt(source -> source.priority)
                            .max()
                            .orElse(-1);
                    if (highest < 0) {
                        assertThat(next).isNull();
                        assertThat(turns.isEmpty()).isTrue();
                    } else {
                        assertThat(ready.get(next)).isTrue();
                        assertThat(next.priority).isEqualTo(highest);
                        passedOver.forEach((source, by) -> {
                            if (source.priority == next.priority && source != next) {
                                assertThat(by)
                                        .as("served twice past a waiting one")
                                        .doesNotContain(next);
                                by.add(next);
                            }
                        });
                        passedOver.put(next, new ArrayList<>());
                    }
                }
            }
        }
    }
}
