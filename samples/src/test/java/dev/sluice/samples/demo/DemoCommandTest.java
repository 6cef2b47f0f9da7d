package dev.sluice.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.hub.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DemoCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(strings = {"--sensors=2", "--local"})
    void onceJson_printsOneObjectAndNothingElse(String option) throws IOException {
        int code = execute("demo", "--once", "--json", option, "--packets=200", "--pace=150");

        assertThat(code).as(err.toString()).isZero();
        assertThat(out.toString().lines()).hasSize(1);
        JsonNode summary = new ObjectMapper().readTree(out.toString());
        assertThat(summary.get("sent").asLong())
                .isPositive()
                .isEqualTo(summary.get("received").asLong()
                        + summary.get("discarded").asLong());
        for (String fault : List.of("buffered", "lost", "duplicated", "reordered", "foreignDuringLease")) {
            assertThat(summary.get(fault).isIntegralNumber()).as(fault).isTrue();
            assertThat(summary.get(fault).asLong()).as(fault).isZero();
        }
        assertThat(summary.get("restoredAfterCrashMs").asLong(-1)).isNotNegative();
        assertThat(err.toString()).contains("killed at packet").contains("Nothing was lost");
        assertThat(err.toString().contains("hub        at tcp://127.0.0.1:")).isNotEqualTo(option.equals("--local"));
    }

    @Test
    void oncePlain_printsLinesWithoutEscapeSequences() {
        assertThat(execute("demo", "--once", "--plain", "--local", "--pace=150", "--packets=200"))
                .isZero();

        assertThat(out.toString())
                .contains("takes mesh for itself")
                .contains("Nothing was lost")
                .doesNotContain("\u001b");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void json_ofWhatWasNotMeasured_isNull() throws IOException {
        JsonNode summary = new ObjectMapper().readTree(new Balance(1, 2, 3, 4, -5, 6, 7, 8, -1).json());

        assertThat(summary.get("lost").asLong()).isEqualTo(-5);
        assertThat(summary.get("foreignDuringLease").asLong()).isEqualTo(8);
        assertThat(summary.get("restoredAfterCrashMs").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "--packets=9, --packets must be 10 to 100000",
        "--packets=100001, --packets must be 10 to 100000",
        "--sensors=-1, --sensors must be 0 to 20",
        "--sensors=21, --sensors must be 0 to 20",
        "--rate=0, --rate must be 1 to 2000",
        "--rate=2001, --rate must be 1 to 2000",
        "--pace=99, --pace must be 100 to 10000",
        "--rate=many, 'many' is not an int",
        "--onec, Unknown option",
        "twice, Unmatched argument"
    })
    void wrongUsage_exits2_andSaysWhy(String argument, String message) {
        assertThat(execute("demo", argument)).isEqualTo(2);

        assertThat(err.toString()).contains(message).contains("Usage: sluice demo");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void help_exits0() {
        assertThat(execute("demo", "--help")).isZero();

        assertThat(out.toString())
                .contains("--once")
                .contains("--local")
                .contains("over a hub on loopback")
                .contains("Exit codes:");
    }

    private int execute(String... arguments) {
        CommandLine main = Main.commandLine();
        main.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return main.execute(arguments);
    }
}
