package dev.sluice.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class CompletionCommandTest {

    @TempDir
    private Path folder;

    private final Cli cli = new Cli(new CompletionCommand());

    @ParameterizedTest
    @EnumSource(CompletionCommand.Shell.class)
    void eachScript_knowsEveryCommand(CompletionCommand.Shell shell) {
        assertThat(cli.run("completion", shell.name().toLowerCase(Locale.ROOT))).isZero();

        assertThat(Main.commandLine().getSubcommands())
                .isNotEmpty()
                .allSatisfy((name, command) -> assertThat(cli.out().matches("(?s).*[' \"]" + name + "[' \"].*"))
                        .as(name)
                        .isNotEqualTo(command.getCommandSpec().usageMessage().hidden()));
    }

    @Test
    void aContributedCommand_isCompletedToo() {
        String script =
                CompletionScripts.of(CompletionCommand.Shell.FISH, Main.commandLine(Stream.of(() -> new Pour())));

        assertThat(script)
                .contains("-a 'pour' -d 'Pours it out'")
                .contains("-l kind -x -a 'hot cold' -d 'What\\'s poured'")
                .contains("-l from -r -F")
                .doesNotContain("hidden");
    }

    @Test
    void bash_completesCommandsOptionsAndTheirValues() throws Exception {
        cli.run("completion", "bash");
        Path script = Files.writeString(folder.resolve("sluice.bash"), cli.out());

        assertThat(bash("-n", script.toString())).isEmpty();
        assertThat(completed(script, "sluice", "sen")).containsExactly("send");
        assertThat(completed(script, "sluice", "send", "--")).contains("--raw", "--as", "--hub", "--json");
        assertThat(completed(script, "sluice", "context", "s")).containsExactly("select");
        assertThat(completed(script, "sluice", "create", "x", "--when-no-group", "d"))
                .containsExactly("discard");
        assertThat(completed(script, "sluice", "completion", "")).containsExactly("bash", "zsh", "fish");
        assertThat(completed(script, "sluice", "serve", "--config", folder + "/slu"))
                .containsExactly(script.toString());
        assertThat(completed(script, "sluice", "ls", "")).isEmpty();
    }

    @Test
    void anotherShell_isWrongUsage() {
        assertThat(cli.run("completion", "tcsh")).isEqualTo(2);
        assertThat(cli.err()).contains("tcsh");
        assertThat(cli.run("completion")).isEqualTo(2);
    }

    /** What the function that the script gives bash answers at the end of these words. */
    private static List<String> completed(Path script, String... words) throws IOException, InterruptedException {
        String call = "source \"$0\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); compopt() { :; };"
                + " _complete_sluice; printf '%s\\n' \"${COMPREPLY[@]}\"";
        String[] command = Stream.concat(Stream.of("-c", call, script.toString()), Stream.of(words))
                .toArray(String[]::new);
        return bash(command).lines().filter(line -> !line.isEmpty()).toList();
    }

    private static String bash(String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Stream.concat(Stream.of("bash"), Stream.of(arguments)).toList())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    @Command(name = "pour", description = "Pours it out. More is said of it.")
    private static final class Pour implements Runnable {
        enum Kind {
            HOT,
            COLD
        }

        @Option(names = "--kind", description = "What's poured.")
        private Kind kind;

        @Option(names = "--from", paramLabel = "FILE")
        private String from;

        @Option(names = "--secretly", hidden = true, description = "hidden")
        private boolean hidden;

        @Override
        public void run() {}

        @Override
        public String toString() {
            return kind + from + hidden + CommandLine.VERSION;
        }
    }
}
