package dev.sluice.hub.cli;

import dev.sluice.Frame;
import dev.sluice.directory.Instance;
import dev.sluice.rsocket.Call;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.balance.BalanceOptions;
import dev.sluice.rsocket.balance.BalancedClient;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code sluice post}: calls a service, and prints the sources it answers with. */
@Command(
        name = "post",
        sortOptions = false,
        description = {
            "Calls a service of the hub, and prints what it answers: a line for each frame, as it comes, behind the header of"
                    + " its source.",
            "",
            "The hub itself has the service echo. Others are offered by its clients: see sluice offer.",
            "",
            "With a directory, some hub in it that has the service is called: of calls with the same tag bucket always the same"
                    + " one, else one that this client keeps least busy. --hub calls that one.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice post echo hello",
            "  sluice post echo hello --tag sources=2 --tag frames=3",
            "  sluice post meters status --directory etcd://10.0.0.1:2379 --tag bucket=meter-17"
        })
final class PostCommand extends HubCommand {

    private static final int SOURCES_AT_A_TIME = 256;
    private static final int FRAMES_AHEAD = 32;

    @Parameters(index = "0", paramLabel = "SERVICE", description = "The service.")
    private String service;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "BODY",
            description = "What it is asked, as UTF-8; - reads it from standard input. Default: nothing")
    private String body = "";

    @Option(names = "--tag", paramLabel = "KEY=VALUE", description = "A tag of the call. May be repeated.")
    private Map<String, String> tags = Map.of();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description = "Fails when nothing comes for so long. Default: waits.")
    private @Nullable Duration timeout;

    @Mixin
    private final DirectoryOption directory;

    private final Map<String, String> environment;
    private final Supplier<OutputStream> output;

    PostCommand() {
        this(System.getenv(), Streams::output);
    }

    PostCommand(Map<String, String> environment, Supplier<OutputStream> output) {
        this.output = output;
        this.environment = environment;
        this.directory = new DirectoryOption(environment);
    }

    /** A frame with the header of its source, or how that source failed. */
    private record Line(
            Frame header, @Nullable Frame frame, @Nullable Throwable failure) {
        long size() {
            return (long) header.size() + (frame == null ? 0 : frame.size());
        }
    }

    @Override
    int run() throws IOException, InterruptedException {
        Call call = Call.to(service).tags(tags).body(body()).firstItems(FRAMES_AHEAD);
        if (directory.isNamed() && isHubNamed()) {
            throw usage("--hub and --directory each say where to call: give one of them");
        }
        if (isHubNamed() || !directory.isGiven()) {
            return print(hub().client().call(call));
        }
        try (OpenDirectory open = directory.open()) {
            return byName(open, call);
        }
    }

    /** Calls an instance that the directory names. */
    private int byName(OpenDirectory open, Call call) throws IOException, InterruptedException {
        Set<Instance> instances = await(open.directory().instances(service));
        if (instances == null || instances.isEmpty()) {
            throw new CommandFailure(
                    ErrorCode.NO_INSTANCE, "no hub in " + open + " has a service \"" + service + "\" now");
        }
        BalancedClient client = BalancedClient.create(
                open.directory(),
                service,
                BalanceOptions.builder().client(credentials(environment)).build());
        try {
            return print(client.call(call));
        } finally {
            client.close().timeout(OpenDirectory.GOODBYE).onErrorComplete().block();
        }
    }

    private int print(Flux<RemoteSource> answers) throws IOException, InterruptedException {
        FramePump<Line> pump = new FramePump<>(Long.MAX_VALUE, Line::size);
        answers.flatMap(PostCommand::lines, SOURCES_AT_A_TIME, FRAMES_AHEAD).subscribe(pump);
        Printer printer = new Printer(output.get(), json());
        try {
            pump.run(printer, timeout == null ? 0 : Math.max(1, timeout.toMillis()));
        } catch (ReceivedPrinter.NobodyReadsException broken) {
            return NOBODY_READS;
        } catch (TimeoutException nothing) {
            throw new CommandFailure(
                    ErrorCode.TIMED_OUT, "service \"" + service + "\": " + nothing.getMessage(), nothing);
        }
        if (printer.failed != null) {
            throw printer.failed;
        }
        return 0;
    }

    private Frame body() throws IOException {
        if (!body.equals("-")) {
            return Frame.text(body);
        }
        byte[] read = new BufferedInputStream(Streams.input()).readNBytes(InputFrames.LONGEST + 1);
        if (read.length > InputFrames.LONGEST) {
            throw new CommandFailure(
                    ErrorCode.TOO_LARGE, "a body has " + InputFrames.LONGEST + " bytes at most, and there are more");
        }
        return Frame.wrap(read);
    }

    private static Flux<Line> lines(RemoteSource source) {
        return source.frames()
                .map(frame -> new Line(source.header(), frame, null))
                .onErrorResume(failure -> Mono.just(new Line(source.header(), null, failure)));
    }

    private static final class Printer implements FramePump.Printer<Line> {
        private final OutputStream out;
        private final boolean json;
        private @Nullable CommandFailure failed;

        Printer(OutputStream out, boolean json) {
            this.out = out;
            this.json = json;
        }

        @Override
        public void print(Line line) throws IOException {
            Throwable failure = line.failure();
            Frame frame = line.frame();
            if (failure != null) {
                failed = new CommandFailure(
                        ErrorCode.SOURCE_FAILED,
                        "source [" + ReceivedPrinter.shown(line.header()) + "] failed: " + failure.getMessage(),
                        failure);
            } else if (frame != null) {
                write(line.header(), frame);
            }
        }

        private void write(Frame header, Frame frame) throws IOException {
            try {
                if (json) {
                    Map<String, Object> line = new LinkedHashMap<>();
                    line.put("source", ReceivedPrinter.shown(header));
                    ReceivedPrinter.putBytes(line, frame);
                    out.write(Json.line(line).getBytes(StandardCharsets.UTF_8));
                } else {
                    out.write('[');
                    header.writeTo(out);
                    out.write(']');
                    out.write(' ');
                    frame.writeTo(out);
                }
                out.write('\n');
            } catch (IOException broken) {
                throw ReceivedPrinter.notWritten(broken);
            }
        }

        @Override
        public void pause() throws IOException {
            try {
                out.flush();
            } catch (IOException broken) {
                throw ReceivedPrinter.notWritten(broken);
            }
        }
    }
}
