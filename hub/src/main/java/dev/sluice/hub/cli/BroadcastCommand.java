package dev.sluice.hub.cli;

import dev.sluice.Frame;
import dev.sluice.channel.BroadcastOptions;
import dev.sluice.channel.BroadcastResult;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice broadcast}: one frame to many channels. */
@Command(
        name = "broadcast",
        sortOptions = false,
        description = {
            "Sends one frame to every channel below a prefix, and tells what became of it at each.",
            "",
            "Exit code 0 when all have accepted it, 1 when one has not.",
            ""
        },
        footer = {"", "Example:", "  sluice broadcast 'subscriber/*' hello --wait 1s"})
final class BroadcastCommand extends HubCommand {

    @Parameters(index = "0", paramLabel = "PREFIX", description = "Which channels; '*' for all.")
    private String prefix;

    @Parameters(index = "1", paramLabel = "TEXT", description = "The frame, as UTF-8.")
    private String text;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description = "How long to wait for channels that are full. Default: not at all")
    private @Nullable Duration wait;

    @Override
    int run() {
        BroadcastOptions options =
                wait == null || wait.isZero() ? BroadcastOptions.NO_WAIT : BroadcastOptions.waitFor(wait);
        BroadcastResult result =
                Objects.requireNonNull(await(hub().channels().broadcast(prefix, Frame.text(text), options)), "result");
        result.outcomes().forEach((name, outcome) -> {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("name", name);
            line.put("outcome", word(outcome));
            Throwable failure = result.failures().get(name);
            if (failure != null) {
                line.put("message", String.valueOf(failure.getMessage()));
            }
            say(line, name + ": " + word(outcome) + (failure == null ? "" : ": " + failure.getMessage()));
        });
        if (!json()) {
            err().println(result);
            err().flush();
        }
        if (result.total() == 0) {
            throw new CommandFailure(
                    ErrorCode.CHANNEL_NOT_FOUND, "\"" + prefix + "\" selects no channel: sluice ls lists the names");
        }
        int written = done();
        return result.isComplete() ? written : 1;
    }

    private static String word(BroadcastResult.Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
