package dev.sluice.samples;

import dev.sluice.hub.cli.CommandContribution;
import dev.sluice.samples.pipes.PipesCommand;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code sluice sample}: lists the samples, or runs one. A sample's class is loaded only when it runs. */
@Command(
        name = "sample",
        description = "Runs a sample; without a name it lists them.",
        synopsisSubcommandLabel = "[NAME]",
        commandListHeading = "%nSamples:%n",
        subcommands = PipesCommand.class,
        footer = {
            "",
            "Their sources, one file each: samples/src/main/java/dev/sluice/samples",
            "Under sluice lock, from a shell: samples/lock/flash-firmware.sh"
        })
public final class SampleCommand implements CommandContribution, Runnable {

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    /** For the command line. */
    public SampleCommand() {}

    @Override
    public Object command() {
        return this;
    }

    /** Lists the samples. */
    @Override
    public void run() {
        spec.commandLine().usage(out());
    }

    @Command(name = "channelswap", description = "An updater takes a channel for itself; grpc never notices.")
    void channelSwap() {
        ChannelSwap.run(out());
    }

    @Command(name = "pipeline", description = "Three stages over channels; the reader sets the pace.")
    void pipeline() {
        Pipeline.run(out());
    }

    @Command(name = "fan-out", description = "One element to many channels, one of them full.")
    void fanOut() {
        FanOut.run(out());
    }

    @Command(name = "replay", description = "A late reader gets what is retained, then what is new.")
    void replay() {
        Replay.run(out());
    }

    @Command(name = "nested", description = "Five sources of two frames, merged fairly.")
    void nested() {
        Nested.run(out());
    }

    @Command(name = "chanserv", description = "A call over a socket, answered by sources of frames.")
    void chanserv() {
        Chanserv.run(out());
    }

    @Command(name = "remote-swap", description = "Two producers at a hub; a third client exchanges where they lead.")
    void remoteSwap() {
        RemoteSwap.run(out());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
