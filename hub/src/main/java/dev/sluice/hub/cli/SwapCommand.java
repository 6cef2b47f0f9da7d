package dev.sluice.hub.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluice swap}: exchanges where two services send. */
@Command(
        name = "swap",
        sortOptions = false,
        description = {
            "Exchanges the targets of two services, in one moment for both.",
            "",
            "Their producers do not notice: nothing is lost or doubled, the order of each holds, and what waits moves"
                    + " along.",
            ""
        })
final class SwapCommand extends HubCommand {

    @Parameters(index = "0", paramLabel = "A", description = "A service.")
    private String first;

    @Parameters(index = "1", paramLabel = "B", description = "The other one.")
    private String second;

    @Override
    int run() {
        await(hub().services().swap(first, second));
        say(Map.of("swapped", List.of(first, second)), "swapped " + first + " and " + second);
        return done();
    }
}
