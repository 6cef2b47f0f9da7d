package dev.sluice.hub.cli;

import dev.sluice.Frame;
import dev.sluice.channel.ChannelStats;
import dev.sluice.hub.config.Endpoint;
import dev.sluice.hub.users.Users;
import dev.sluice.hub.users.UsersAuthenticator;
import dev.sluice.pipes.Destination;
import dev.sluice.pipes.Pipes;
import dev.sluice.pipes.PipesOptions;
import dev.sluice.rsocket.transport.TlsOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What makes a command a destination for as long as it has something to send: members elsewhere find it through the directory. */
final class DestinationSend {

    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    @Option(
            names = "--destination",
            paramLabel = "NAME",
            description =
                    "Sends as a destination of this name, which groups find in the directory; without a hub. Ends when"
                            + " every group has got all of it, and there was one at least; fails when one was given up"
                            + " with some of it.")
    @Nullable String name;

    @Option(
            names = "--at",
            paramLabel = "HOST:PORT",
            description = "Where a destination listens. Default: a free port of 127.0.0.1")
    private @Nullable String at;

    @Option(
            names = "--advertise",
            paramLabel = "HOST[:PORT]",
            description = "Where members find a destination. Default: where it listens")
    private @Nullable String advertise;

    @Option(
            names = "--users",
            paramLabel = "FILE",
            description =
                    "Who may receive from a destination: users with the right receive to its name, as sluice passwd writes"
                            + " them. Certificates: --tls-cert, --tls-key, and --tls-ca to ask members for theirs.")
    private @Nullable Path users;

    @Option(
            names = "--allow-remote",
            description =
                    "Lets --at be an address that others reach also without --users: whoever does can take what is sent.")
    private boolean allowRemote;

    @Mixin
    private final DirectoryOption directory;

    DestinationSend(Map<String, String> environment) {
        this.directory = new DirectoryOption(environment);
    }

    /** Whether something was said that means nothing without a destination. */
    boolean hasMore() {
        return at != null || advertise != null || users != null || allowRemote || directory.isNamed();
    }

    /**
     * Sends as a destination, until all groups are through with it.
     *
     * @param tls how members are served; null for in the clear
     */
    long send(String destination, Flux<Frame> frames, @Nullable TlsOptions tls) {
        PipesOptions.Builder options = options();
        if (tls != null) {
            options.tls(tls);
        }
        if (users == null) {
            return send(destination, frames, options.build());
        }
        Users known = Users.read(users);
        UsersAuthenticator authenticator = known.authenticator();
        try {
            options.server(server -> server.authenticator(authenticator).accessPolicy(known.policy()));
            return send(destination, frames, options.build());
        } finally {
            authenticator.dispose();
        }
    }

    private long send(String destination, Flux<Frame> frames, PipesOptions options) {
        try (OpenDirectory open = directory.open()) {
            Pipes pipes = Pipes.create(open.directory(), options);
            try {
                Destination made = pipes.destination(destination);
                Mono<Long> sending =
                        made.register().then(made.sendAll(frames)).delayUntil(sent -> new Taken(destination).by(made));
                Long sent = sending.block();
                return sent == null ? 0 : sent;
            } finally {
                pipes.close().timeout(OpenDirectory.GOODBYE).onErrorComplete().block();
            }
        }
    }

    /** Looks until nothing that was sent is left for anybody. */
    private static final class Taken {
        private final String name;
        private boolean drops;
        private int idle;

        Taken(String name) {
            this.name = name;
        }

        Mono<Void> by(Destination destination) {
            return Flux.interval(Duration.ZERO, LOOK_EVERY)
                    .onBackpressureDrop()
                    .concatMap(tick -> destination.stats(), 1)
                    .takeUntil(this::isAll)
                    .last()
                    .doOnNext(this::requireNothingLost)
                    .then();
        }

        /** Without a group frames wait for the next one; when none do, there was one, which may be gone as soon as it has all of it. */
        private boolean isAll(ChannelStats stats) {
            drops |= stats.groups().stream().anyMatch(group -> group.dropped() > 0);
            if (!stats.groups().isEmpty()) {
                idle = 0;
                return stats.groups().stream().allMatch(group -> group.acknowledged() >= stats.nextOffset());
            }
            // Figures of one reading may be moments apart, and a group may be about to take them over.
            idle = stats.buffered() == 0 ? idle + 1 : 0;
            return idle > 1;
        }

        /** Groups may have chosen to drop what they are too slow for; no other loses anything but its end. */
        private void requireNothingLost(ChannelStats stats) {
            if (stats.dropped() > 0 && !drops) {
                throw new CommandFailure(
                        ErrorCode.GROUP_EXPIRED,
                        "destination \"" + name + "\": a group was given up with " + stats.dropped() + " of the "
                                + stats.accepted() + " frames, since nobody was in it for its expiry");
            }
        }
    }

    private PipesOptions.Builder options() {
        PipesOptions.Builder options = PipesOptions.builder();
        if (at != null) {
            Endpoint where = endpoint("--at", at);
            if (where.isWildcard() && advertise == null) {
                throw new CommandFailure(
                        ErrorCode.USAGE,
                        "--at " + at
                                + " is all addresses of this machine: say where members find it, with --advertise");
            }
            if (!where.isLoopback() && users == null && !allowRemote) {
                throw new CommandFailure(
                        ErrorCode.USAGE,
                        "--at " + at
                                + " can be reached from elsewhere, and whoever does can take what is sent: say who may with"
                                + " --users, or --allow-remote if anybody may");
            }
            options.listen(where.host(), where.port());
        }
        if (advertise != null) {
            Endpoint where = endpoint("--advertise", advertise);
            options.advertise(where.host(), where.port());
        }
        return options;
    }

    /** With port 0 where there is none; an IPv6 address without brackets has none. */
    private static String withPort(String text) {
        if (text.matches(".*:.*:.*") && !text.startsWith("[")) {
            return "[" + text + "]:0";
        }
        return text.matches(".*:\\d+") ? text : text + ":0";
    }

    private static Endpoint endpoint(String option, String text) {
        try {
            return Endpoint.parse(withPort(text));
        } catch (IllegalArgumentException bad) {
            throw new CommandFailure(ErrorCode.USAGE, option + ": " + bad.getMessage(), bad);
        }
    }
}
