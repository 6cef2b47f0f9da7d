package dev.sluice.hub.cli;

import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluice completion}: what a shell needs to complete command lines of sluice. */
@Command(
        name = "completion",
        sortOptions = false,
        description = {
            "Prints a script that lets a shell complete commands, options and their values with the tabulator key.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  bash, in ~/.bashrc:                  source <(sluice completion bash)",
            "  zsh, in ~/.zshrc:                    source <(sluice completion zsh)",
            "  fish, in ~/.config/fish/config.fish: sluice completion fish | source",
            "",
            "A script that was saved to a file knows the commands of its day: renew it with sluice."
        })
final class CompletionCommand extends BaseCommand {

    /** Those there is a script for. */
    enum Shell {
        BASH,
        ZSH,
        FISH
    }

    @Parameters(paramLabel = "bash|zsh|fish", description = "The shell.")
    private Shell shell;

    @Override
    public Integer call() {
        String script = CompletionScripts.of(shell, Main.commandLine());
        if (json()) {
            say(new Script(shell.name().toLowerCase(Locale.ROOT), script), "");
        } else {
            out().print(script);
        }
        return done();
    }

    /** What {@code --json} prints. */
    record Script(String shell, String script) {}
}
