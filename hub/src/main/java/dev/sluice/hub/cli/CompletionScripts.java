package dev.sluice.hub.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Completion scripts for all commands of a command line. */
final class CompletionScripts {

    private CompletionScripts() {}

    /**
     * A script.
     *
     * @param main all commands; cannot be executed any more
     */
    static String of(CompletionCommand.Shell shell, CommandLine main) {
        prepare(main.getCommandSpec());
        return switch (shell) {
            case BASH -> AutoComplete.bash(main.getCommandName(), main);
            case ZSH -> zsh(main);
            case FISH -> FishScript.of(main.getCommandSpec());
        };
    }

    /** The one of bash; zsh takes it once it has learnt bash's way of completing, for which it must know its own. */
    private static String zsh(CommandLine main) {
        return "autoload -Uz compinit bashcompinit\n"
                + "(( ${+functions[compdef]} )) || compinit\n"
                + "bashcompinit\n\n"
                + AutoComplete.bash(main.getCommandName(), main);
    }

    /** Values of enums are written in small letters, and what is called FILE is one, whatever type it has. */
    private static void prepare(CommandSpec spec) {
        for (OptionSpec option : List.copyOf(spec.options())) {
            if (needsChange(option)) {
                spec.remove(option);
                spec.addOption(changed(option));
            }
        }
        for (PositionalParamSpec parameter : List.copyOf(spec.positionalParameters())) {
            if (needsChange(parameter)) {
                spec.remove(parameter);
                spec.addPositional(changed(parameter));
            }
        }
        spec.subcommands().values().forEach(sub -> prepare(sub.getCommandSpec()));
    }

    private static OptionSpec changed(OptionSpec argument) {
        OptionSpec.Builder builder = OptionSpec.builder(argument.names())
                .arity(argument.arity())
                .paramLabel(argument.paramLabel())
                .hidden(argument.hidden())
                .description(argument.description());
        return isFile(argument)
                ? builder.type(File.class).auxiliaryTypes(File.class).build()
                : builder.type(String.class)
                        .auxiliaryTypes(String.class)
                        .completionCandidates(small(argument))
                        .build();
    }

    private static PositionalParamSpec changed(PositionalParamSpec argument) {
        PositionalParamSpec.Builder builder = PositionalParamSpec.builder()
                .index(argument.index())
                .arity(argument.arity())
                .paramLabel(argument.paramLabel())
                .description(argument.description());
        return isFile(argument)
                ? builder.type(File.class).auxiliaryTypes(File.class).build()
                : builder.type(String.class)
                        .auxiliaryTypes(String.class)
                        .completionCandidates(small(argument))
                        .build();
    }

    private static boolean needsChange(ArgSpec argument) {
        return argument.group() == null
                && argument.arity().max() > 0
                && (isFile(argument) || argument.auxiliaryTypes()[0].isEnum());
    }

    /** Whether files are meant. */
    static boolean isFile(ArgSpec argument) {
        Class<?> type = argument.auxiliaryTypes()[0];
        return type == Path.class || type == File.class || argument.paramLabel().equals("FILE");
    }

    private static List<String> small(ArgSpec argument) {
        return values(argument).stream()
                .map(value -> value.toLowerCase(Locale.ROOT))
                .toList();
    }

    /** The values there are to choose from; none when there is no such choice. */
    static List<String> values(ArgSpec argument) {
        return argument.completionCandidates() == null
                ? List.of()
                : StreamSupport.stream(argument.completionCandidates().spliterator(), false)
                        .toList();
    }
}
