package dev.sluice.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void noArguments_printTheUsage() {
        assertThat(execute()).isZero();

        assertThat(out.toString()).startsWith("Usage: sluice").contains("pour");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void version_namesTheBuild() {
        assertThat(execute("--version")).isZero();

        assertThat(out.toString()).matches("(?s)sluice \\d+\\.\\d+.*Java \\d+.*");
    }

    @Test
    void contributedCommand_runs_andItsExitCodeIsPassedOn() {
        assertThat(execute("pour", "--exit=7")).isEqualTo(7);
    }

    @Test
    void unknownCommand_exits2_withASuggestionAndTheUsage() {
        assertThat(execute("pouring")).isEqualTo(2);

        assertThat(err.toString()).contains("pouring").contains("Did you mean").contains("Usage: sluice");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void wrongOptionOfACommand_exits2_withTheUsageOfThatCommand() {
        assertThat(execute("pour", "--exit=seven")).isEqualTo(2);

        assertThat(err.toString()).contains("'seven' is not an int").contains("Usage: sluice pour");
    }

    private int execute(String... arguments) {
        CommandLine main = Main.commandLine(Stream.of(Pour::new));
        main.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return main.execute(arguments);
    }

    @Command(name = "pour", description = "Pours.")
    private static final class Pour implements Runnable, CommandLine.IExitCodeGenerator {

        @Option(names = "--exit")
        private int exit;

        @Override
        public void run() {}

        @Override
        public int getExitCode() {
            return exit;
        }
    }
}
