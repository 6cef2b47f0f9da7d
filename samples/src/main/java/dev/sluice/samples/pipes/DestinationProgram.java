package dev.sluice.samples.pipes;

import dev.sluice.Frame;
import dev.sluice.directory.Registration;
import dev.sluice.pipes.Destination;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** {@code sluice sample pipes destination}: sends numbered lines to whatever groups there are, and waits when they are slow. */
@Command(
        name = "destination",
        sortOptions = false,
        description = "Sends numbered lines. Killed and started again, it goes on where all groups are.")
final class DestinationProgram implements Runnable {

    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Spec
    private CommandSpec spec;

    @Mixin
    private Node node;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Lines in a second; 0 for as many as the groups take. Default: 2")
    private int rate = 2;

    @Option(names = "--count", paramLabel = "N", description = "Ends when all groups have so many. Default: goes on")
    private long count = Long.MAX_VALUE;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description = "Where it remembers how far all groups are. Default: in ~/.local/state/sluice")
    private @Nullable Path state;

    @Option(names = "--fresh", description = "Begins with 0, whatever it remembers.")
    private boolean fresh;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        Progress progress = new Progress(state == null ? Progress.usual(node.destination) : state);
        long begin = fresh ? 0 : progress.read();
        Destination destination = node.open().destination(node.destination);
        AtomicBoolean closing = new AtomicBoolean();
        Thread end = new Thread(() -> {
            closing.set(true);
            node.close();
        });
        Runtime.getRuntime().addShutdownHook(end);
        Registration held = Objects.requireNonNull(destination.register().block(PATIENCE));
        out.println("destination " + destination.name() + " is " + held.instance() + ", begins with " + begin
                + ", remembers in " + progress);
        out.flush();

        Mono<Long> acknowledged = destination.acknowledged().map(offset -> begin + offset);
        Disposable remembering = Flux.interval(LOOK_EVERY)
                .onBackpressureDrop()
                .publishOn(Schedulers.boundedElastic(), 1)
                .concatMap(tick -> acknowledged.doOnNext(progress::write), 1)
                .subscribe(done -> {}, failure -> out.println("cannot remember: " + failure.getMessage()));
        try {
            send(destination, begin, out);
            Flux.interval(LOOK_EVERY)
                    .onBackpressureDrop()
                    .concatMap(tick -> acknowledged, 1)
                    .takeUntil(all -> all >= count)
                    .blockLast();
            remembering.dispose();
            progress.write(count);
            out.println("all groups have " + count + " lines");
        } catch (RuntimeException failure) {
            // It is closed when the process is told to end.
            if (!closing.get()) {
                throw failure;
            }
        } finally {
            remembering.dispose();
            if (!closing.get()) {
                Runtime.getRuntime().removeShutdownHook(end);
                node.close();
            }
        }
    }

    private void send(Destination destination, long begin, PrintWriter out) {
        Flux<Long> numbers = Flux.generate(() -> begin, (next, sink) -> {
            if (next >= count) {
                sink.complete();
            } else {
                sink.next(next);
            }
            return next + 1;
        });
        Flux<Long> paced = rate == 0 ? numbers : numbers.delayElements(Duration.ofNanos(1_000_000_000L / rate));
        Flux<Frame> lines = paced.publishOn(Schedulers.boundedElastic(), 1).map(number -> {
            if (rate > 0) {
                out.println("sends " + number);
                out.flush();
            }
            return Frame.text("" + number);
        });
        destination.sendAll(lines).block();
    }
}
