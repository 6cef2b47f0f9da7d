package dev.sluice.hub.cli;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Position;
import dev.sluice.hub.control.HubClient;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;

/** {@code sluice receive}: the frames of a channel, onto standard output. */
@Command(
        name = "receive",
        sortOptions = false,
        description = {
            "Receives from a channel, a frame a line, until Ctrl-C, or the channel is closed or removed and empty.",
            "",
            "Receivers of one group share its frames: each goes to one of them. Every group gets every frame. With"
                    + " --listen nothing is taken away. The reader sets the pace: who prints into a slow program holds"
                    + " the senders up.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice receive orders --count 1",
            "  sluice receive orders --group billing --ack | ./bill",
            "  sluice receive news --listen earliest",
            "  sluice receive backup --raw > disk.img"
        })
final class ReceiveCommand extends HubCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "The channel; created when there is none.")
    private String name;

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "The group to receive in. Default: " + Channel.DEFAULT_GROUP)
    private @Nullable String group;

    @Option(names = "--count", paramLabel = "N", description = "Ends after so many frames, and takes not one more.")
    private @Nullable Long count;

    @Option(
            names = "--ack",
            description =
                    "A frame counts as received when it is written: if this receiver dies before, it comes again to"
                            + " another one. Without it, when it has arrived here.")
    private boolean ack;

    @Option(
            names = "--listen",
            paramLabel = "POSITION",
            description = "Listens from latest, earliest or an offset on, and takes nothing away.")
    private @Nullable String listen;

    @Option(names = "--raw", description = "Writes frames as they are, with nothing in between.")
    private boolean raw;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description = "Fails when no frame comes for so long. Default: waits.")
    private @Nullable Duration timeout;

    @Option(
            names = "--retry",
            description = "Waits for a hub that is not there, and goes on when one that went away is back.")
    private boolean retry;

    @Override
    int run() throws IOException, InterruptedException {
        if (count != null && count < 1) {
            throw usage("--count must be 1 or more, was " + count);
        }
        if (listen != null && (group != null || ack)) {
            throw usage("--listen takes nothing away, so it has no --group and no --ack");
        }
        if (raw && json()) {
            throw usage("--raw and --json exclude each other");
        }
        @Nullable Position from = listen == null ? null : position(listen);
        HubClient hub = retry ? patientHub() : hub();
        Flux<Received> frames = frames(hub.channels().channel(name), from);
        FramePump<Received> pump = new FramePump<>(
                count == null ? Long.MAX_VALUE : count,
                received -> received.frame().size());
        (retry ? Retrying.forEver(frames) : frames).subscribe(pump);
        OutputStream out = Streams.output();
        try {
            pump.run(new ReceivedPrinter(out, raw, json()), timeout == null ? 0 : Math.max(1, timeout.toMillis()));
        } catch (ReceivedPrinter.NobodyReadsException broken) {
            return NOBODY_READS;
        } catch (TimeoutException nothing) {
            throw new CommandFailure(ErrorCode.TIMED_OUT, "channel \"" + name + "\": " + nothing.getMessage(), nothing);
        }
        return 0;
    }

    private Position position(String text) {
        return switch (text) {
            case "latest" -> Position.latest();
            case "earliest" -> Position.earliest();
            default -> offset(text);
        };
    }

    private Position offset(String text) {
        try {
            return Position.offset(Long.parseLong(text));
        } catch (IllegalArgumentException none) {
            throw usage("--listen must be latest, earliest or an offset of 0 or more, was \"" + text + "\"");
        }
    }

    private Flux<Received> frames(Channel<Frame> channel, @Nullable Position from) {
        if (from != null) {
            return channel.listenEntries(from, ListenOptions.defaults())
                    .map(entry -> new Received(entry.value(), entry.offset(), null));
        }
        String members = group == null ? Channel.DEFAULT_GROUP : group;
        return ack
                ? channel.receiveAcked(members)
                        .map(delivery -> new Received(delivery.value(), delivery.offset(), delivery))
                : channel.receive(members).map(frame -> new Received(frame, -1, null));
    }
}
