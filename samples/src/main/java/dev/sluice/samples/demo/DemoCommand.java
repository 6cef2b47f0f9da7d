package dev.sluice.samples.demo;

import dev.sluice.hub.cli.CommandContribution;
import dev.sluice.hub.cli.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice demo}: plays the firmware update and accounts for every element. */
@Command(
        name = "demo",
        description = {
            "Plays a firmware update over a shared channel, and accounts for every element.",
            "",
            "A grpc service and some sensors send to the channel mesh. An updater takes the channel for itself, writes a"
                    + " flash of packets in one run and gives it back. Then it does so again and is killed half way."
                    + " Whoever sends meanwhile is diverted to a sinkhole, which is /dev/null at a hub, and back, and does not notice.",
            "",
            "It plays over a hub on loopback, at a free port: each service, the updater and the reader are clients of it,"
                    + " with a connection each. The killed updater's is cut without a word, and the hub ends its lease. With"
                    + " --local all of them are in this process, and the lease ends when its time runs out.",
            ""
        },
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing was lost, duplicated, reordered, or between the packets of a flash",
            "1:something was, or did not happen in time",
            "2:wrong usage",
            "130:ended by Ctrl-C, after the summary"
        })
public final class DemoCommand implements CommandContribution, Callable<Integer> {

    private static final int GOOD = 0;
    private static final int BAD = 1;
    /** What a shell reports of a program that wrote into a pipe nobody reads: 128 and the number of SIGPIPE. */
    private static final int NOBODY_READS = 141;

    @Spec
    private CommandSpec spec;

    @Option(names = "--once", description = "One cycle, about eight seconds. Else it goes on until Ctrl-C.")
    private boolean once;

    @Option(names = "--local", description = "Without a hub: everybody in this process.")
    private boolean local;

    @Option(
            names = "--json",
            description = "Only the summary on standard output, as one JSON object; the rest goes to standard error.")
    private boolean json;

    @Option(names = "--plain", description = "Plain lines, also on a terminal.")
    private boolean plain;

    @Option(
            names = "--packets",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Packets of a flash, " + Plan.MIN_PACKETS + " to " + Plan.MAX_PACKETS
                    + ". Default: ${DEFAULT-VALUE}")
    private int packets;

    @Option(
            names = "--sensors",
            paramLabel = "N",
            defaultValue = "3",
            description = "Sensors, 0 to " + Plan.MAX_SENSORS + ". Default: ${DEFAULT-VALUE}")
    private int sensors;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "500",
            description = "Elements a second of each service, 1 to " + Plan.MAX_RATE + ". Default: ${DEFAULT-VALUE}")
    private int rate;

    @Option(
            names = "--pace",
            paramLabel = "MS",
            defaultValue = "1100",
            description = "Milliseconds of calm before and after a flash, which takes twice as long, "
                    + Plan.MIN_PACE_MILLIS + " to " + Plan.MAX_PACE_MILLIS + ". Default: ${DEFAULT-VALUE}")
    private int pace;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    /** For the command line. */
    public DemoCommand() {}

    @Override
    public Object command() {
        return this;
    }

    /** Plays. */
    @Override
    public Integer call() throws InterruptedException {
        Plan plan = new Plan(
                within("--packets", Plan.MIN_PACKETS, Plan.MAX_PACKETS, packets),
                within("--sensors", 0, Plan.MAX_SENSORS, sensors),
                within("--rate", 1, Plan.MAX_RATE, rate),
                once,
                Duration.ofMillis(within("--pace", Plan.MIN_PACE_MILLIS, Plan.MAX_PACE_MILLIS, pace)));
        PrintWriter out = spec.commandLine().getOut();
        Display display = display(out);
        Story story = new Story(local ? LocalStage::new : HubStage::new, plan, display);
        GracefulEnd end = GracefulEnd.onSignal(story::stop, display::close);
        try {
            Story.Ending ending = story.play();
            display.close();
            report(ending, out);
            if (Terminal.isGone(out)) {
                return NOBODY_READS;
            }
            return ending.isGood() ? GOOD : BAD;
        } finally {
            display.close();
            end.reached();
        }
    }

    private int within(String option, int least, int most, int value) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), option + " must be " + least + " to " + most + ", was " + value);
        }
        return value;
    }

    private Display display(PrintWriter out) {
        if (json) {
            return new PlainDisplay(spec.commandLine().getErr());
        }
        if (plain || !Terminal.canRedraw()) {
            return new PlainDisplay(out);
        }
        boolean blocks = Terminal.charset().newEncoder().canEncode("█░");
        return new LiveDisplay(
                out, new Terminal(), new Layout(Terminal.wantsColour(), blocks ? '█' : '#', blocks ? '░' : '.'));
    }

    private static void line(PrintWriter words, String figure, long value, String meaning) {
        words.println(String.format(Locale.ROOT, "  %-11s%10d  %s", figure, value, meaning)
                .stripTrailing());
    }

    private void report(Story.Ending ending, PrintWriter out) {
        PrintWriter words = json ? spec.commandLine().getErr() : out;
        words.println();
        Balance balance = ending.balance();
        words.printf(
                Locale.ROOT,
                "%d whole cycle%s in %.1f s%n",
                ending.cycles(),
                ending.cycles() == 1 ? "" : "s",
                ending.seconds());
        line(words, "sent", balance.sent(), "by the services and the updater");
        line(words, "received", balance.received(), "by the reader of mesh");
        line(words, "discarded", balance.discarded(), "by the sinkhole, while the updater had mesh");
        line(words, "buffered", balance.buffered(), "still in mesh");
        line(words, "lost", balance.lost(), "");
        line(words, "duplicated", balance.duplicated(), "");
        line(words, "reordered", balance.reordered(), "");
        line(words, "foreign", balance.foreignDuringLease(), "between the packets of a flash");
        if (balance.restoredAfterCrashMs() >= 0) {
            line(words, "restored", balance.restoredAfterCrashMs(), "ms after the crash the others were back");
        }
        ending.problems().forEach(problem -> words.println("Problem: " + problem));
        words.println(
                ending.isGood()
                        ? "Nothing was lost, duplicated, reordered, or between the packets of a flash."
                        : "NOT as it should be.");
        words.flush();
        if (json) {
            out.println(ending.balance().json());
            out.flush();
        }
    }
}
