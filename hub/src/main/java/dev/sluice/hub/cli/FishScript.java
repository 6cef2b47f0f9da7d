package dev.sluice.hub.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A completion script for fish: commands and options with what they do, the values of options, and files only where files are meant. */
final class FishScript {

    private final String program;
    private final StringBuilder paths = new StringBuilder();
    private final StringBuilder lines = new StringBuilder();

    private FishScript(String program) {
        this.program = program;
    }

    static String of(CommandSpec main) {
        FishScript script = new FishScript(main.name());
        script.command(main, "");
        return script.whole();
    }

    private String whole() {
        return """
        # Completion of NAME for fish: NAME completion fish | source
        set -g __NAME_commandsPATHS

        # Whether the words before the cursor lead to a command.
        function __NAME_at
            set -l words (commandline -opc)
            set -e words[1]
            set -l path
            for word in $words
                string match -q -- '-*' $word; and continue
                set -l next (string join ' ' $path $word)
                contains -- "$next" $__NAME_commands; or break
                set path $next
            end
            test "$path" = "$argv[1]"
        end

        complete -c NAME -e
        complete -c NAME -f
        """.replace("NAME", program).replace("PATHS", paths).concat(lines.toString());
    }

    private void command(CommandSpec spec, String path) {
        String condition = "-n " + quoted("__" + program + "_at " + quoted(path));
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                option(option, condition);
            }
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            List<String> values = CompletionScripts.values(parameter);
            if (CompletionScripts.isFile(parameter)) {
                line(condition, "-F");
            } else if (!values.isEmpty()) {
                line(condition, "-a " + quoted(String.join(" ", values)));
            }
        }
        spec.subcommands().forEach((name, sub) -> subcommand(name, sub, path, condition));
    }

    private void subcommand(String name, CommandLine sub, String path, String condition) {
        CommandSpec spec = sub.getCommandSpec();
        if (!spec.usageMessage().hidden()) {
            String there = path.isEmpty() ? name : path + " " + name;
            paths.append(' ').append(quoted(there));
            line(condition, "-a " + quoted(name) + described(spec.usageMessage().description()));
            command(spec, there);
        }
    }

    private void option(OptionSpec option, String condition) {
        StringBuilder words = new StringBuilder();
        for (String name : option.names()) {
            words.append(name.startsWith("--") ? "-l " : name.length() == 2 ? "-s " : "-o ")
                    .append(name.replaceFirst("^--?", ""))
                    .append(' ');
        }
        if (option.arity().max() > 0) {
            List<String> values = CompletionScripts.values(option);
            words.append(CompletionScripts.isFile(option) ? "-r -F" : "-x");
            if (!values.isEmpty()) {
                words.append(" -a ").append(quoted(String.join(" ", values)));
            }
        }
        line(condition, words.toString().strip() + described(option.description()));
    }

    /** The first sentence. */
    private static String described(String[] description) {
        if (description.length == 0) {
            return "";
        }
        return " -d " + quoted(description[0].replace("%n", " ").strip().replaceFirst("[.:] .*|\\.$", ""));
    }

    private void line(String condition, String rest) {
        lines.append("complete -c ")
                .append(program)
                .append(' ')
                .append(condition)
                .append(' ')
                .append(rest)
                .append('\n');
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
