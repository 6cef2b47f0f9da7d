package dev.sluice.samples.pipes;

import dev.sluice.Frame;
import dev.sluice.channel.Delivery;
import dev.sluice.directory.GroupTerms;
import dev.sluice.pipes.JoinOptions;
import dev.sluice.pipes.Pipes;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** {@code sluice sample pipes group}: members of a group, who print what they get and acknowledge it then. */
@Command(
        name = "group",
        sortOptions = false,
        description =
                "Joins a group, and prints which of its members gets which line. A line that somebody may have had before is marked.")
final class GroupProgram implements Runnable {

    @Spec
    private CommandSpec spec;

    @Mixin
    private Node node;

    @Parameters(index = "0", paramLabel = "GROUP", description = "The group; made when there is none.")
    private String group;

    @Option(names = "--members", paramLabel = "N", description = "How many members. Default: 1")
    private int members = 1;

    @Option(
            names = "--expiry",
            paramLabel = "TIME",
            converter = Node.Time.class,
            description = "How long the group and what waits for it stay when nobody is in it. Default: 1m")
    private Duration expiry = Duration.ofMinutes(1);

    @Override
    public void run() {
        Pipes pipes = node.open();
        AtomicBoolean closing = new AtomicBoolean();
        Thread end = new Thread(() -> {
            closing.set(true);
            node.close();
        });
        Runtime.getRuntime().addShutdownHook(end);
        try {
            Flux.range(1, members)
                    .flatMap(member -> member(pipes, member), members)
                    .blockLast();
        } catch (RuntimeException failure) {
            if (!closing.get()) {
                throw failure;
            }
        } finally {
            if (!closing.get()) {
                Runtime.getRuntime().removeShutdownHook(end);
                node.close();
            }
        }
    }

    private Flux<?> member(Pipes pipes, int member) {
        JoinOptions options =
                JoinOptions.defaults().withTerms(GroupTerms.defaults().withExpiry(expiry));
        return pipes.group(node.destination, group, options)
                .join()
                .publishOn(Schedulers.boundedElastic(), 32)
                .doOnNext(delivery -> print(member, delivery));
    }

    private void print(int member, Delivery<Frame> delivery) {
        PrintWriter out = spec.commandLine().getOut();
        synchronized (out) {
            out.println(
                    group + "/" + member + " " + delivery.value().asText() + (delivery.redelivered() ? " again" : ""));
            out.flush();
        }
        delivery.ack();
    }
}
