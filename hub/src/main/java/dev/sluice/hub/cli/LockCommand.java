package dev.sluice.hub.cli;

import dev.sluice.hub.control.HubClient;
import dev.sluice.hub.control.RemoteLease;
import dev.sluice.hub.control.RemoteLeaseOptions;
import dev.sluice.switching.Diversion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice lock}: runs a command that alone may send to a channel. */
@Command(
        name = "lock",
        sortOptions = false,
        description = {
            "Takes the lease of a channel, runs COMMAND, and gives the lease back. Meanwhile nobody else sends to the channel.",
            "",
            "COMMAND finds the lease in its environment: SLUICE_LEASE (its id, a secret), SLUICE_LEASE_CHANNEL,"
                    + " SLUICE_LEASE_OWNER, SLUICE_LEASE_TOKEN (a number that grows with every lease of the channel), and"
                    + " SLUICE_HUB and SLUICE_TOKEN. So sluice send CHANNEL goes through the lease there, and fails once it"
                    + " has ended.",
            "",
            "The exit code is COMMAND's, 128 and the signal's number when a signal ended it. SIGINT and SIGTERM are passed"
                    + " on to it. When the lease is lost, COMMAND and what it has started get SIGTERM, after --grace SIGKILL,"
                    + " and the exit code is 1.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice lock plant/7/valve -- ./flash.sh firmware.bin",
            "  sluice lock lamp --others discard --wait 1m -- sh -c 'sluice send lamp off; sleep 5; sluice send lamp on'"
        })
final class LockCommand extends HubCommand {

    private static final int LONGEST_OWNER = 200;

    @Parameters(index = "0", paramLabel = "CHANNEL", description = "The channel. It must be there: see sluice create.")
    private String channel;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "COMMAND",
            description = "What to run, and its arguments, behind --")
    private List<String> command;

    @Option(
            names = "--owner",
            paramLabel = "NAME",
            description = "Whom others are told to have the lease. Default: user@host:pid")
    private @Nullable String owner;

    @Option(
            names = "--others",
            paramLabel = "WHERE",
            defaultValue = "hold",
            description =
                    "What becomes of services that are aimed at the channel: hold lets them wait, discard accepts and"
                            + " drops what they send, the name of a channel sends it there. Default: ${DEFAULT-VALUE}")
    private String others;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = Converters.Time.class,
            description = "After which the lease ends when it is not renewed; it is, three times within it. Default:"
                    + " ${DEFAULT-VALUE}")
    private Duration ttl;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            converter = Converters.Time.class,
            description =
                    "How long to wait while somebody else has the lease, first come first served. Default: not at all")
    private Duration wait = Duration.ZERO;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = Converters.Time.class,
            description = "Between SIGTERM and SIGKILL when the lease is lost. Default: ${DEFAULT-VALUE}")
    private Duration grace;

    @Override
    int run() throws InterruptedException {
        String holder = owner == null ? thisProcess() : owner;
        if (holder.isBlank() || holder.length() > LONGEST_OWNER) {
            throw usage("--owner must have 1 to " + LONGEST_OWNER + " characters");
        }
        RemoteLeaseOptions options = options();
        HubClient hub = hub();
        HoldingLease holding = new HoldingLease(ttl, grace);
        Signals.onEach(holding::signalled);
        RemoteLease lease;
        try {
            lease = holding.acquire(hub.leases().acquire(channel, holder, options));
        } catch (HoldingLease.SignalledException ended) {
            return ended.exit();
        }
        try {
            return holding.run(lease, program(lease));
        } finally {
            lease.close().block();
        }
    }

    private RemoteLeaseOptions options() {
        RemoteLeaseOptions.Builder options = RemoteLeaseOptions.builder()
                .others(Diversion.of(others))
                .ttl(ttl)
                .maxWait(wait);
        try {
            return options.build();
        } catch (IllegalArgumentException outOfBounds) {
            throw usage("--ttl is 100ms to 365d, --wait at most 365d: " + outOfBounds.getMessage());
        }
    }

    private ProcessBuilder program(RemoteLease lease) {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        Map<String, String> environment = builder.environment();
        target().putInto(environment);
        environment.put("SLUICE_LEASE", lease.id());
        environment.put("SLUICE_LEASE_CHANNEL", lease.channel());
        environment.put("SLUICE_LEASE_OWNER", lease.holder());
        environment.put("SLUICE_LEASE_TOKEN", Long.toString(lease.token()));
        return builder;
    }

    private static String thisProcess() {
        String whole = System.getProperty("user.name") + "@" + host() + ":"
                + ProcessHandle.current().pid();
        return whole.substring(Math.max(0, whole.length() - LONGEST_OWNER));
    }

    private static String host() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException noSuchFile) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException unnamed) {
                return "localhost";
            }
        }
    }
}
