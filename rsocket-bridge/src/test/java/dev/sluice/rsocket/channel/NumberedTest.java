package dev.sluice.rsocket.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A ring of numbered things does as a map. */
class NumberedTest {

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.001, 0.1, 0.5})
    void doesAsAMap_howeverManyStayBehind(double stays) {
        Random chance = new Random(7);
        Numbered<String> numbered = new Numbered<>();
        Map<Long, String> model = new HashMap<>();
        long oldest = 0;
        for (long number = 0; number < 60_000; number++) {
            numbered.add("" + number);
            model.put(number, "" + number);
            if (model.size() > 3_000 || chance.nextInt(3) == 0) {
                for (int i = chance.nextInt(20); i > 0 && oldest <= number; i--) {
                    if (chance.nextDouble() >= stays) {
                        assertThat(numbered.remove(oldest)).isEqualTo(model.remove(oldest));
                    }
                    oldest++;
                }
            }
            long any = chance.nextInt((int) number + 100);
            if (any % 50 == 0) {
                assertThat(numbered.remove(any)).isEqualTo(model.remove(any));
            }
            assertThat(numbered.size()).isEqualTo(model.size());
        }
        List<String> rest = new ArrayList<>();
        numbered.remove(100, 50_000, rest);
        List<Long> wanted = model.keySet().stream()
                .filter(number -> number >= 100 && number < 50_100)
                .sorted()
                .toList();
        assertThat(rest).isEqualTo(wanted.stream().map(String::valueOf).toList());
        numbered.remove(0, Long.MAX_VALUE, rest);
        assertThat(rest).hasSameSizeAs(model.keySet());
        assertThat(numbered.size()).isZero();
    }

    @Test
    void oneThatStays_isFoundBehindAnyNumberOfOthers() {
        Numbered<String> numbered = new Numbered<>();
        numbered.add("first");
        for (int i = 1; i < 100_000; i++) {
            numbered.add("x");
            numbered.remove(i);
        }

        List<String> taken = new ArrayList<>();
        numbered.remove(0, Long.MAX_VALUE, taken);
        assertThat(taken).containsExactly("first");
        assertThat(numbered.remove(0)).isNull();
        assertThat(numbered.remove(100_000)).isNull();
        assertThat(numbered.remove(-1)).isNull();
    }
}
