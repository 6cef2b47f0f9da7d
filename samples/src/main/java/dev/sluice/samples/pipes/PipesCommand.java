package dev.sluice.samples.pipes;

import dev.sluice.Frame;
import dev.sluice.directory.Directory;
import dev.sluice.pipes.Destination;
import dev.sluice.pipes.Pipes;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;

/**
 * {@code sluice sample pipes}: a destination and two groups of two members. Without a program's name all of them in one process, each with connections of its own, over
 * a directory in memory; {@code destination} and {@code group} are the same for processes of their own, over etcd.
 */
@Command(
        name = "pipes",
        description = {
            "Every group gets all lines; its members share them.",
            "",
            "Without a program's name, all in one process, over a directory in memory. In three terminals, with etcd running:",
            "  sluice sample pipes destination",
            "  sluice sample pipes group billing --members 2",
            "  sluice sample pipes group audit --members 2",
            ""
        },
        subcommands = {DestinationProgram.class, GroupProgram.class})
public final class PipesCommand implements Runnable {

    private static final int LINES = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec;

    /** For the command line. */
    public PipesCommand() {}

    /** All in one process. */
    @Override
    public void run() {
        together(spec.commandLine().getOut());
    }

    /** What each member of each group got. */
    private static final class Shares {
        final Map<String, AtomicInteger> byMember = new ConcurrentSkipListMap<>();
        final CountDownLatch missing = new CountDownLatch(2 * LINES);

        void got(String member) {
            byMember.computeIfAbsent(member, first -> new AtomicInteger()).incrementAndGet();
            missing.countDown();
        }
    }

    static void together(PrintWriter out) {
        Directory directory = Directory.inMemory();
        Pipes sender = Pipes.create(directory);
        Pipes receivers = Pipes.create(directory);
        Shares shares = new Shares();
        for (String group : List.of("audit", "billing")) {
            for (int member = 1; member <= 2; member++) {
                String name = group + "/" + member;
                receivers.group("orders", group).join().subscribe(delivery -> {
                    shares.got(name);
                    delivery.ack();
                });
            }
        }
        out.println("groups: audit and billing wait for the destination orders, two members each");
        Destination orders = sender.destination("orders");
        orders.register().block(PATIENCE);
        orders.sendAll(Flux.range(0, LINES).map(number -> Frame.text("" + number)))
                .block(PATIENCE);
        out.println("destination: orders has sent " + LINES + " lines");
        await(shares.missing);
        Map<String, Integer> sums = new TreeMap<>();
        shares.byMember.forEach((member, count) -> sums.merge(member.replaceAll("/.*", ""), count.get(), Integer::sum));
        sums.forEach((group, sum) -> out.println("group: " + group + " has " + sum + " lines, shared by 2 members"));
        receivers.close().then(sender.close()).then(directory.close()).block(PATIENCE);
        out.println("destination: orders is gone");
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(latch.getCount() + " lines did not come within " + PATIENCE);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
