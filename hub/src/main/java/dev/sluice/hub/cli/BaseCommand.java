package dev.sluice.hub.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands have: help, {@code --json}, and where they print. */
abstract class BaseCommand implements Callable<Integer> {

    /** What a shell reports of a program that wrote into a pipe nobody reads: 128 and the number of SIGPIPE. */
    static final int NOBODY_READS = 141;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = 1_000,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(names = "--json", order = 900, description = "Print JSON, one value a line; errors too, on standard error.")
    private boolean json;

    /** Whether JSON was asked for. */
    final boolean json() {
        return json;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** The command was called wrongly; said together with its usage. */
    final ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Flushes what was printed. */
    final int done() {
        return nobodyReads() ? NOBODY_READS : 0;
    }

    /** Flushes what was printed, and tells whether the other end of the pipe is gone. */
    final boolean nobodyReads() {
        return Terminal.isGone(out());
    }

    /** Prints a value, as JSON or in words. */
    final void say(Object value, String words) {
        if (json) {
            out().println(Json.line(value));
        } else if (!words.isEmpty()) {
            out().println(words);
        }
    }
}
