package dev.sluice.hub.cli;

import dev.sluice.hub.control.LeaseInfo;
import dev.sluice.hub.control.ServiceInfo;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sluice services}: who sends where. */
@Command(
        name = "services",
        sortOptions = false,
        description = {
            "Lists services, where they send, and the leases there are.",
            "",
            "A service is a named way of producers into channels, that can be re-aimed while they send: see swap, divert,"
                    + " restore and lock. `sluice send CHANNEL --as SERVICE` is such a producer.",
            ""
        })
final class ServicesCommand extends HubCommand {

    @Parameters(arity = "0..1", paramLabel = "PREFIX", description = "Which ones: whole segments. Default: all")
    private String prefix = "";

    @Override
    int run() {
        List<ServiceInfo> services =
                Objects.requireNonNull(await(hub().services().list(prefix).collectList()));
        List<LeaseInfo> leases =
                Objects.requireNonNull(await(hub().leases().list(prefix).collectList()));
        if (json()) {
            services.forEach(service -> out().println(Json.line(Map.of("service", service))));
            leases.forEach(lease -> out().println(Json.line(Map.of("lease", lease))));
            return done();
        }
        TextTable table = new TextTable("SERVICE", "SENDS TO", "BELONGS TO", "WAITING", "PRODUCERS");
        services.forEach(service -> table.row(
                service.name(),
                (service.held() ? "held, then " : "") + service.destination(),
                service.target(),
                service.waiting(),
                service.producers()));
        table.print(out());
        if (!leases.isEmpty()) {
            out().println();
            TextTable held = new TextTable("LEASED", "HOLDER", "OTHERS", "TOKEN", "ENDS IN");
            leases.forEach(lease -> held.row(
                    lease.channel(),
                    lease.holder(),
                    lease.others(),
                    lease.token(),
                    lease.remainingMillis() < 0 ? "-" : lease.remainingMillis() / 1_000 + " s"));
            held.print(out());
        }
        return done();
    }
}
