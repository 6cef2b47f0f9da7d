package dev.sluice.hub.cli;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelStats;
import dev.sluice.hub.control.HubInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.publisher.Mono;

/** {@code sluice check}: whether a hub and its channels are as they should be, for monitoring. */
@Command(
        name = "check",
        sortOptions = false,
        description = {
            "Checks that the hub answers and is not being stopped, and what else is asked for.",
            "",
            "Ends with 0 when all is well, with 1 when a check failed, also because a channel does not exist, and with"
                    + " 4 or 5 when the hub refused or did not answer: that is said as a failed check, too. With --format"
                    + " nagios it ends with 0 or 2, as Nagios wants it.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice check",
            "  sluice check --max-latency 50ms --max-heap 90",
            "  sluice check --channel orders --max-buffered 100 --min-receivers 1",
            "  sluice check --channel orders --group billing --max-backlog 1000",
            "  sluice check --channel orders --exists --format nagios",
            "  sluice check --format prometheus > sluice.prom"
        })
final class CheckCommand extends HubCommand {

    private static final int ROUND_TRIPS = 5;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; --json is json. Default: text")
    private @Nullable CheckFormat format;

    @Option(
            names = "--max-latency",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description = "How long a round trip may take: the median of " + ROUND_TRIPS + ".")
    private @Nullable Duration maxLatency;

    @Option(
            names = "--max-heap",
            paramLabel = "PERCENT",
            description =
                    "How much of its heap the hub may use, 1 to 100. What waits for the garbage collector counts.")
    private @Nullable Integer maxHeap;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = Converters.Time.class,
            description = "How long each answer may take. Default: ${DEFAULT-VALUE}")
    private Duration timeout;

    @ArgGroup(validate = false, heading = "%nChannels:%n", order = 100)
    private final ChannelConditions conditions = new ChannelConditions();

    @Override
    int run() {
        CheckFormat chosen = checkedFormat();
        checkUsage();
        String url = target().toString();
        List<CheckResult> results = new ArrayList<>();
        CommandFailure failure = null;
        try {
            checkHub(url, results);
            conditions.names().forEach(name -> results.addAll(judge(name)));
        } catch (RuntimeException noAnswer) {
            failure = CommandFailure.of(noAnswer);
            results.removeIf(result -> result.check().equals("hub"));
            results.add(0, CheckResult.hub(false, String.valueOf(failure.getMessage())));
        }
        long failed = results.stream().filter(result -> !result.ok()).count();
        if (failure == null && failed > 0) {
            failure = new CommandFailure(
                    ErrorCode.UNHEALTHY, failed + " of " + results.size() + " checks failed at " + url);
        }
        chosen.lines(url, results).forEach(out()::println);
        return ended(chosen, failure);
    }

    private int ended(CheckFormat chosen, @Nullable CommandFailure failure) {
        int printed = done();
        if (failure == null) {
            return printed;
        }
        if (chosen.complains()) {
            throw failure;
        }
        return chosen.exit(failure.code().exit());
    }

    private CheckFormat checkedFormat() {
        CheckFormat given = format;
        if (given == null) {
            return json() ? CheckFormat.JSON : CheckFormat.TEXT;
        }
        if (json() && given != CheckFormat.JSON) {
            throw usage("--json and --format " + given + " exclude each other");
        }
        return given;
    }

    private void checkUsage() {
        if (maxHeap != null && (maxHeap < 1 || maxHeap > 100)) {
            throw usage("--max-heap must be 1 to 100, was " + maxHeap);
        }
        if (timeout.isZero()) {
            throw usage("--timeout must be more than 0");
        }
        String complaint = conditions.complaint();
        if (complaint != null) {
            throw usage(complaint);
        }
    }

    private void checkHub(String url, List<CheckResult> results) {
        // The first answer takes longer than those that follow, for reasons of this side.
        HubInfo info = Objects.requireNonNull(answer(hub().info()));
        results.add(CheckResult.running(info, url));
        long[] nanos = new long[ROUND_TRIPS];
        for (int trip = 0; trip < ROUND_TRIPS; trip++) {
            long began = System.nanoTime();
            answer(hub().info());
            nanos[trip] = System.nanoTime() - began;
        }
        Arrays.sort(nanos);
        results.add(CheckResult.latency(Duration.ofNanos(nanos[ROUND_TRIPS / 2]), maxLatency));
        if (maxHeap != null) {
            results.add(CheckResult.heap(info, maxHeap));
        }
    }

    private List<CheckResult> judge(String name) {
        try {
            ChannelStats stats = answer(hub().channels().find(name).flatMap(Channel::stats));
            return stats == null ? List.of(CheckResult.exists(name, false, "does not exist")) : conditions.judge(stats);
        } catch (RuntimeException failure) {
            CommandFailure known = CommandFailure.of(failure);
            // Without the hub there is no more to check; what is wrong with one channel may not be so with the next.
            if (known.code().exit() == ErrorCode.LOST.exit()) {
                throw known;
            }
            return List.of(CheckResult.exists(name, false, String.valueOf(known.getMessage())));
        }
    }

    private <T> @Nullable T answer(Mono<T> asked) {
        return await(asked.timeout(
                timeout,
                Mono.error(
                        () -> new CommandFailure(ErrorCode.TIMED_OUT, "no answer within " + Figures.time(timeout)))));
    }
}
