package dev.sluice.hub.cli;

import dev.sluice.hub.config.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice mount}: how the files of a hub come to be below a directory of this machine. */
@Command(
        name = "mount",
        sortOptions = false,
        description = {
            "Prints the command that mounts a hub's channels as files on DIR, or runs it.",
            "",
            "Where files are mounted, cat receives and echo sends: docs/files.md shows how. The hub serves them where"
                    + " sluice serve --ninep says. Programs of several machines can mount one hub, through a tunnel that"
                    + " asks them who they are.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice mount /n/hub                    # prints the command",
            "  sluice mount /n/hub --run              # runs it",
            "  sluice mount /n/plant --from plant     # only the channels below plant",
            "  umount /n/hub",
            "",
            "Exit codes: 0, that of the command with --run, 1 when there is none for this system."
        })
final class MountCommand extends BaseCommand {

    private static final String VARIABLE = "SLUICE_NINEP";

    @Parameters(paramLabel = "DIR", description = "Where: a directory.")
    private Path directory;

    @Option(names = "--run", description = "Run the command.")
    private boolean runs;

    @Option(
            names = "--ninep",
            paramLabel = "HOST:PORT",
            description = "Where the hub serves files. Default $SLUICE_NINEP, else 127.0.0.1:5640.")
    private @Nullable String where;

    @Option(names = "--from", paramLabel = "PREFIX", description = "Only the channels below it. Default: all.")
    private String from = "";

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "Who mounts: what a hub with users allows him. Default: the user of this process.")
    private @Nullable String user;

    @Option(
            names = "--dialect",
            paramLabel = "9p2000.L|9p2000.u|9p2000",
            description = "For Linux. Default 9p2000.L, its own.")
    private String dialect = "9p2000.L";

    @Option(
            names = "--msize",
            paramLabel = "BYTES",
            description =
                    "For Linux: bytes of a message, 4096 to 1048600. What is written at once is a frame up to 24 bytes"
                            + " less. Default 1048576.")
    private int messageSize = 1 << 20;

    @Override
    public Integer call() throws IOException, InterruptedException {
        MountCall call = planned();
        call.warning().ifPresent(warning -> err().println("sluice: " + warning));
        if (!runs) {
            say(Map.of("command", call.words()), call.line());
            return done();
        }
        if (!Files.isDirectory(directory)) {
            throw new CommandFailure(
                    ErrorCode.IO, directory + " is no directory to mount on: make it, as mkdir -p " + directory);
        }
        out().flush();
        int code = new ProcessBuilder(call.words()).inheritIO().start().waitFor();
        say(
                Map.of("command", call.words(), "code", code),
                code == 0 ? "mounted " + endpoint() + " on " + directory : "");
        done();
        return code;
    }

    private MountCall planned() {
        try {
            return MountCall.of(
                    new MountCall.Wanted(endpoint(), directory.toString(), from, user(), dialect, messageSize),
                    MountCall.Machine.here());
        } catch (IllegalArgumentException bad) {
            throw usage(String.valueOf(bad.getMessage()));
        }
    }

    private Endpoint endpoint() {
        String set = where != null ? where : System.getenv(VARIABLE);
        try {
            return Endpoint.parse(set == null || set.equals("none") ? "127.0.0.1:5640" : set);
        } catch (IllegalArgumentException bad) {
            throw usage((where != null ? "--ninep" : VARIABLE) + " " + bad.getMessage());
        }
    }

    private String user() {
        return user != null ? user : System.getProperty("user.name", "nobody");
    }
}
