package dev.sluice.hub.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every error says where it stands, which setting, what was given and what is allowed. */
class BadSettingsTest {

    @TempDir
    private Path folder;

    private static void assertRefused(Map<String, String> flags, Map<String, String> environment, String... parts) {
        assertThatThrownBy(() -> HubSettings.resolve(flags, environment))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(parts);
    }

    private void assertFileRefused(String text, String... parts) throws IOException {
        Path file = Files.writeString(folder.resolve("hub.yaml"), text.replace("\\n", "\n"));
        assertRefused(Map.of("config", file.toString()), Map.of(), parts);
        assertThatThrownBy(() -> HubSettings.resolve(Map.of("config", file.toString()), Map.of()))
                .hasMessageStartingWith(file.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tcp|7878|HOST:PORT",
                "tcp|''|HOST:PORT",
                "tcp|localhost|HOST:PORT",
                "tcp|localhost:65536|65535",
                "tcp|localhost:-1|HOST:PORT",
                "tcp|::1:7878|[::1]:PORT",
                "tcp|[127.0.0.1]:1|HOST:PORT",
                "tcp|1.2.3:1|HOST:PORT",
                "tcp|*:1|HOST:PORT",
                "tcp|tcp://localhost:1|HOST:PORT",
                "ws|off|none",
                "drain|30|30s",
                "drain|-1s|from 0s to 1d",
                "drain|25h|from 0s to 1d",
                "drain|none|30s",
                "allow-anonymous|yes|true or false",
                "ninep|5640|HOST:PORT",
                "ninep-allow-remote|1|true or false",
                "expire-idle|0s|from 1s to 365d, or none",
                "expire-idle|never|or none for never",
                "service-memory|none|10m",
                "service-memory|25h|1d",
                "most-connections|0|from 1 to 2147483647",
                "most-connections|+1|whole number",
                "most-connections|99999999999|whole number",
                "metrics-channels|100001|from 0 to 100000",
                "metrics-channels|1e3|whole number",
                "node|plant 7|letters, digits",
                "node|''|1 to 64",
                "advertise|:7878|HOST or HOST:PORT",
                "advertise|''|HOST or HOST:PORT",
                "advertise|0.0.0.0|under which others reach",
                "advertise|[::]:7878|under which others reach",
                "advertise|tcp://host:1|HOST:PORT",
                "directory-ttl|999ms|from 1s to 1d",
                "directory-ttl|25h|from 1s to 1d",
                "tls-cert|no-such-file|can be read",
                "tls-key|no-such-file|can be read",
                "tls-ca|no-such-file|can be read",
                "users|no-such-file|can be read",
                "users|.|can be read",
                "users|''|can be read"
            })
    void badValue_namesOriginKeyValueAndForms(String key, String value, String allowed) throws IOException {
        String was = "was \"" + value + "\"";
        assertRefused(Map.of(key, value), Map.of(), "flag --" + key + ": " + key + " must be", allowed, was);
        // Set to nothing a variable is not set; tls-ca is left to clients where it stands alone.
        if (!value.isEmpty() && !key.equals("tls-ca")) {
            String variable = Keys.variable(key);
            assertRefused(Map.of(), Map.of(variable, value), "environment " + variable + ": " + key, allowed, was);
        }
        boolean file = key.startsWith("tls") || key.equals("users");
        assertFileRefused(
                "# one\n" + key + ": '" + value + "'",
                "hub.yaml line 2: " + key + " must be",
                allowed,
                file ? "was \"" + folder : was);
    }

    private String in(String name) {
        return folder.resolve(name).toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "memory|does not begin with an engine",
                "memroy:|did you mean memory:?",
                "memory:?bufer_size=1|did you mean buffer_size?",
                "memory:?buffer_size=-1|0 to 268435456",
                "memory:?retention=some|last:1000"
            })
    void badEngine_isRefusedBeforeItIsOpened(String url, String part) throws IOException {
        assertRefused(Map.of("engine", url), Map.of(), "flag --engine: engine: ", part);
        assertFileRefused("engine: '" + url + "'", "hub.yaml line 1: engine: ", part);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plant|does not begin with an engine",
                "nowhere://host|no directory engine for nowhere",
                "memory:plant?secret=geheim|secret"
            })
    void badDirectory_isRefusedBeforeItIsOpened(String url, String part) throws IOException {
        assertRefused(Map.of("directory", url), Map.of(), "flag --directory: directory: ", part);
        assertRefused(Map.of(), Map.of("SLUICE_DIRECTORY", url), "environment SLUICE_DIRECTORY: directory: ", part);
        assertFileRefused("directory: '" + url + "'", "hub.yaml line 1: directory: ", part);
    }

    @Test
    void engineWithCredentials_isNotRepeated() {
        assertThatThrownBy(() -> HubSettings.resolve(Map.of("engine", "rsocket://anna:geheim@host:1"), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("credentials")
                .hasMessageNotContaining("geheim");
    }

    @Test
    void unknownNames_areRefusedWithTheNearest() throws IOException {
        assertFileRefused(
                "drain: 1s\ndrian: 2s", "line 2: unknown key drian, did you mean drain?", "tcp, ws, ninep, engine");
        assertFileRefused("config: x", "line 1: unknown key config");
        assertFileRefused("chanels: {}", "did you mean channels?");
        assertFileRefused("nothing-near: 1", "line 1: unknown key nothing-near; known are tcp");
        assertRefused(
                Map.of(),
                Map.of("SLUICE_DRIAN", "1s"),
                "environment SLUICE_DRIAN: no such setting, did you mean SLUICE_DRAIN?",
                "SLUICE_EXPIRE_IDLE");
        assertRefused(Map.of(), Map.of("SLUICE_TOKN", "x"), "did you mean SLUICE_TOKEN?");
        assertRefused(Map.of(), Map.of("SLUICE_PORT", "7878"), "environment SLUICE_PORT: no such setting");
        assertRefused(Map.of(), Map.of("SLUICE_CHANNELS", "{}"), "in the file only", "SLUICE_CONFIG");
        assertRefused(Map.of("drian", "1s"), Map.of(), "flag --drian: no such setting, did you mean drain?");
    }

    @Test
    void configFile_thatCannotBeUsed_isNamedWithWhoNamedIt() throws IOException {
        String missing = in("missing.yaml");
        assertRefused(Map.of("config", missing), Map.of(), missing, "(flag --config)", "no such file");
        assertRefused(Map.of(), Map.of("SLUICE_CONFIG", missing), missing, "(environment SLUICE_CONFIG)");
        assertRefused(Map.of("config", folder.toString()), Map.of(), folder.toString(), "it is a folder");
        assertRefused(Map.of("config", ""), Map.of(), "flag --config: config must be the path of a file");
        assertRefused(Map.of("config", "\0"), Map.of(), "flag --config: config must be the path of a file, was \"?\"");
        assertFileRefused("#".repeat(1 << 20) + "\n", "1 MiB");
        Path file = Files.write(folder.resolve("latin.yaml"), new byte[] {'#', (byte) 0xE4, '\n'});
        assertRefused(Map.of("config", file.toString()), Map.of(), file.toString(), "not UTF-8");
    }

    @Test
    void configFile_ofOneMiB_isRead() throws IOException {
        Path file = Files.writeString(folder.resolve("large.yaml"), "#".repeat((1 << 20) - 1) + "\n");

        assertThat(HubSettings.resolve(Map.of("config", file.toString()), Map.of())
                        .channels())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "drain: 1s\\ntcp: a: b|line 2: not YAML",
                "drain: [1s|not YAML",
                "\\tdrain: 1s|line 1: not YAML",
                "drain: 1s\\n---\\ndrain: 2s|line 2: not YAML: but found another document",
                "drain: \\u0001|not YAML",
                "a: *b|line 1: not YAML",
                "drain: 1s\\ndrain: 2s|line 2: drain is given twice, first in line 1",
                "- drain|line 1: the file must be a mapping, key: value, is a list",
                "drain|line 1: the file must be a mapping, key: value, is \"drain\"",
                "[a]: 1|line 1: the file has a list for a key",
                "drain:|line 1: drain has no value",
                "drain: ~|line 1: drain has no value",
                "ws: 1:2\\ntcp: [::1]:7878|line 2",
                "tcp: [a]|line 1: tcp must be a single value, is a list",
                "<<: {drain: 1s}|line 1: unknown key <<"
            })
    void malformedFile_namesTheLine(String text, String problem) throws IOException {
        assertFileRefused(text.replace("\\t", "\t").replace("\\u0001", "\u0001"), problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "channels: [a]|line 1: channels must be a mapping, NAME: {capacity: 100}, is a list",
                "channels:\\n  a: 5|line 2: channel a must be a mapping, as {capacity: 100, groups: [billing]}, is \"5\"",
                "channels:\\n  a//b:|line 2: channel name \"a//b\" has an empty segment",
                "channels:\\n  '':|line 2: channel name \"\" is empty",
                "channels:\\n  a:\\n  a:|line 3: a is given twice, first in line 2",
                "channels:\\n  a:\\n    capcity: 1|line 3: channel a: unknown key capcity, did you mean capacity?",
                "channels:\\n  a:\\n    capacity: ten|line 3: channel a: capacity must be a whole number from 0 to 268435456,"
                        + " was \"ten\"",
                "channels:\\n  a:\\n    capacity: 268435457|was \"268435457\"",
                "channels:\\n  a:\\n    capacity:|line 3: channel a: capacity has no value",
                "channels:\\n  a: {capacity: 1, capacity: 2}|line 2: capacity is given twice",
                "channels:\\n  a:\\n    retain: last=0|line 3: channel a: retain must be none, all, last:COUNT",
                "channels:\\n  a:\\n    when-no-group: drop|line 3: channel a: when-no-group must be hold or discard, was \"drop\"",
                "channels:\\n  a:\\n    groups: g|line 3: channel a: groups must be a list, as [billing, shipping], is \"g\"",
                "channels:\\n  a:\\n    groups: [g, g]|line 3: channel a: group g is given twice",
                "channels:\\n  a:\\n    groups: ['']|line 3: channel a: a group must have a name",
                "channels:\\n  a:\\n    groups:\\n      - [g]|line 4: each of channel a: groups must be a single value",
                "channels:\\n  a:\\n    groups:\\n      -|line 4: each of channel a: groups has no value"
            })
    void badChannel_namesTheLineAndTheChannel(String text, String problem) throws IOException {
        assertFileRefused(text, problem);
    }

    @Test
    void deeplyNestedOrAliasedFile_isRefusedQuickly() throws IOException {
        assertFileRefused("a: " + "[".repeat(10_000), "not YAML");
        assertFileRefused("channels: &c\n  a: *c", "channel a: unknown key a");
    }

    @Test
    void otherAddressWithoutUsers_isRefusedWithTheRemedy() throws IOException {
        assertRefused(
                Map.of("tcp", "0.0.0.0:7878"),
                Map.of(),
                "flag --tcp: tcp is 0.0.0.0:7878",
                "--users FILE, or --allow-anonymous",
                "127.0.0.1:7878");
        assertRefused(Map.of(), Map.of("SLUICE_WS", "[::]:1"), "environment SLUICE_WS: ws is [::]:1", "--users FILE");
        assertFileRefused("tcp: hub:1", "hub.yaml line 1: tcp is hub:1", "--allow-anonymous");
    }

    @Test
    void filesThatOthersReach_areRefused_alsoWithAnonymousUsers() throws IOException {
        assertRefused(
                Map.of("ninep", "0.0.0.0:564", "allow-anonymous", "true"),
                Map.of(),
                "flag --ninep: ninep is 0.0.0.0:564",
                "nobody can be asked for a secret",
                "--ninep-allow-remote");
        assertFileRefused("ninep: hub:1", "hub.yaml line 1: ninep is hub:1", "127.0.0.1:1");
        assertThat(HubSettings.resolve(Map.of("ninep", "0.0.0.0:564", "ninep-allow-remote", "true"), Map.of())
                        .ninep())
                .isEqualTo(new Endpoint("0.0.0.0", 564));
    }

    @Test
    void filesAndAnotherEndpoint_inOnePlace_areRefused() {
        assertRefused(
                Map.of("ninep", "127.0.0.1:7879"),
                Map.of(),
                "default and flag --ninep: ws and ninep are both 127.0.0.1:7879");
    }

    @Test
    void endpointsThatCannotBoth_areRefused() {
        assertRefused(
                Map.of("tcp", "none"),
                Map.of("SLUICE_WS", "none"),
                "flag --tcp and environment SLUICE_WS: tcp and ws are both none",
                "--tcp 127.0.0.1:7878");
        assertRefused(Map.of("tcp", ":7879"), Map.of(), "flag --tcp and default: tcp and ws are both 127.0.0.1:7879");
    }

    @Test
    void tlsFiles_goTogether() throws IOException {
        String pem = Files.writeString(folder.resolve("a.pem"), "").toString();

        assertRefused(Map.of("tls-cert", pem), Map.of(), "flag --tls-cert: tls-cert is " + pem + " without tls-key");
        assertRefused(Map.of(), Map.of("SLUICE_TLS_KEY", pem), "environment SLUICE_TLS_KEY: tls-key is", "tls-cert");
        assertRefused(Map.of("tls-ca", pem), Map.of(), "flag --tls-ca: tls-ca is", "without tls-cert and tls-key");
    }
}
