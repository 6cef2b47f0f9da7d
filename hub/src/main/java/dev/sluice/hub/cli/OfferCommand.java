package dev.sluice.hub.cli;

import dev.sluice.hub.control.HubClient;
import dev.sluice.hub.control.OfferState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.Disposable;

/** {@code sluice offer}: offers a service through the hub that runs a command for each call. */
@Command(
        name = "offer",
        sortOptions = false,
        description = {
            "Offers a service through the hub: others call it with sluice post SERVICE. Runs COMMAND for each call.",
            "",
            "COMMAND reads the call's body from standard input, and finds its tags in its environment: city=Ulm as"
                    + " SLUICE_TAG_CITY. Every line it prints is a frame of the answer, sent as the caller takes them: a slow"
                    + " caller stops it. What it writes to standard error is shown here. When it ends with another code than"
                    + " 0, the answer fails. A caller that cancels ends it with SIGTERM, and 5 s later with SIGKILL.",
            "",
            "Prints a line when calls can come. When several clients offer a service, calls go to them in turn. SIGTERM and"
                    + " Ctrl-C end the offer; what runs may finish within --drain.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice offer upper -- tr a-z A-Z",
            "  sluice offer weather --jobs 2 -- sh -c 'curl -s wttr.in/$SLUICE_TAG_CITY?format=3'"
        })
final class OfferCommand extends HubCommand {

    private static final int MOST_JOBS = 1_000;
    private static final int ENDED_AT_ONCE = 130;
    private static final Duration GRACE = Duration.ofSeconds(5);

    @Parameters(index = "0", paramLabel = "SERVICE", description = "Its name.")
    private String service;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "COMMAND",
            description = "What to run, and its arguments, behind --")
    private List<String> command;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many run at a time, 1 to 1000. 1,000 further calls wait. Default: ${DEFAULT-VALUE}")
    private int jobs;

    @Option(
            names = "--header",
            paramLabel = "TEXT",
            description = "The header of the answer's source. Default: the service's name")
    private @Nullable String header;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = Converters.Time.class,
            description = "How long what runs may go on in the end; a second signal ends it at once. Default:"
                    + " ${DEFAULT-VALUE}")
    private Duration drain;

    private sealed interface Event permits State, Failed, Signalled {}

    private record State(OfferState state) implements Event {}

    private record Failed(Throwable why) implements Event {}

    private record Signalled() implements Event {}

    @Override
    int run() throws InterruptedException {
        if (jobs < 1 || jobs > MOST_JOBS) {
            throw usage("--jobs must be 1 to " + MOST_JOBS + ", was " + jobs);
        }
        requireProgram(command.get(0));
        HubClient hub = hub();
        Map<String, String> environment = new LinkedHashMap<>();
        target().putInto(environment);
        CommandCalls calls = new CommandCalls(command, header == null ? service : header, environment, jobs, GRACE);
        Inbox<Event> events = new Inbox<>();
        AtomicInteger signals = new AtomicInteger();
        Signals.onEnd(() -> {
            switch (signals.incrementAndGet()) {
                case 1 -> events.add(new Signalled());
                case 2 -> calls.end();
                default -> Runtime.getRuntime().halt(ENDED_AT_ONCE);
            }
        });
        Disposable offer = hub.offer(service, calls)
                .subscribe(state -> events.add(new State(state)), failure -> events.add(new Failed(failure)));
        try {
            return untilSignalled(events);
        } finally {
            offer.dispose();
            calls.close(drain);
        }
    }

    private int untilSignalled(Inbox<Event> events) throws InterruptedException {
        while (true) {
            Event event = events.take();
            if (event instanceof Failed failed) {
                throw CommandFailure.of(failed.why);
            } else if (event instanceof State state) {
                tell(state.state);
            } else {
                return 0;
            }
        }
    }

    private void tell(OfferState state) {
        if (state == OfferState.STANDS) {
            say(Map.of("offering", service), "offering " + service);
            out().flush();
        } else {
            err().println("sluice: the connection to the hub was lost; the offer is made again when it is back");
            err().flush();
        }
    }

    /** Before others call it in vain. */
    private static void requireProgram(String program) {
        Stream<Path> candidates = program.contains("/")
                ? Stream.of(Path.of(program))
                : Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                        .map(folder -> Path.of(folder, program));
        if (candidates.noneMatch(path -> Files.isRegularFile(path) && Files.isExecutable(path))) {
            throw new CommandFailure(
                    ErrorCode.NO_COMMAND,
                    "cannot start \"" + program + "\": there is no such program, or it may not be run");
        }
    }
}
