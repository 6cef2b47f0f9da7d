package dev.sluice.hub.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;

/** {@code sluice ls}: names of channels. */
@Command(
        name = "ls",
        sortOptions = false,
        description = {"Lists channels by name.", ""},
        footer = {
            "",
            "Examples:",
            "  sluice ls plant             # plant and all below it",
            "  sluice ls 'plant/*'         # all below plant",
            "  sluice ls --limit 100 --after plant/7/valve"
        })
final class LsCommand extends HubCommand {

    /** More than anybody reads. */
    static final int USUAL = 10_000;

    @Parameters(arity = "0..1", paramLabel = "PREFIX", description = "Which ones: whole segments. Default: all")
    private String prefix = "";

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many; says so when there are more. 0: all of them. Default: " + USUAL)
    private long limit = USUAL;

    @Option(names = "--after", paramLabel = "NAME", description = "Only those behind this name, for the next page.")
    private String after = "";

    @Override
    int run() {
        if (limit < 0) {
            throw usage("--limit must be 0 or more, was " + limit);
        }
        Flux<String> names = hub().channels().list(prefix, after);
        long shown = 0;
        String last = "";
        for (String name : each(limit == 0 ? names : names.take(limit + 1))) {
            if (limit > 0 && shown == limit) {
                err().println("There are more: sluice ls" + (prefix.isEmpty() ? "" : " " + prefix) + " --after "
                        + last);
                err().flush();
                break;
            }
            say(Map.of("name", name), name);
            last = name;
            shown++;
            if (nobodyReads()) {
                return NOBODY_READS;
            }
        }
        return done();
    }
}
