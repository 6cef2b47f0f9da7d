package dev.sluice.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.InvalidNameException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelNameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "orders",
                "subscriber/1",
                "a/b/c/d/e/f",
                "with space",
                "Ünï/日本語",
                "😀/pair",
                "...",
                ".hidden",
                "a..b",
                "**",
                "a@group",
                "~",
                "-",
                "%2F"
            })
    void require_legalName_isGivenBack(String name) {
        assertThat(ChannelName.require(name)).isSameAs(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "''|is empty|at least one character",
                "/a|begins with a slash|none at the ends",
                "a/|ends with a slash|none at the ends",
                "/|begins with a slash|none at the ends",
                "a//b|empty segment at character 3|one slash between",
                "./a|segment \".\"|full path",
                "a/../b|segment \"..\"|full path",
                "a/*|segment \"*\"|another name"
            })
    void require_illegalPath_saysWhichRuleAndWhatToDo(String name, String rule, String remedy) {
        assertThatThrownBy(() -> ChannelName.require(name))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("\"" + name + "\"")
                .hasMessageContaining(rule)
                .hasMessageContaining(remedy);
    }

    @ParameterizedTest
    @ValueSource(chars = {'\0', '\n', '\t', '\r', '\u001b', '\u007f', '\u0085', '\u2028', '\u2029'})
    void require_controlCharacter_isShownEscaped(char control) {
        String escaped = String.format("\\u%04x", (int) control);

        assertThatThrownBy(() -> ChannelName.require("ab" + control + "c"))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("\"ab" + escaped + "c\"")
                .hasMessageContaining("control character " + escaped + " at character 3")
                .hasMessageNotContaining(String.valueOf(control));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "a\ud83d/b", "\ude00", "a\ude00\ud83d"})
    void require_halfOfASurrogatePair_isRefused(String name) {
        assertThatThrownBy(() -> ChannelName.require(name))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("surrogate")
                .satisfies(e -> assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(e.getMessage()))
                        .isTrue());
    }

    @Test
    void require_lengths_areCountedInBytesOfUtf8() {
        assertThat(ChannelName.require("a".repeat(255))).hasSize(255);
        assertThat(ChannelName.require("é".repeat(127))).hasSize(127);
        String longest = ("a".repeat(255) + "/").repeat(4);
        assertThat(ChannelName.require(longest.substring(0, 1023))).hasSize(1023);
        assertThat(ChannelName.require("a/" + longest.substring(0, 1022))).hasSize(1024);

        assertThatThrownBy(() -> ChannelName.require("a".repeat(256)))
                .hasMessageContaining("segment of 256 bytes")
                .hasMessageContaining("at most 255");
        assertThatThrownBy(() -> ChannelName.require("x/" + "😀".repeat(64)))
                .hasMessageContaining("segment of 256 bytes");
        assertThatThrownBy(() -> ChannelName.require("aa/" + longest.substring(0, 1022)))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("1025 bytes")
                .hasMessageContaining("at most 1024");
    }

    @Test
    void require_endlessName_isNotShownInFull() {
        assertThatThrownBy(() -> ChannelName.require("x".repeat(1_000_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500))
                .hasMessageContaining("1000000 characters");
    }

    @Test
    void require_null_isRefusedByName() {
        assertThatNullPointerException()
                .isThrownBy(() -> ChannelName.require(null))
                .withMessage("name");
    }

    /** Whatever text comes: it is refused with our error, or it is one that every tree can hold. */
    @Property
    void require_anyText_isLegalOrRefused(@ForAll String text) {
        try {
            ChannelName.require(text);
        } catch (InvalidNameException refused) {
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(bytes.length).isBetween(1, ChannelName.MAX_BYTES);
        assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(text);
        assertThat(text.split("/", -1))
                .allSatisfy(segment -> assertThat(segment.getBytes(StandardCharsets.UTF_8).length)
                        .isBetween(1, ChannelName.MAX_SEGMENT_BYTES))
                .doesNotContain(".", "..", "*");
        assertThat(text.chars()).noneMatch(Character::isISOControl);
    }
}
