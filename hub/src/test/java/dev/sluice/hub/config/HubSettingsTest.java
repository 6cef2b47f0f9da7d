package dev.sluice.hub.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ConfigurationException;
import dev.sluice.channel.Retention;
import dev.sluice.channel.WhenNoGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where settings come from, and what they come to. */
class HubSettingsTest {

    @TempDir
    private Path folder;

    private Path file(String... lines) throws IOException {
        return Files.write(folder.resolve("hub.yaml"), List.of(lines));
    }

    private static Setting setting(HubSettings settings, String key) {
        return settings.inForce().stream()
                .filter(one -> one.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    /** Over 9P nobody can be asked who he is. */
    @Test
    void users_turnFilesOff_unlessSomebodyWantsThem() throws IOException {
        Path users = Files.writeString(folder.resolve("users.yaml"), "");
        Map<String, String> some = Map.of("users", users.toString());
        Map<String, String> both = Map.of("users", users.toString(), "ninep", "127.0.0.1:5640");

        assertThat(HubSettings.resolve(some, Map.of()).ninep()).isNull();
        assertThat(HubSettings.resolve(both, Map.of()).ninep()).isEqualTo(new Endpoint("127.0.0.1", 5640));
        assertThat(HubSettings.resolve(some, Map.of("SLUICE_NINEP", ":564")).ninep())
                .isEqualTo(new Endpoint("127.0.0.1", 564));
    }

    @Test
    void nothingGiven_isTheDefaults() {
        HubSettings settings = HubSettings.resolve(Map.of(), Map.of("PATH", "/bin", "SLUICE_HUB", "tcp://x:1"));

        assertThat(settings.tcp()).isEqualTo(new Endpoint("127.0.0.1", 7878));
        assertThat(settings.ws()).isEqualTo(new Endpoint("127.0.0.1", 7879));
        assertThat(settings.ninep()).isEqualTo(new Endpoint("127.0.0.1", 5640));
        assertThat(settings.ninepAllowRemote()).isFalse();
        assertThat(settings.engine()).isEqualTo("memory:");
        assertThat(settings.drain()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.tlsCert()).isNull();
        assertThat(settings.tlsKey()).isNull();
        assertThat(settings.tlsCa()).isNull();
        assertThat(settings.users()).isNull();
        assertThat(settings.allowAnonymous()).isFalse();
        assertThat(settings.expireIdle()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.serviceMemory()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.mostConnections()).isEqualTo(10_000);
        assertThat(settings.metricsChannels()).isEqualTo(1_000);
        assertThat(settings.directory()).isNull();
        assertThat(settings.node()).isNull();
        assertThat(settings.advertise()).isNull();
        assertThat(settings.directoryTtl()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.channels()).isEmpty();
        assertThat(settings.inForce()).extracting(Setting::key).isEqualTo(HubSettings.flags());
        assertThat(settings.inForce()).extracting(Setting::from).containsOnly("default");
        assertThat(settings.from("channels")).isEqualTo("default");
    }

    /** For every key: the file before the default, the environment before the file, a flag before both. */
    @ParameterizedTest
    @CsvSource({
        "tcp,SLUICE_TCP,127.0.0.1:1,127.0.0.1:2,127.0.0.1:3",
        "ws,SLUICE_WS,none,127.0.0.1:2,127.0.0.1:3",
        "engine,SLUICE_ENGINE,memory:?buffer_size=1,memory:?buffer_size=2,memory:?buffer_size=3",
        "drain,SLUICE_DRAIN,1s,2s,3s",
        "tls-cert,SLUICE_TLS_CERT,a,b,c",
        "tls-key,SLUICE_TLS_KEY,a,b,c",
        "tls-ca,SLUICE_TLS_CA,a,b,c",
        "users,SLUICE_USERS,a,b,c",
        "allow-anonymous,SLUICE_ALLOW_ANONYMOUS,true,false,true",
        "ninep-allow-remote,SLUICE_NINEP_ALLOW_REMOTE,true,false,true",
        "expire-idle,SLUICE_EXPIRE_IDLE,none,2m,3m",
        "service-memory,SLUICE_SERVICE_MEMORY,1m,2m,3m",
        "most-connections,SLUICE_MOST_CONNECTIONS,1,2,3",
        "metrics-channels,SLUICE_METRICS_CHANNELS,0,2,3",
        "directory,SLUICE_DIRECTORY,memory:a,none,memory:c",
        "node,SLUICE_NODE,a,b-2,C.3_c",
        "advertise,SLUICE_ADVERTISE,10.0.0.1:1,hub.example:2,[::1]:3",
        "directory-ttl,SLUICE_DIRECTORY_TTL,1s,2s,1d"
    })
    void eachKey_flagBeforeEnvironmentBeforeFileBeforeDefault(
            String key, String variable, String inFile, String inEnvironment, String asFlag) throws IOException {
        boolean named = key.startsWith("tls") || key.equals("users");
        for (String name : List.of("a", "b", "c")) {
            Files.writeString(folder.resolve(name), name);
        }
        Map<String, String> flags = new HashMap<>();
        if (key.startsWith("tls")) {
            flags.put("tls-cert", folder.resolve("a").toString());
            flags.put("tls-key", folder.resolve("a").toString());
            flags.remove(key);
        }
        Path file = file("# settings", key + ": " + inFile);
        flags.put("config", file.toString());
        Map<String, String> environment = new HashMap<>();

        assertInForce(flags, environment, key, named ? in(inFile) : inFile, file + " line 2");
        environment.put(variable, named ? in(inEnvironment) : inEnvironment);
        assertInForce(flags, environment, key, named ? in(inEnvironment) : inEnvironment, "environment " + variable);
        flags.put(key, named ? in(asFlag) : asFlag);
        assertInForce(flags, environment, key, named ? in(asFlag) : asFlag, "flag --" + key);
    }

    private String in(String name) {
        return folder.resolve(name).toString();
    }

    private static void assertInForce(
            Map<String, String> flags, Map<String, String> environment, String key, String value, String from) {
        HubSettings settings = HubSettings.resolve(flags, environment);

        assertThat(setting(settings, key).text()).isEqualTo(value);
        assertThat(setting(settings, key).from()).isEqualTo(from);
        assertThat(settings.from(key)).isEqualTo(from);
    }

    @Test
    void optionsOfADirectory_mayBeSecrets_andAreNotShown() {
        String url = "static:127.0.0.1:7?scheme=rsockets";
        HubSettings settings = HubSettings.resolve(Map.of("directory", url), Map.of());

        assertThat(settings.directory()).isEqualTo(url);
        assertThat(setting(settings, "directory").text()).isEqualTo("static:127.0.0.1:7");
        assertThat(ShownUrl.of("etcd://anna:geheim@host:2379/plant?password=geheim"))
                .isEqualTo("etcd://host:2379/plant");
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1,10.0.0.1,0", "hub.example:7,hub.example,7", "::1,::1,0", "[::1],::1,0", "[::1]:7,::1,7"})
    void advertise_needsNoPort(String text, String host, int port) {
        assertThat(HubSettings.resolve(Map.of("advertise", text), Map.of()).advertise())
                .isEqualTo(new Endpoint(host, port));
    }

    @Test
    void config_isNamedByTheFlagBeforeTheEnvironment() throws IOException {
        Path one = file("drain: 1s");
        Path two = Files.writeString(folder.resolve("two.yaml"), "drain: 2s");

        HubSettings byEnvironment = HubSettings.resolve(Map.of(), Map.of("SLUICE_CONFIG", one.toString()));
        HubSettings byFlag =
                HubSettings.resolve(Map.of("config", two.toString()), Map.of("SLUICE_CONFIG", one.toString()));

        assertThat(byEnvironment.drain()).isEqualTo(Duration.ofSeconds(1));
        assertThat(byEnvironment.from("config")).isEqualTo("environment SLUICE_CONFIG");
        assertThat(byFlag.drain()).isEqualTo(Duration.ofSeconds(2));
        assertThat(byFlag.from("config")).isEqualTo("flag --config");
    }

    @Test
    void values_keepTheirTypes() throws IOException {
        Files.writeString(folder.resolve("users.txt"), "");
        Path file = file(
                "tcp: :0",
                "ws: \"[::1]:7879\"",
                "drain: 1m30s",
                "users: users.txt",
                "allow-anonymous: true",
                "expire-idle: none",
                "most-connections: 7");

        HubSettings settings = HubSettings.resolve(Map.of("config", file.toString()), Map.of());

        assertThat(settings.tcp()).isEqualTo(new Endpoint("127.0.0.1", 0));
        assertThat(settings.ws()).isEqualTo(new Endpoint("::1", 7879)).hasToString("[::1]:7879");
        assertThat(settings.drain()).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.users()).isEqualTo(folder.resolve("users.txt"));
        assertThat(settings.expireIdle()).isNull();
        assertThat(setting(settings, "allow-anonymous").value()).isEqualTo(true);
        assertThat(setting(settings, "most-connections").value()).isEqualTo(7);
        assertThat(setting(settings, "expire-idle").value()).isNull();
        assertThat(setting(settings, "drain").value()).isEqualTo("1m30s");
    }

    @Test
    void channels_haveWhatTheFileSays_andElseWhatTheEngineSays() throws IOException {
        Path file = file(
                "engine: memory:?buffer_size=5&retention=last:2",
                "channels:",
                "  orders: {capacity: 0, retain: last=1000, when-no-group: discard, groups: [billing, shipping]}",
                "  plant/7:",
                "    retain: for=10m",
                "    groups:",
                "      - ops",
                "  bare:",
                "  empty: {}");

        HubSettings settings = HubSettings.resolve(Map.of("config", file.toString()), Map.of());

        assertThat(settings.from("channels")).isEqualTo(file + " line 2");
        assertThat(settings.channels())
                .extracting(DeclaredChannel::name)
                .containsExactly("orders", "plant/7", "bare", "empty");
        DeclaredChannel orders = settings.channels().get(0);
        assertThat(orders.options().name()).isEqualTo("orders");
        assertThat(orders.options().capacity()).isZero();
        assertThat(orders.options().retention()).isEqualTo(Retention.last(1000));
        assertThat(orders.options().whenNoGroup()).isEqualTo(WhenNoGroup.DISCARD);
        assertThat(orders.groups()).containsExactly("billing", "shipping");
        assertThat(orders.from()).isEqualTo(file + " line 3");
        DeclaredChannel plant = settings.channels().get(1);
        assertThat(plant.options().capacity()).isEqualTo(5);
        assertThat(plant.options().retention()).isEqualTo(Retention.forLast(Duration.ofMinutes(10)));
        assertThat(plant.groups()).containsExactly("ops");
        DeclaredChannel bare = settings.channels().get(2);
        assertThat(bare.options().retention()).isEqualTo(Retention.last(2));
        assertThat(bare.options().whenNoGroup()).isEqualTo(WhenNoGroup.HOLD);
        assertThat(bare.groups()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''", "# nothing", "---", "channels:", "channels: {}", "{}"})
    void fileThatSaysNothing_isTheDefaults(String text) throws IOException {
        HubSettings settings = HubSettings.resolve(Map.of("config", file(text).toString()), Map.of());

        assertThat(settings.channels()).isEmpty();
        assertThat(settings.from("tcp")).isEqualTo("default");
    }

    @Test
    void fileWithByteOrderMark_isRead() throws IOException {
        Path file = file("\uFEFFdrain: 3s");

        assertThat(HubSettings.resolve(Map.of("config", file.toString()), Map.of())
                        .drain())
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void variablesOfOthers_areLeftAlone() {
        Map<String, String> environment = new HashMap<>();
        for (String name : List.of("HUB", "TOKEN", "CONTEXT", "JAVA_OPTS", "LEASE", "LEASE_CHANNEL", "LEASE_TOKEN")) {
            environment.put("SLUICE_" + name, "x");
        }
        environment.put("SLUICE_LEASE_OWNER", "x");
        environment.put("SLUICE_DRAIN", "");
        environment.put("SLUICE_SERVICE_HOST", "10.0.0.1");
        environment.put("SLUICE_HUB_SERVICE_PORT_RSOCKET", "7878");
        environment.put("SLUICE_PORT", "tcp://10.0.0.1:7878");
        environment.put("SLUICE_HUB_PORT_7878_TCP_ADDR", "10.0.0.1");

        assertThat(HubSettings.resolve(Map.of(), environment).inForce())
                .extracting(Setting::from)
                .containsOnly("default");
    }

    /** What clients trust: without a certificate of its own it says nothing about a hub. */
    @Test
    void tlsCaInTheEnvironment_countsForAHubWithTlsOnly() throws IOException {
        String pem = Files.writeString(folder.resolve("a.pem"), "").toString();
        Map<String, String> environment = Map.of("SLUICE_TLS_CA", pem);

        HubSettings without = HubSettings.resolve(Map.of(), environment);
        HubSettings with = HubSettings.resolve(Map.of("tls-cert", pem, "tls-key", pem), environment);

        assertThat(without.tlsCa()).isNull();
        assertThat(without.from("tls-ca")).isEqualTo("default");
        assertThat(with.tlsCa()).isEqualTo(Path.of(pem));
        assertThat(with.from("tls-ca")).isEqualTo("environment SLUICE_TLS_CA");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:1,true",
        "127.9.9.9:1,true",
        ":1,true",
        "localhost:1,true",
        "LOCALHOST:1,true",
        "[::1]:1,true",
        "[0:0:0:0:0:0:0:1]:1,true",
        "[::ffff:127.0.0.1]:1,true",
        "0.0.0.0:1,false",
        "[::]:1,false",
        "10.0.0.1:1,false",
        "hub.example.org:1,false",
        "localhost.example.org:1,false"
    })
    void endpoint_knowsWhetherOnlyThisMachineReachesIt(String text, boolean loopback) {
        Endpoint endpoint = Endpoint.parse(text);

        assertThat(endpoint.isLoopback()).isEqualTo(loopback);
        assertThat(Endpoint.parse(endpoint.toString())).isEqualTo(endpoint);
    }

    @Test
    void otherAddresses_areAllowedWithUsersOrAllowAnonymous() throws IOException {
        String users = Files.writeString(folder.resolve("users"), "").toString();

        assertThat(HubSettings.resolve(Map.of("tcp", "0.0.0.0:0", "users", users), Map.of())
                        .tcp())
                .isEqualTo(new Endpoint("0.0.0.0", 0));
        assertThat(HubSettings.resolve(Map.of("ws", "[::]:0", "allow-anonymous", "true"), Map.of())
                        .ws())
                .isEqualTo(new Endpoint("::", 0));
    }

    @Test
    void portZeroTwice_isNoContradiction() {
        assertThat(HubSettings.resolve(Map.of("tcp", ":0", "ws", ":0"), Map.of())
                        .ws())
                .isEqualTo(new Endpoint("127.0.0.1", 0));
    }

    @Test
    void from_ofNoSetting_isRefused() {
        HubSettings settings = HubSettings.resolve(Map.of(), Map.of());

        assertThatThrownBy(() -> settings.from("drian"))
                .isInstanceOf(IllegalArgumentException.class)
                .isNotInstanceOf(ConfigurationException.class)
                .hasMessageContaining("did you mean drain?");
    }
}
