package dev.sluice.hub.cli;

import dev.sluice.ConfigurationException;
import dev.sluice.hub.Hub;
import dev.sluice.hub.HubOptions;
import dev.sluice.hub.config.DeclaredChannel;
import dev.sluice.hub.config.Endpoint;
import dev.sluice.hub.config.HubSettings;
import dev.sluice.hub.users.Users;
import dev.sluice.rsocket.transport.TlsOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import reactor.netty.ChannelBindException;

/** {@code sluice serve}: runs a hub until it is told to end. */
@Command(
        name = "serve",
        description = {
            "Runs a hub.",
            "",
            "Prints a line for each endpoint when it is ready. SIGTERM and Ctrl-C drain it: it takes no new calls, and what"
                    + " runs may finish within --drain. A second signal ends it at once.",
            "",
            "Settings come from flags, else from variables such as SLUICE_TCP, else from the file --config, else they have"
                    + " defaults; sluice config tells what is in force.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  sluice serve",
            "  sluice serve --tcp :0 --ws none         # a free port, printed",
            "  sluice serve --config hub.yaml --users users.yaml --tcp 0.0.0.0:7878",
            "",
            "Exit codes: 0 after it was drained, 1 when it could not start, 130 after a second signal."
        })
final class ServeCommand extends BaseCommand {

    private static final int ENDED_AT_ONCE = 130;

    @Mixin
    private ServeFlags flags;

    @Override
    public Integer call() throws InterruptedException {
        HubSettings settings = flags.settings(System.getenv());
        Hub hub = Hub.create(options(settings));
        CountDownLatch drained = new CountDownLatch(1);
        start(hub);
        AtomicInteger signals = new AtomicInteger();
        boolean heard = Signals.onEnd(() -> {
            if (signals.incrementAndGet() > 1) {
                Runtime.getRuntime().halt(ENDED_AT_ONCE);
            }
            err().println("sluice: draining, " + Figures.time(settings.drain()) + " at most; once more ends at once");
            err().flush();
            hub.drain().subscribe(nothing -> {}, failure -> drained.countDown(), drained::countDown);
        });
        if (!heard) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> hub.drain().block(), "drain"));
        }
        announce(hub);
        drained.await();
        return 0;
    }

    private static void start(Hub hub) {
        try {
            hub.start().block();
        } catch (ChannelBindException taken) {
            Throwable why = taken.getCause();
            throw new CommandFailure(
                    ErrorCode.BIND,
                    "cannot listen: " + taken.getMessage() + (why == null ? "" : ", " + why.getMessage()),
                    taken);
        }
    }

    /** One line for each endpoint, for people and for scripts that wait for them. */
    private void announce(Hub hub) {
        Map<String, String> all = new LinkedHashMap<>();
        for (URI endpoint : hub.endpoints()) {
            String scheme = endpoint.getScheme();
            String what = scheme.startsWith("http") ? "http" : "rsocket";
            all.put(scheme, endpoint.toString());
            if (!json()) {
                out().println(what + " " + endpoint);
            }
        }
        URI files = hub.files();
        if (files != null) {
            all.put("9p", files.toString());
            if (!json()) {
                out().println("9p " + files);
            }
        }
        if (json()) {
            out().println(Json.line(Map.of("ready", all)));
        }
        out().flush();
    }

    /** What the settings say, as a hub takes it. */
    static HubOptions options(HubSettings settings) {
        HubOptions.Builder options = HubOptions.builder()
                .engine(settings.engine())
                .drain(settings.drain())
                .expireIdle(settings.expireIdle())
                .serviceMemory(settings.serviceMemory())
                .mostConnections(settings.mostConnections())
                .channelsInMetrics(settings.metricsChannels())
                .tls(tls(settings));
        Endpoint tcp = settings.tcp();
        if (tcp != null) {
            options.tcp(tcp.host(), tcp.port());
        }
        Endpoint webSocket = settings.ws();
        if (webSocket != null) {
            options.webSocket(webSocket.host(), webSocket.port());
        }
        Endpoint files = settings.ninep();
        if (files != null) {
            options.ninep(files.host(), files.port()).ninepAllowRemote(settings.ninepAllowRemote());
        }
        Path users = settings.users();
        if (users != null) {
            Users known = Users.read(users);
            options.security(known.authenticator(), known.policy());
        }
        register(settings, options);
        for (DeclaredChannel channel : settings.channels()) {
            options.channel(channel.name(), channel.options(), channel.groups());
        }
        try {
            return options.build();
        } catch (IllegalArgumentException outOfBounds) {
            throw new ConfigurationException(String.valueOf(outOfBounds.getMessage()), outOfBounds);
        }
    }

    private static void register(HubSettings settings, HubOptions.Builder options) {
        String directory = settings.directory();
        if (directory != null) {
            options.directory(directory).directoryTtl(settings.directoryTtl());
        }
        String node = settings.node();
        if (node != null) {
            options.node(node);
        }
        Endpoint advertise = settings.advertise();
        if (advertise != null) {
            options.advertise(advertise.host(), advertise.port());
        }
    }

    private static @Nullable TlsOptions tls(HubSettings settings) {
        Path certificate = settings.tlsCert();
        Path key = settings.tlsKey();
        if (certificate == null || key == null) {
            return null;
        }
        TlsOptions.Builder tls = TlsOptions.builder().certificate(certificate, key);
        Path authority = settings.tlsCa();
        if (authority != null) {
            tls.trusted(authority).requireClientCertificate(true);
        }
        try {
            return tls.build();
        } catch (IllegalArgumentException unreadable) {
            throw new ConfigurationException(String.valueOf(unreadable.getMessage()), unreadable);
        }
    }
}
