package dev.sluice.hub.cli;

import dev.sluice.Frame;
import dev.sluice.channel.Sender;
import dev.sluice.hub.control.HubClient;
import dev.sluice.rsocket.transport.TlsOptions;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code sluice send}: frames into a channel, from an argument or from standard input. */
@Command(
        name = "send",
        sortOptions = false,
        description = {
            "Sends to a channel, which is created when there is none.",
            "",
            "With TEXT sends one frame. Without it every line of standard input is a frame, read as the channel takes"
                    + " them: a full channel stops the program that writes. Ends when all are accepted.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice send orders tea",
            "  tail -f log | sluice send log --as web",
            "  sluice send backup --raw --close < disk.img",
            "  seq 1000 | sluice send --destination orders --directory etcd://10.0.0.1:2379 --at 10.0.0.7:0 --users users.yaml"
                    + " --tls-cert cert.pem --tls-key key.pem",
            "",
            "Within sluice lock, a send to the leased channel goes through the lease."
        })
final class SendCommand extends HubCommand {

    private static final int LONGEST_PIECE = InputFrames.LONGEST;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "The channel; left out with --destination.")
    private @Nullable String first;

    @Parameters(index = "1", arity = "0..1", paramLabel = "TEXT", description = "The frame, as UTF-8.")
    private @Nullable String second;

    @Mixin
    private final DestinationSend destination;

    @Option(
            names = "--as",
            paramLabel = "SERVICE",
            description =
                    "Sends as a producer of this service, which others can swap, divert and restore. NAME is where"
                            + " it leads when it is new.")
    private @Nullable String service;

    @Option(names = "--raw", description = "Sends standard input in pieces instead of lines.")
    private boolean raw;

    @Option(
            names = "--frame-size",
            paramLabel = "SIZE",
            defaultValue = "64KiB",
            converter = Converters.Size.class,
            description = "The longest piece, up to 16MiB. Default: ${DEFAULT-VALUE}")
    private long frameSize;

    @Option(names = "--close", description = "Closes the channel behind the last frame, so that its receivers end.")
    private boolean close;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description = "Gives up after so long, and takes back what was not accepted. Default: waits.")
    private @Nullable Duration timeout;

    @Option(
            names = "--retry",
            description =
                    "Waits for a hub that is not there, and goes on when one that went away is back. What was under"
                            + " way then may come twice.")
    private boolean retry;

    private final Supplier<InputStream> input;

    SendCommand() {
        this(System.getenv(), Streams::input);
    }

    SendCommand(Map<String, String> environment, Supplier<InputStream> input) {
        this.input = input;
        this.destination = new DestinationSend(environment);
    }

    @Override
    int run() {
        if (frameSize < 1 || frameSize > LONGEST_PIECE) {
            throw usage("--frame-size must be 1 to 16MiB, was " + frameSize);
        }
        @Nullable String to = destination.name;
        @Nullable String text = to == null ? second : first;
        if (raw && text != null) {
            throw usage("--raw is for standard input: leave TEXT or --raw out");
        }
        if (to != null) {
            return toDestination(to, text);
        }
        if (first == null) {
            throw usage("give the NAME of a channel, or --destination");
        }
        if (destination.hasMore()) {
            throw usage("--at, --advertise, --users, --allow-remote and --directory go with --destination");
        }
        return toChannel(first, text);
    }

    private int toDestination(String to, @Nullable String text) {
        if (second != null || service != null || close || timeout != null || retry || isHubNamed()) {
            throw usage(
                    "--destination needs no hub and no channel: no NAME, --as, --close, --timeout, --retry or --hub");
        }
        if (hasToken()) {
            throw usage(
                    "--destination is connected to, and shows nobody a token: leave --token out; --users says who may come");
        }
        @Nullable TlsOptions tls = servingTls();
        InputFrames read = InputFrames.of(input.get());
        Flux<Frame> frames = text != null ? Flux.just(Frame.text(text)) : frames(read);
        long sent = text != null
                ? destination.send(to, frames, tls)
                : Progress.during(
                        err(), "sent", Streams.inputSize(), read::bytes, () -> destination.send(to, frames, tls));
        if (json()) {
            say(Map.of("sent", sent), "");
        }
        return done();
    }

    private Flux<Frame> frames(InputFrames input) {
        return raw ? input.pieces((int) frameSize) : input.lines();
    }

    private int toChannel(String name, @Nullable String text) {
        HubClient hub = retry ? patientHub() : hub();
        long sent = send(hub, name, text);
        if (service != null) {
            await(hub.release(service));
        }
        if (close) {
            closeChannel(hub, name);
        }
        if (json()) {
            say(Map.of("sent", sent), "");
        }
        return done();
    }

    private long send(HubClient hub, String name, @Nullable String text) {
        if (text != null) {
            Frame frame = Frame.text(text);
            return in(name, sender(hub, name).flatMap(sender -> sending(sender, frame)));
        }
        InputFrames read = InputFrames.of(input.get());
        Flux<Frame> frames = frames(read);
        Mono<Long> sending =
                retry ? retrying(hub, name, frames) : sender(hub, name).flatMap(sender -> sender.sendAll(frames));
        return Progress.during(err(), "sent", Streams.inputSize(), read::bytes, () -> in(name, sending));
    }

    private Mono<Long> sending(Sender<Frame> sender, Frame frame) {
        Mono<Long> one = sender.send(frame).thenReturn(1L);
        return retry ? Retrying.forEver(one) : one;
    }

    private Mono<Long> retrying(HubClient hub, String name, Flux<Frame> frames) {
        return Retrying.inBatches(frames, batch -> sender(hub, name).flatMap(sender -> sender.sendAll(batch)));
    }

    private long in(String name, Mono<Long> sending) {
        Duration limit = timeout;
        Mono<Long> limited = limit == null
                ? sending
                : sending.timeout(
                        limit,
                        Mono.error(() -> new CommandFailure(
                                ErrorCode.TIMED_OUT,
                                "channel \"" + name + "\" did not accept all within " + limit.toMillis() + " ms")));
        Long sent = await(limited);
        return sent == null ? 0 : sent;
    }

    private Mono<Sender<Frame>> sender(HubClient hub, String name) {
        if (service != null) {
            return hub.produce(service, name);
        }
        String lease = System.getenv("SLUICE_LEASE");
        if (lease != null && !lease.isEmpty() && name.equals(System.getenv("SLUICE_LEASE_CHANNEL"))) {
            return Mono.just(hub.leases().sender(name, lease));
        }
        return Mono.fromSupplier(() -> hub.channels().channel(name));
    }

    private static void closeChannel(HubClient hub, String name) {
        // close() is done when the channel tells so: it waits for nobody.
        hub.channels().channel(name).close();
        await(hub.channels().channel(name).stats());
    }
}
