package dev.sluice.hub.cli;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The command line {@code sluice}. Its subcommands are those of the hub, and those that {@link CommandContribution}s on the class path bring.
 *
 * <p>Exit codes: 0 for success and for help, 1 when a command failed, 2 when it was called wrongly, 3 when what it asks for does not exist, 4 when it
 * is not allowed, 5 when there is no hub.
 */
@Command(
        name = "sluice",
        description = "Go-style channels whose targets can be changed while they run.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionLines.class,
        subcommands = HelpCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong usage",
            "3:what was asked for does not exist",
            "4:not allowed",
            "5:no hub there"
        },
        footer = {"", "Every error has a code: sluice explain CODE tells more of it."})
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
        ForeignLogs.quiet();
        System.exit(commandLineFor(arguments).execute(arguments));
    }

    /** With the one command that is called, when it is one of the hub's: to make them all takes as long as to do what one does. */
    static CommandLine commandLineFor(String... arguments) {
        Supplier<Object> called =
                arguments.length == 0 ? null : HubCommands.all().get(arguments[0]);
        return called == null ? commandLine() : configured(new CommandLine(new Main()).addSubcommand(called.get()));
    }

    /**
     * Builds the command line with the hub's commands, and then every contributed one in the order of their names.
     *
     * @return a new command line; its output and error writers can be replaced before it is executed
     */
    public static CommandLine commandLine() {
        return commandLine(
                ServiceLoader.load(CommandContribution.class).stream().map(ServiceLoader.Provider::get));
    }

    /** A contribution may take the place of a command of the hub. */
    static CommandLine commandLine(Stream<CommandContribution> contributions) {
        Map<String, CommandLine> commands = new LinkedHashMap<>();
        HubCommands.all().forEach((name, command) -> commands.put(name, new CommandLine(command.get())));
        contributions
                .map(contribution -> new CommandLine(contribution.command()))
                .sorted(Comparator.comparing(CommandLine::getCommandName))
                .forEach(command -> commands.put(command.getCommandName(), command));
        CommandLine main = new CommandLine(new Main());
        commands.forEach((name, command) -> main.addSubcommand(name, command));
        return configured(main);
    }

    private static CommandLine configured(CommandLine main) {
        return main.setParameterExceptionHandler(Main::explainUsage)
                .setExecutionExceptionHandler((failure, command, parsed) -> Complaint.about(failure, command))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false);
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
        if (List.of(arguments).contains("--json")) {
            return Complaint.asJson(new CommandFailure(ErrorCode.USAGE, String.valueOf(problem.getMessage())), command);
        }
        err.println(command.getColorScheme().errorText(problem.getMessage() + " [" + ErrorCode.USAGE.code() + "]"));
        CommandLine.UnmatchedArgumentException.printSuggestions(problem, err);
        err.println();
        command.usage(err, command.getColorScheme());
        return ErrorCode.USAGE.exit();
    }
}
