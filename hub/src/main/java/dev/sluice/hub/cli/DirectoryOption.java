package dev.sluice.hub.cli;

import dev.sluice.ConfigurationException;
import dev.sluice.directory.Directory;
import dev.sluice.hub.config.ShownUrl;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command finds hubs by what they have. What is given on the command line wins over the environment. */
final class DirectoryOption {

    private static final String VARIABLE = "SLUICE_DIRECTORY";
    private static final String NAME = "--directory";

    private final Map<String, String> environment;

    @Option(
            names = NAME,
            paramLabel = "URL",
            description = "The directory of the hubs, as etcd://HOST:2379/PREFIX. Default: $" + VARIABLE)
    private @Nullable String url;

    DirectoryOption(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Whether it was named on the command line. */
    boolean isNamed() {
        return url != null;
    }

    /** Whether there is one. */
    boolean isGiven() {
        return find() != null;
    }

    private @Nullable String find() {
        return url != null ? url : HubTarget.variable(environment, VARIABLE);
    }

    /** Opens it, for the caller to close. */
    OpenDirectory open() {
        String found = find();
        if (found == null) {
            throw new CommandFailure(
                    ErrorCode.USAGE, "no directory is given: say where it is with " + NAME + " URL or " + VARIABLE);
        }
        try {
            return new OpenDirectory(Directory.open(found), ShownUrl.of(found));
        } catch (ConfigurationException bad) {
            throw new CommandFailure(
                    ErrorCode.CONFIGURATION,
                    (url != null ? "flag " + NAME : "environment " + VARIABLE) + ": " + bad.getMessage(),
                    bad);
        }
    }
}
