package dev.sluice.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainCommandTest {

    private final Cli cli = new Cli(new ExplainCommand());

    @Test
    void thePageOfErrors_isTheListOfThem() throws IOException {
        assertThat(Files.readString(Path.of("..", "docs", "errors.md")))
                .as("docs/errors.md is renewed by: ./sluice explain --markdown > docs/errors.md")
                .isEqualTo(ErrorPage.markdown());
    }

    @Test
    void everyCode_hasATitleAMeaningAndARemedy() {
        assertThat(ErrorCode.values()).allSatisfy(code -> {
            assertThat(code.exit()).isBetween(1, 5);
            assertThat(code.title()).isNotBlank().doesNotEndWith(".");
            assertThat(code.meaning()).endsWith(".");
            assertThat(code.remedy()).endsWith(".");
            assertThat(ErrorCode.of(code.code())).contains(code);
        });
    }

    @Test
    void codes_areDifferent() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SLC-501", "slc-501", "501"})
    void aCode_isExplained(String code) {
        assertThat(cli.run("explain", code)).isZero();

        assertThat(cli.out())
                .startsWith("SLC-501  No hub there")
                .contains("What to do: Start one with `sluice serve`")
                .contains("Exit code: 5");
    }

    @Test
    void withoutACode_allAreListed() {
        assertThat(cli.run("explain")).isZero();

        assertThat(cli.lines())
                .hasSize(ErrorCode.values().length + 1)
                .anyMatch(line -> line.matches("SLC-301 +3  No such channel"));
    }

    @Test
    void json_isAnObjectALine() throws IOException {
        assertThat(cli.run("explain", "--json")).isZero();
        assertThat(cli.lines()).hasSize(ErrorCode.values().length);

        assertThat(cli.run("explain", "--json", "401")).isZero();
        JsonNode object = Json.MAPPER.readTree(cli.out());
        assertThat(object.get("code").asText()).isEqualTo("SLC-401");
        assertThat(object.get("exit").asInt()).isEqualTo(4);
        assertThat(object.get("remedy").asText()).contains("--token");
    }

    @ParameterizedTest
    @CsvSource({"SLC-519,SLC-504", "308,SLC-306", "SLX-501,SLC-501"})
    void anUnknownCode_isNotFound_andGuessed(String code, String meant) {
        assertThat(cli.run("explain", code)).isEqualTo(3);

        assertThat(cli.err()).contains("did you mean " + meant + "?").contains("[SLC-305]");
    }

    @Test
    void aWord_isNotFound_withoutAGuess() {
        assertThat(cli.run("explain", "everything")).isEqualTo(3);

        assertThat(cli.err()).contains("\"everything\"").doesNotContain("did you mean");
    }
}
