package dev.sluice.hub.cli;

import dev.sluice.AccessDeniedException;
import dev.sluice.ConnectionLostException;
import dev.sluice.hub.control.HubClient;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.transport.TlsOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A client of a hub: finds it, connects, and closes the connection when the command is over. */
abstract class HubCommand extends BaseCommand {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    @ArgGroup(validate = false, heading = "%nThe hub:%n", order = 800)
    private final HubChoice choice = new HubChoice();

    private @Nullable HubClient client;

    /** Which hub, and who one is there. */
    static final class HubChoice {
        @Option(
                names = "--hub",
                paramLabel = "URL",
                description = "Where it is. Default: $SLUICE_HUB, else the selected context, else " + HubUrl.DEFAULT)
        private @Nullable String url;

        @Option(
                names = "--token",
                paramLabel = "NAME:SECRET",
                description = "Who you are. Default: $SLUICE_TOKEN, else the context's. Others on this machine may see"
                        + " arguments: prefer the variable.")
        private @Nullable String token;

        @Option(
                names = "--tls-ca",
                paramLabel = "FILE",
                description = "Whom to trust with tls and wss: certificates, PEM.")
        private @Nullable Path trusted;

        @Option(names = "--tls-cert", paramLabel = "FILE", description = "Your own certificate, PEM.")
        private @Nullable Path certificate;

        @Option(names = "--tls-key", paramLabel = "FILE", description = "Its key, PKCS #8 in PEM.")
        private @Nullable Path key;
    }

    @Override
    public final Integer call() throws Exception {
        try {
            return run();
        } finally {
            HubClient open = client;
            if (open != null) {
                open.close().timeout(GOODBYE).onErrorComplete().block();
            }
        }
    }

    /** Does what the command does. */
    abstract int run() throws Exception;

    /** The hub, connected; the same for the whole command. */
    final HubClient hub() {
        HubClient open = client;
        if (open == null) {
            open = connect(options -> options.connectionAttempts(1));
            client = open;
        }
        return open;
    }

    /** A hub that may not be there yet, or go and come back: waits for it. */
    final HubClient patientHub() {
        HubClient open = client;
        if (open == null) {
            open = HubClient.create(target().options(builder -> builder.connectionTimeout(Duration.ofDays(365))
                    .reconnect(Duration.ofMillis(100), Duration.ofSeconds(2))));
            client = open;
        }
        return open;
    }

    /** One more connection of its own, that the caller closes. */
    final HubClient anotherHub() {
        return connect(options -> options.connectionAttempts(1));
    }

    /** Which hub this command talks to, and as whom. */
    final HubTarget target() {
        return HubTarget.find(choice.url, choice.token, tls());
    }

    /** Whether it was said on the command line who one is. */
    final boolean hasToken() {
        return choice.token != null;
    }

    private boolean hasCertificates() {
        return choice.trusted != null || choice.certificate != null || choice.key != null;
    }

    /** Whether the hub was named on the command line. */
    final boolean isHubNamed() {
        return choice.url != null;
    }

    /**
     * Who one is at hubs that a directory names, and whom one trusts there. What a context holds was meant for one hub, and stays with it. Who brings
     * certificates wants TLS, whatever the directory says.
     */
    final UnaryOperator<ClientOptions.Builder> credentials(Map<String, String> environment) {
        TlsOptions tls = tls();
        String token = HubTarget.token(choice.token, environment);
        return builder -> {
            builder.connectTimeout(CONNECT_TIMEOUT);
            if (tls != null) {
                builder.tls(tls);
            }
            return HubTarget.withToken(builder, token);
        };
    }

    private HubClient connect(UnaryOperator<ClientOptions.Builder> more) {
        HubTarget target = target();
        HubClient made = HubClient.create(target.options(builder ->
                more.apply(builder.connectTimeout(CONNECT_TIMEOUT).connectionTimeout(CONNECT_TIMEOUT.plusSeconds(5)))));
        try {
            made.client().connect().block();
            return made;
        } catch (ConnectionLostException unreachable) {
            throw new CommandFailure(
                    ErrorCode.UNREACHABLE, "no hub at " + target.url() + ": " + unreachable.getMessage(), unreachable);
        } catch (AccessDeniedException refused) {
            throw new CommandFailure(
                    ErrorCode.DENIED, "the hub at " + target.url() + " refused: " + refused.getMessage(), refused);
        }
    }

    private @Nullable TlsOptions tls() {
        return hasCertificates() ? tls(TlsOptions.builder()) : null;
    }

    /** How this command serves others who connect to it: with its certificate, and asking for theirs when it was said whom to trust. */
    final @Nullable TlsOptions servingTls() {
        if (!hasCertificates()) {
            return null;
        }
        if (choice.certificate == null) {
            throw usage("who is connected to shows a certificate: give --tls-cert and --tls-key too");
        }
        return tls(TlsOptions.builder().requireClientCertificate(choice.trusted != null));
    }

    private TlsOptions tls(TlsOptions.Builder tls) {
        if ((choice.certificate == null) != (choice.key == null)) {
            throw usage("--tls-cert and --tls-key go together");
        }
        if (choice.trusted != null) {
            tls.trusted(choice.trusted);
        }
        if (choice.certificate != null && choice.key != null) {
            tls.certificate(choice.certificate, choice.key);
        }
        try {
            return tls.build();
        } catch (IllegalArgumentException unreadable) {
            throw new CommandFailure(ErrorCode.IO, String.valueOf(unreadable.getMessage()), unreadable);
        }
    }

    /** Waits for what a hub answers; null for nothing. */
    static <T> @Nullable T await(Mono<T> answer) {
        return answer.block();
    }

    /** The answers as they come, a few asked for at a time: whoever prints them sets the pace. */
    static <T> Iterable<T> each(Flux<T> answers) {
        return answers.toIterable(64);
    }
}
