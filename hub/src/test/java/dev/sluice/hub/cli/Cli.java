package dev.sluice.hub.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Runs a command within this process, and keeps what it prints. */
final class Cli {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine main;

    /** The command line, with this command instead of the one of its name. */
    Cli(Object command) {
        main = Main.commandLine(Stream.empty());
        CommandLine instead = new CommandLine(command);
        main.getCommandSpec().removeSubcommand(instead.getCommandName());
        main.addSubcommand(instead);
        // What is set hands itself down to the subcommands there are.
        main.setParameterExceptionHandler(main.getParameterExceptionHandler())
                .setExecutionExceptionHandler(main.getExecutionExceptionHandler())
                .setCaseInsensitiveEnumValuesAllowed(main.isCaseInsensitiveEnumValuesAllowed())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
    }

    int run(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return main.execute(words);
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    List<String> lines() {
        return out().lines().toList();
    }
}
