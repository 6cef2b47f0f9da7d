package dev.sluice.hub.cli;

import java.util.Comparator;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The command line {@code sluice}. Its subcommands are those that {@link CommandContribution}s on the class path bring.
 *
 * <p>Exit codes: 0 for success and for help, 1 when a command failed, 2 when it was called wrongly.
 */
@Command(
        name = "sluice",
        description = "Go-style channels whose targets can be changed while they run.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = HelpCommand.class,
        synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {

    @Spec
    private CommandSpec spec;

    private Main() {}

    /**
     * Runs the command line and ends the process with its exit code.
     *
     * @param arguments the words after {@code sluice}
     */
    public static void main(String... arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /**
     * Builds the command line with every contributed command, in the order of their names.
     *
     * @return a new command line; its output and error writers can be replaced before it is executed
     */
    public static CommandLine commandLine() {
        return commandLine(
                ServiceLoader.load(CommandContribution.class).stream().map(ServiceLoader.Provider::get));
    }

    static CommandLine commandLine(Stream<CommandContribution> contributions) {
        CommandLine main = new CommandLine(new Main());
        contributions
                .map(contribution -> new CommandLine(contribution.command()))
                .sorted(Comparator.comparing(CommandLine::getCommandName))
                .forEach(command -> main.addSubcommand(command.getCommandName(), command));
        return main.setParameterExceptionHandler(Main::explainUsage).setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** Prints the usage: {@code sluice} alone asks for it. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Says what is wrong, what was probably meant, and how the command is used; picocli leaves the last out after the second. */
    private static int explainUsage(CommandLine.ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        var err = command.getErr();
        err.println(command.getColorScheme().errorText(problem.getMessage()));
        CommandLine.UnmatchedArgumentException.printSuggestions(problem, err);
        err.println();
        command.usage(err, command.getColorScheme());
        return ExitCode.USAGE;
    }
}
