package dev.sluice.hub.cli;

import dev.sluice.switching.Diversion;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluice divert}: a service sends elsewhere for a while. */
@Command(
        name = "divert",
        sortOptions = false,
        description = {
            "Sends what a service sends elsewhere, or holds it back, until it is restored.",
            "",
            "Its producers do not notice: nothing is lost or doubled, the order holds, and what waits moves along.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice divert grpc audit       # to the channel audit",
            "  sluice divert grpc /dev/null   # accepted, counted and let go",
            "  sluice divert grpc hold        # sends wait",
            "  sluice restore grpc"
        })
final class DivertCommand extends HubCommand {

    @Parameters(index = "0", paramLabel = "SERVICE", description = "The service.")
    private String service;

    @Parameters(
            index = "1",
            paramLabel = "CHANNEL|/dev/null|hold",
            description = "A channel that exists, nowhere, or wait.")
    private String where;

    @Override
    int run() {
        Diversion to = Diversion.of(where);
        await(hub().services().divert(service, to));
        say(
                Map.of("service", service, "diverted", to.toString()),
                to == Diversion.HOLD ? "holding " + service : "diverted " + service + " to " + to);
        return done();
    }
}
