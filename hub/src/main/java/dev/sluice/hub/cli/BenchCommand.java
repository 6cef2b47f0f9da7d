package dev.sluice.hub.cli;

import picocli.CommandLine.Command;

/** {@code sluice bench}: load against a running hub. */
@Command(
        name = "bench",
        sortOptions = false,
        description = {
            "Puts load on a running hub, and tells how it does.",
            "",
            "The load comes from this process, over connections of its own, so hub and bench share a machine that both run"
                    + " on. Channels that it needs are called bench/RANDOM/N, and are removed at the end; after a kill -9"
                    + " they stay, see sluice ls bench.",
            ""
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BenchFlood.Small.class, BenchFlood.Heavy.class, BenchOpen.class, BenchLatency.class},
        footer = {
            "",
            "Examples:",
            "  sluice bench flood --duration 10s --channels 16 --connections 4",
            "  sluice bench latency --rate 1000 --json",
            "",
            "Exit codes: 0 when all arrived as it was sent, 1 when a frame was lost, came twice or in another order."
        })
final class BenchCommand extends BaseCommand {

    @Override
    public Integer call() {
        throw usage("say what to measure: flood, heavy, open or latency");
    }
}
