package dev.sluice.hub.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice restore}: ends diversions. */
@Command(
        name = "restore",
        sortOptions = false,
        description = {"Ends the diversion of a service, or of all: they send to the targets they belong to.", ""})
final class RestoreCommand extends HubCommand {

    @Parameters(arity = "0..1", paramLabel = "SERVICE", description = "The service.")
    private @Nullable String service;

    @Option(names = "--all", description = "All services, those that are diverted in one moment.")
    private boolean all;

    @Override
    int run() {
        if (all == (service != null)) {
            throw usage("name one SERVICE, or --all");
        }
        if (service == null) {
            Integer restored = await(hub().services().restoreAll());
            int count = restored == null ? 0 : restored;
            say(Map.of("restored", count), "restored " + count + (count == 1 ? " service" : " services"));
        } else {
            await(hub().services().restore(service));
            say(Map.of("service", service), "restored " + service);
        }
        return done();
    }
}
