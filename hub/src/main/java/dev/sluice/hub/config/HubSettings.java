package dev.sluice.hub.config;

import dev.sluice.ConfigurationException;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.spi.ChannelsConfig;
import dev.sluice.channel.spi.Engines;
import dev.sluice.directory.Directory;
import io.netty.util.NetUtil;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a hub, checked, each with where it came from. A setting has one name: {@code tls-cert} in the file, {@code
 * --tls-cert} as a flag, {@code SLUICE_TLS_CERT} in the environment. A flag counts before the environment, that before the
 * file, and the file before the default.
 *
 * <p>Immutable and thread safe.
 */
public final class HubSettings {

    private static final Duration LONGEST_DRAIN = Duration.ofDays(1);
    private static final Duration LONGEST_MEMORY = Duration.ofDays(1);
    private static final Duration LONGEST_IDLE = Duration.ofDays(365);
    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String ADVERTISE_FORMS =
            "HOST or HOST:PORT under which others reach the hub, as 10.0.0.1 or hub.example:7878";

    private final @Nullable Endpoint tcp;
    private final @Nullable Endpoint ws;
    private final @Nullable Endpoint ninep;
    private final String engine;
    private final Duration drain;
    private final @Nullable Path tlsCert;
    private final @Nullable Path tlsKey;
    private final @Nullable Path tlsCa;
    private final @Nullable Path users;
    private final boolean allowAnonymous;
    private final boolean ninepAllowRemote;
    private final @Nullable Duration expireIdle;
    private final Duration serviceMemory;
    private final int mostConnections;
    private final int metricsChannels;
    private final @Nullable String directory;
    private final @Nullable String node;
    private final @Nullable Endpoint advertise;
    private final Duration directoryTtl;
    private final List<DeclaredChannel> channels;
    private final String channelsFrom;
    private final List<Setting> inForce;

    private HubSettings(Values values, @Nullable ConfigFile file) {
        values.optional(Keys.CONFIG, text -> text);
        tcp = values.optional("tcp", Endpoint::parse);
        ws = values.optional("ws", Endpoint::parse);
        ninep = values.optional(Keys.NINEP, Endpoint::parse);
        engine = values.required("engine", HubSettings::checkedEngine);
        drain = values.required("drain", Values.time(Duration.ZERO, LONGEST_DRAIN, ""));
        tlsCert = values.file("tls-cert");
        tlsKey = values.file("tls-key");
        tlsCa = values.file("tls-ca");
        users = values.file("users");
        allowAnonymous = values.required("allow-anonymous", Values::flag);
        ninepAllowRemote = values.required("ninep-allow-remote", Values::flag);
        expireIdle =
                values.optional("expire-idle", Values.time(Duration.ofSeconds(1), LONGEST_IDLE, ", or none for never"));
        serviceMemory = values.required("service-memory", Values.time(Duration.ZERO, LONGEST_MEMORY, ""));
        mostConnections = values.required("most-connections", Values.number(1, Integer.MAX_VALUE));
        metricsChannels = values.required("metrics-channels", Values.number(0, 100_000));
        directory = values.secret("directory", HubSettings::checkedDirectory, ShownUrl::of);
        node = values.optional("node", HubSettings::checkedNode);
        advertise = values.optional("advertise", HubSettings::advertised);
        directoryTtl = values.required("directory-ttl", Values.time(Directory.SHORTEST_TTL, Directory.LONGEST_TTL, ""));
        inForce = List.copyOf(values.inForce());
        ChannelOptions defaults = Engines.check(ChannelsConfig.parse(engine));
        channels = file == null ? List.of() : List.copyOf(file.channels(defaults));
        channelsFrom = file == null ? Given.DEFAULT : Objects.requireNonNullElse(file.channelsFrom(), Given.DEFAULT);
    }

    /**
     * Finds, reads and checks all settings. Reads the file that {@code config} or {@code SLUICE_CONFIG} names, which may
     * block; opens and binds nothing.
     *
     * @param flags values by the settings' names, without dashes, and {@code config}; only those that were given
     * @param environment the process's variables; those that do not begin with {@code SLUICE_} are ignored
     * @return the settings
     * @throws ConfigurationException when a name is unknown, a value is bad, or values do not go together; the message says
     *     where it stands, the setting, what was given and what is allowed
     */
    public static HubSettings resolve(Map<String, String> flags, Map<String, String> environment) {
        Map<String, Given> given = new LinkedHashMap<>();
        flags.forEach((key, text) -> given.put(key, flag(key, text)));
        Environment.read(environment).forEach(given::putIfAbsent);
        Given config = given.computeIfAbsent(Keys.CONFIG, key -> Given.byDefault(Keys.NONE));
        @Nullable ConfigFile file = config.isDefault() ? null : ConfigFile.read(path(config), config.from());
        if (file != null) {
            file.settings().forEach(given::putIfAbsent);
        }
        Keys.DEFAULTS.forEach((key, text) -> given.putIfAbsent(key, Given.byDefault(text)));
        Agreement.leaveClientsAuthority(given);
        Agreement.closeFilesToClaims(given);
        Values values = new Values(given);
        HubSettings settings = new HubSettings(values, file);
        new Agreement(values).check(settings);
        return settings;
    }

    /**
     * The names that can be given as flags.
     *
     * @return in the order in which they are shown, {@code config} first
     */
    public static List<String> flags() {
        List<String> flags = new ArrayList<>(List.of(Keys.CONFIG));
        flags.addAll(Keys.DEFAULTS.keySet());
        return flags;
    }

    private static Given flag(String key, String text) {
        if (!key.equals(Keys.CONFIG) && !Keys.DEFAULTS.containsKey(key)) {
            throw new ConfigurationException(
                    "flag --" + Values.shown(key) + ": no such setting" + Keys.instead(key, flags()));
        }
        return new Given(text, "flag --" + key, null);
    }

    private static Path path(Given config) {
        try {
            if (!config.text().isEmpty()) {
                return Path.of(config.text());
            }
        } catch (InvalidPathException noPath) {
            throw new ConfigurationException(
                    config.from() + ": config "
                            + Values.bad("the path of a file", config.text()).getMessage(),
                    noPath);
        }
        throw new ConfigurationException(config.from() + ": config "
                + Values.bad("the path of a file", "").getMessage());
    }

    private static String checkedEngine(String url) {
        Engines.check(ChannelsConfig.parse(url));
        return url;
    }

    private static String checkedDirectory(String url) {
        Directory.check(url);
        return url;
    }

    private static String checkedNode(String name) {
        if (!NODE.matcher(name).matches()) {
            throw Values.bad("1 to 64 of letters, digits, dots, dashes and underscores", name);
        }
        return name;
    }

    private static Endpoint advertised(String text) {
        Endpoint endpoint;
        try {
            endpoint = Endpoint.parse(withPort(text));
        } catch (IllegalArgumentException neither) {
            throw Values.bad(ADVERTISE_FORMS, text);
        }
        if (endpoint.isWildcard()) {
            throw Values.bad(ADVERTISE_FORMS, text);
        }
        return endpoint;
    }

    /** With port 0 where there is none; the colons of IPv6 stand before no port. */
    private static String withPort(String text) {
        if (NetUtil.isValidIpV6Address(text)) {
            return (text.startsWith("[") ? text : "[" + text + "]") + ":0";
        }
        // Without a host there would be loopback.
        return text.startsWith(":") || text.isEmpty() ? "" : text.matches(".*:\\d+") ? text : text + ":0";
    }

    /** Where RSocket over TCP is served; null for nowhere. Default 127.0.0.1:7878. */
    public @Nullable Endpoint tcp() {
        return tcp;
    }

    /** Where RSocket over WebSocket, health and metrics are served; null for nowhere. Default 127.0.0.1:7879. */
    public @Nullable Endpoint ws() {
        return ws;
    }

    /**
     * Where channels are served as files, over 9P; null for nowhere. Default 127.0.0.1:5640; nowhere by default when there are {@link #users()} or
     * a {@link #tlsCa()}: 9P can ask for neither secrets nor certificates.
     */
    public @Nullable Endpoint ninep() {
        return ninep;
    }

    /** The URL for {@link dev.sluice.channel.Channels#open(String)}. Default {@code memory:}. */
    public String engine() {
        return engine;
    }

    /** How long what runs may go on when the hub is told to end. Default 30 s; zero for not at all. */
    public Duration drain() {
        return drain;
    }

    /** The hub's certificate chain; null for no TLS. There is a {@link #tlsKey} if and only if there is this. */
    public @Nullable Path tlsCert() {
        return tlsCert;
    }

    /** The key of {@link #tlsCert}. */
    public @Nullable Path tlsKey() {
        return tlsKey;
    }

    /** Who must have signed the certificates that clients must show; null when they need not show any. */
    public @Nullable Path tlsCa() {
        return tlsCa;
    }

    /** The file of users; null when nobody has to say who they are. */
    public @Nullable Path users() {
        return users;
    }

    /** Whether the hub may listen without users where others can reach it. Default false. */
    public boolean allowAnonymous() {
        return allowAnonymous;
    }

    /** Whether files may be served where other machines reach them. Default false. */
    public boolean ninepAllowRemote() {
        return ninepAllowRemote;
    }

    /** After this time an idle, empty channel that was not declared goes; null for never. Default 10 min. */
    public @Nullable Duration expireIdle() {
        return expireIdle;
    }

    /** How long a service is remembered after its last producer has gone. Default 10 min. */
    public Duration serviceMemory() {
        return serviceMemory;
    }

    /** Connections each endpoint has at most. Default 10,000. */
    public int mostConnections() {
        return mostConnections;
    }

    /** Channels told apart in the metrics at most, 0 to 100,000. Default 1,000. */
    public int metricsChannels() {
        return metricsChannels;
    }

    /** The URL for {@link Directory#open(String)}, in which the hub registers; null for none. Other than in {@link #inForce} it has its options. */
    public @Nullable String directory() {
        return directory;
    }

    /** The hub's name in the directory; null for the machine's. */
    public @Nullable String node() {
        return node;
    }

    /** Under which address others reach the hub, port 0 for the port it listens on; null for the address it listens on. */
    public @Nullable Endpoint advertise() {
        return advertise;
    }

    /** How long the directory remembers a hub that no longer renews. Default 10 s. */
    public Duration directoryTtl() {
        return directoryTtl;
    }

    /** The channels that exist from the start, in the order of the file. */
    public List<DeclaredChannel> channels() {
        return channels;
    }

    /** Every setting but the channels, in a fixed order, {@code config} first. */
    public List<Setting> inForce() {
        return inForce;
    }

    /**
     * Where a setting came from, for messages about its value.
     *
     * @param key the setting's name, or {@code channels}
     * @return as {@link Setting#from}
     */
    public String from(String key) {
        return key.equals(Keys.CHANNELS)
                ? channelsFrom
                : inForce.stream()
                        .filter(setting -> setting.key().equals(key))
                        .findFirst()
                        .orElseThrow(
                                () -> new IllegalArgumentException("no setting " + key + Keys.instead(key, flags())))
                        .from();
    }
}
