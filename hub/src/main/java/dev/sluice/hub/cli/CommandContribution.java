package dev.sluice.hub.cli;

import java.util.ServiceLoader;

/**
 * Adds one subcommand to {@code sluice}. A module above the hub that has a command names its implementation in
 * {@code META-INF/services/dev.sluice.hub.cli.CommandContribution}; {@link Main} finds it with {@link ServiceLoader}.
 */
@FunctionalInterface
public interface CommandContribution {

    /**
     * Creates the command.
     *
     * @return an object whose class carries {@link picocli.CommandLine.Command} with a name no other contribution has
     */
    Object command();
}
