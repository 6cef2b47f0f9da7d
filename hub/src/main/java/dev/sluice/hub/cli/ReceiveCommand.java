package dev.sluice.hub.cli;

import dev.sluice.Frame;
import dev.sluice.channel.Channel;
import dev.sluice.channel.Delivery;
import dev.sluice.channel.ListenOptions;
import dev.sluice.channel.Position;
import dev.sluice.directory.GroupTerms;
import dev.sluice.hub.control.HubClient;
import dev.sluice.pipes.JoinOptions;
import dev.sluice.pipes.Pipes;
import dev.sluice.pipes.PipesOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;

/** {@code sluice receive}: the frames of a channel, onto standard output. */
@Command(
        name = "receive",
        sortOptions = false,
        description = {
            "Receives from a channel, a frame a line, until Ctrl-C, or the channel is closed or removed and empty.",
            "With --destination instead of NAME, from a destination that the directory knows, wherever it is: as a member"
                    + " of a group, that waits until there is one.",
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
            "  sluice receive backup --raw > disk.img",
            "  sluice receive --destination orders --group billing --ack --directory etcd://10.0.0.1:2379 | ./bill"
        })
final class ReceiveCommand extends HubCommand {

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "The channel; created when there is none.")
    private @Nullable String name;

    @Option(
            names = "--destination",
            paramLabel = "NAME",
            description = "The destination to receive from, found in the directory.")
    private @Nullable String destination;

    @Option(
            names = "--expiry",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description =
                    "Of a group of a destination that is not there yet: how long it stays, with what waits for it, when"
                            + " nobody is in it. Default: 1m")
    private @Nullable Duration expiry;

    @Mixin
    private final DirectoryOption directory;

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
            description =
                    "Waits for a hub that is not there, and goes on when one that went away is back. With --destination that"
                            + " is always so.")
    private boolean retry;

    private final Map<String, String> environment;
    private final Supplier<OutputStream> output;

    ReceiveCommand() {
        this(System.getenv(), Streams::output);
    }

    ReceiveCommand(Map<String, String> environment, Supplier<OutputStream> output) {
        this.environment = environment;
        this.output = output;
        this.directory = new DirectoryOption(environment);
    }

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
        if ((name == null) == (destination == null)) {
            throw usage("give the NAME of a channel, or --destination");
        }
        if (destination == null && (directory.isNamed() || expiry != null)) {
            throw usage("--directory and --expiry go with --destination");
        }
        return destination == null ? ofChannel(Objects.requireNonNull(name)) : ofDestination(destination);
    }

    private int ofDestination(String from) throws IOException, InterruptedException {
        if (listen != null || isHubNamed()) {
            throw usage("--destination has no --listen and no --hub: it is received from in a group, wherever it is");
        }
        GroupTerms terms =
                expiry == null ? GroupTerms.defaults() : GroupTerms.defaults().withExpiry(expiry);
        try (OpenDirectory open = directory.open()) {
            Pipes pipes = Pipes.create(
                    open.directory(),
                    PipesOptions.builder().client(credentials(environment)).build());
            try {
                Flux<Received> frames = pipes.group(
                                from, group(), JoinOptions.defaults().withTerms(terms))
                        .join()
                        .map(this::received);
                return print(frames, "destination \"" + from + "\"");
            } finally {
                pipes.close().timeout(OpenDirectory.GOODBYE).onErrorComplete().block();
            }
        }
    }

    private Received received(Delivery<Frame> delivery) {
        if (ack) {
            return new Received(delivery.value(), delivery.offset(), delivery);
        }
        delivery.ack();
        return new Received(delivery.value(), -1, null);
    }

    private String group() {
        return group == null ? Channel.DEFAULT_GROUP : group;
    }

    private int ofChannel(String channel) throws IOException, InterruptedException {
        @Nullable Position from = listen == null ? null : position(listen);
        HubClient hub = retry ? patientHub() : hub();
        Flux<Received> frames = frames(hub.channels().channel(channel), from);
        return print(retry ? Retrying.forEver(frames) : frames, "channel \"" + channel + "\"");
    }

    private int print(Flux<Received> frames, String of) throws IOException, InterruptedException {
        FramePump<Received> pump = new FramePump<>(
                count == null ? Long.MAX_VALUE : count,
                received -> received.frame().size());
        frames.subscribe(pump);
        OutputStream out = output.get();
        try {
            pump.run(new ReceivedPrinter(out, raw, json()), timeout == null ? 0 : Math.max(1, timeout.toMillis()));
        } catch (ReceivedPrinter.NobodyReadsException broken) {
            return NOBODY_READS;
        } catch (TimeoutException nothing) {
            throw new CommandFailure(ErrorCode.TIMED_OUT, of + ": " + nothing.getMessage(), nothing);
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
        return ack
                ? channel.receiveAcked(group()).map(this::received)
                : channel.receive(group()).map(frame -> new Received(frame, -1, null));
    }
}
