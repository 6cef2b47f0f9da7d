package dev.sluice.hub.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sluice context}: hubs that a user has given names, one of which is used when no other is named. */
@Command(
        name = "context",
        sortOptions = false,
        description = {
            "Saves hubs under names, and selects the one that commands use without --hub and $SLUICE_HUB.",
            "",
            "They are kept in $XDG_CONFIG_HOME/sluice/contexts.json, or ~/.config/sluice/contexts.json, which only you can"
                    + " read.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ContextCommand.Add.class,
            ContextCommand.Ls.class,
            ContextCommand.Select.class,
            ContextCommand.Rm.class
        },
        footer = {
            "",
            "Examples:",
            "  sluice context add plant tls://hub.plant.example:7878 --token ann:secret",
            "  sluice context select plant",
            "  sluice context ls"
        })
final class ContextCommand extends BaseCommand {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final Contexts contexts;

    ContextCommand() {
        this(Contexts.ofThisUser());
    }

    ContextCommand(Contexts contexts) {
        this.contexts = contexts;
    }

    @Override
    public Integer call() {
        throw usage("say what to do: add, ls, select or rm");
    }

    private CommandFailure missing(String name) {
        return new CommandFailure(
                ErrorCode.CONTEXT_NOT_FOUND, "there is no context \"" + name + "\" in " + contexts.file());
    }

    /** What {@code --json} prints of one. */
    private static Map<String, Object> object(String name, String url, boolean token, boolean selected) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", name);
        object.put("url", url);
        object.put("token", token);
        object.put("selected", selected);
        return object;
    }

    /** {@code sluice context add}. */
    @Command(
            name = "add",
            sortOptions = false,
            description = {"Saves a hub under a name. The first one is selected at once.", ""})
    static final class Add extends BaseCommand {

        @ParentCommand
        private ContextCommand parent;

        @Parameters(
                index = "0",
                paramLabel = "NAME",
                description = "1 to 64 letters, digits, dots, dashes, underscores.")
        private String name;

        @Parameters(index = "1", paramLabel = "URL", description = "Where the hub is, as for --hub.")
        private String url;

        @Option(
                names = "--token",
                paramLabel = "NAME:SECRET",
                description =
                        "Who you are there; - reads it from standard input, where nobody else on this machine sees it.")
        private @Nullable String token;

        @Override
        public Integer call() throws IOException {
            if (!NAME.matcher(name).matches()) {
                throw usage(
                        "the name of a context has 1 to 64 letters, digits, dots, dashes and underscores, and begins"
                                + " with a letter or digit; was \"" + name + "\"");
            }
            HubUrl.of(url);
            String who = HubTarget.checked("-".equals(token) ? firstLine() : token);
            Contexts.Saved saved = parent.contexts.read();
            if (saved.contexts().containsKey(name)) {
                throw new CommandFailure(
                        ErrorCode.EXISTS,
                        "there is a context \"" + name + "\" already: sluice context rm " + name + " removes it");
            }
            boolean first = saved.contexts().isEmpty();
            Map<String, Contexts.Context> all = new TreeMap<>(saved.contexts());
            all.put(name, new Contexts.Context(url, who));
            parent.contexts.write(new Contexts.Saved(first ? name : saved.selected(), all));
            say(object(name, url, who != null, first), "added " + name + (first ? ", and selected it" : ""));
            return done();
        }

        private static String firstLine() throws IOException {
            var input = new BufferedReader(new InputStreamReader(Streams.input(), StandardCharsets.UTF_8));
            String line = input.readLine();
            return line == null ? "" : line;
        }
    }

    /** {@code sluice context ls}. */
    @Command(
            name = "ls",
            sortOptions = false,
            description = {"Lists the saved hubs. A * marks the selected one; tokens are not shown.", ""})
    static final class Ls extends BaseCommand {

        @ParentCommand
        private ContextCommand parent;

        @Override
        public Integer call() {
            Contexts.Saved saved = parent.contexts.read();
            TextTable table = new TextTable("", "NAME", "URL", "TOKEN");
            saved.contexts().forEach((name, context) -> {
                boolean selected = name.equals(saved.selected());
                boolean token = context.token() != null;
                if (json()) {
                    out().println(Json.line(object(name, context.url(), token, selected)));
                } else {
                    table.row(selected ? "*" : "", name, context.url(), token ? "yes" : "no");
                }
            });
            if (!json()) {
                table.print(out());
            }
            return done();
        }
    }

    /** {@code sluice context select}. */
    @Command(
            name = "select",
            sortOptions = false,
            description = {"Selects the hub that commands use when they are told no other.", ""})
    static final class Select extends BaseCommand {

        @ParentCommand
        private ContextCommand parent;

        @Parameters(paramLabel = "NAME", description = "The saved hub.")
        private String name;

        @Override
        public Integer call() {
            Contexts.Saved saved = parent.contexts.read();
            Contexts.Context found = saved.contexts().get(name);
            if (found == null) {
                throw parent.missing(name);
            }
            parent.contexts.write(new Contexts.Saved(name, saved.contexts()));
            say(object(name, found.url(), found.token() != null, true), "selected " + name);
            return done();
        }
    }

    /** {@code sluice context rm}. */
    @Command(
            name = "rm",
            sortOptions = false,
            description = {"Removes a saved hub. When it was the selected one, none is selected.", ""})
    static final class Rm extends BaseCommand {

        @ParentCommand
        private ContextCommand parent;

        @Parameters(paramLabel = "NAME", description = "The saved hub.")
        private String name;

        @Override
        public Integer call() {
            Contexts.Saved saved = parent.contexts.read();
            Map<String, Contexts.Context> left = new TreeMap<>(saved.contexts());
            if (left.remove(name) == null) {
                throw parent.missing(name);
            }
            boolean selected = name.equals(saved.selected());
            parent.contexts.write(new Contexts.Saved(selected ? null : saved.selected(), left));
            say(Map.of("removed", name), "removed " + name + (selected ? "; none is selected now" : ""));
            return done();
        }
    }
}
