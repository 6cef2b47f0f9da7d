package dev.sluice.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.InvalidNameException;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePrefixTest {

    private static final List<String> NAMES = List.of("a", "a-b", "a/1", "a/1/x", "a/2", "a0", "ab/1", "b");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|a a-b a/1 a/1/x a/2 a0 ab/1 b",
                "*|a a-b a/1 a/1/x a/2 a0 ab/1 b",
                "a|a a/1 a/1/x a/2",
                "a/|a/1 a/1/x a/2",
                "a/*|a/1 a/1/x a/2",
                "a/1|a/1 a/1/x",
                "a/1/*|a/1/x",
                "ab|ab/1",
                "c|''"
            })
    void select_takesWholeSegments(String prefix, String selected) {
        TreeMap<String, Integer> byName = new TreeMap<>();
        NAMES.forEach(name -> byName.put(name, 0));

        List<String> viaMap = NamePrefix.of(prefix).select(byName).stream()
                .flatMap(some -> some.keySet().stream())
                .toList();

        assertThat(String.join(" ", viaMap)).isEqualTo(selected);
        assertThat(NAMES.stream().filter(NamePrefix.of(prefix)::matches)).isEqualTo(viaMap);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a", "a//", "a//*", "a/../b", "a/*/b", "/*", "a\nb"})
    void of_whatCouldSelectNothing_isRefused(String prefix) {
        assertThatThrownBy(() -> NamePrefix.of(prefix))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageStartingWith("prefix \"");
    }
}
