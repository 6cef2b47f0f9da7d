package dev.sluice.hub.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluice rm}: takes channels away. */
@Command(
        name = "rm",
        sortOptions = false,
        description = {
            "Removes channels.",
            "",
            "Sends that wait there fail, receivers get what is left and end. The name is free at once.",
            ""
        })
final class RmCommand extends HubCommand {

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "The channels.")
    private List<String> names;

    @Override
    int run() {
        boolean all = true;
        for (String name : names) {
            boolean removed = Boolean.TRUE.equals(await(hub().channels().delete(name)));
            all &= removed;
            if (removed) {
                say(Map.of("removed", name), "removed " + name);
            } else {
                CommandFailure missing =
                        new CommandFailure(ErrorCode.CHANNEL_NOT_FOUND, "there is no channel \"" + name + "\"");
                if (names.size() == 1) {
                    throw missing;
                }
                err().println("sluice: " + missing.getMessage() + " ["
                        + missing.code().code() + "]");
            }
        }
        int written = done();
        return all ? written : ErrorCode.CHANNEL_NOT_FOUND.exit();
    }
}
