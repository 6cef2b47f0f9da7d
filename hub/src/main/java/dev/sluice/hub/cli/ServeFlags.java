package dev.sluice.hub.cli;

import dev.sluice.ConfigurationException;
import dev.sluice.hub.config.HubSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The flags with a hub's settings, for commands that start or describe one. All are taken as text: {@link HubSettings}
 * reads them as it reads the environment and the file, so that a value is good or bad wherever it stands.
 */
final class ServeFlags {

    private final Map<String, String> given = new LinkedHashMap<>();

    ServeFlags() {}

    /**
     * The settings from these flags, the environment and the file.
     *
     * @param environment the variables of the process
     * @throws ConfigurationException when something is wrong with them
     */
    HubSettings settings(Map<String, String> environment) {
        return HubSettings.resolve(given, environment);
    }

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML file with settings, and with channels that exist from the start.")
    void config(@Nullable String value) {
        put("config", value);
    }

    @Option(
            names = "--tcp",
            paramLabel = "HOST:PORT",
            description = "Where RSocket over TCP is served, or none. Port 0: a free one. Default 127.0.0.1:7878.")
    void tcp(@Nullable String value) {
        put("tcp", value);
    }

    @Option(
            names = "--ws",
            paramLabel = "HOST:PORT",
            description = "Where WebSocket (path /rsocket), health and metrics are served, or none."
                    + " Default 127.0.0.1:7879.")
    void ws(@Nullable String value) {
        put("ws", value);
    }

    @Option(
            names = "--ninep",
            paramLabel = "HOST:PORT",
            description = "Where channels are served as files, over 9P, or none."
                    + " Default 127.0.0.1:5640, and none with --users or --tls-ca.")
    void ninep(@Nullable String value) {
        put("ninep", value);
    }

    @Option(
            names = "--ninep-allow-remote",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Serve files on other than loopback addresses too. 9P carries no secret: whoever reaches the"
                    + " port is who he says he is.")
    void ninepAllowRemote(@Nullable String value) {
        put("ninep-allow-remote", value);
    }

    @Option(names = "--engine", paramLabel = "URL", description = "What keeps the channels. Default memory:.")
    void engine(@Nullable String value) {
        put("engine", value);
    }

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            description = "How long what runs may go on when the hub is told to end. Default 30s.")
    void drain(@Nullable String value) {
        put("drain", value);
    }

    @Option(names = "--tls-cert", paramLabel = "FILE", description = "Certificate chain, PEM. Together with --tls-key.")
    void tlsCert(@Nullable String value) {
        put("tls-cert", value);
    }

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Key of the certificate, PEM, PKCS #8.")
    void tlsKey(@Nullable String value) {
        put("tls-key", value);
    }

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "Clients must show a certificate that one of these has signed.")
    void tlsCa(@Nullable String value) {
        put("tls-ca", value);
    }

    @Option(names = "--users", paramLabel = "FILE", description = "Who may do what; sluice passwd writes entries.")
    void users(@Nullable String value) {
        put("users", value);
    }

    @Option(
            names = "--allow-anonymous",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Listen on other than loopback addresses also without users.")
    void allowAnonymous(@Nullable String value) {
        put("allow-anonymous", value);
    }

    @Option(
            names = "--expire-idle",
            paramLabel = "TIME",
            description = "After this time idle, empty, undeclared channels go; none: never. Default 10m.")
    void expireIdle(@Nullable String value) {
        put("expire-idle", value);
    }

    @Option(
            names = "--service-memory",
            paramLabel = "TIME",
            description = "How long a service without producers is remembered. Default 10m.")
    void serviceMemory(@Nullable String value) {
        put("service-memory", value);
    }

    @Option(
            names = "--most-connections",
            paramLabel = "N",
            description = "Connections of each endpoint at most. Default 10000.")
    void mostConnections(@Nullable String value) {
        put("most-connections", value);
    }

    @Option(
            names = "--metrics-channels",
            paramLabel = "N",
            description = "Channels told apart in the metrics at most, 0 to 100000. Default 1000.")
    void metricsChannels(@Nullable String value) {
        put("metrics-channels", value);
    }

    @Option(
            names = "--directory",
            paramLabel = "URL",
            description = "Where the hub and its services register, as etcd://HOST:2379/PREFIX. Default none.")
    void directory(@Nullable String value) {
        put("directory", value);
    }

    @Option(
            names = "--node",
            paramLabel = "NAME",
            description = "The hub's name in the directory. Default: the machine's.")
    void node(@Nullable String value) {
        put("node", value);
    }

    @Option(
            names = "--advertise",
            paramLabel = "HOST[:PORT]",
            description = "Under which address others reach the hub. Default: where it listens.")
    void advertise(@Nullable String value) {
        put("advertise", value);
    }

    @Option(
            names = "--directory-ttl",
            paramLabel = "TIME",
            description = "How long the directory remembers a hub that died. Default 10s.")
    void directoryTtl(@Nullable String value) {
        put("directory-ttl", value);
    }

    /** Picocli hands in null for what was not given, before each run. */
    private void put(String key, @Nullable String value) {
        if (value == null) {
            given.remove(key);
        } else {
            given.put(key, value);
        }
    }
}
