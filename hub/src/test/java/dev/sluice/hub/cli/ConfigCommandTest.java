package dev.sluice.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.hub.config.HubSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConfigCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    private Path folder;

    private int execute(String... arguments) {
        CommandLine main = Main.commandLine(Stream.of(() -> new ConfigCommand(environment)));
        main.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return main.execute(arguments);
    }

    @Test
    void config_printsEachSettingWithItsOrigin_inColumns() {
        environment.put("SLUICE_DRAIN", "90s");

        assertThat(execute("config", "--tcp", ":0", "--expire-idle=none", "--allow-anonymous"))
                .isZero();

        assertThat(out.toString().lines())
                .containsExactly(
                        "key                 value           from",
                        "config              none            default",
                        "tcp                 127.0.0.1:0     flag --tcp",
                        "ws                  127.0.0.1:7879  default",
                        "ninep               127.0.0.1:5640  default",
                        "engine              memory:         default",
                        "drain               1m30s           environment SLUICE_DRAIN",
                        "tls-cert            none            default",
                        "tls-key             none            default",
                        "tls-ca              none            default",
                        "users               none            default",
                        "allow-anonymous     true            flag --allow-anonymous",
                        "ninep-allow-remote  false           default",
                        "expire-idle         none            flag --expire-idle",
                        "service-memory      10m             default",
                        "most-connections    10000           default",
                        "metrics-channels    1000            default",
                        "directory           none            default",
                        "node                none            default",
                        "advertise           none            default",
                        "directory-ttl       10s             default");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void config_printsChannelsBelow() throws IOException {
        Path file = Files.write(
                folder.resolve("hub.yaml"),
                List.of("channels:", "  orders: {retain: last=1000, groups: [billing, shipping]}", "  plant/7: {}"));

        assertThat(execute("config", "--config", file.toString())).isZero();

        List<String> lines = out.toString().lines().toList();
        assertThat(lines.subList(lines.size() - 4, lines.size()))
                .containsExactly(
                        "",
                        "channel  capacity  retain     when-no-group  groups            from",
                        "orders   100       last=1000  hold           billing,shipping  " + file + " line 2",
                        "plant/7  100       none       hold           -                 " + file + " line 3");
    }

    @Test
    void json_hasAnObjectPerKey() throws IOException {
        Path file = Files.write(
                folder.resolve("hub.yaml"),
                List.of("channels:", "  orders: {capacity: 5, retain: for=10m, groups: [billing]}", "tcp: none"));

        assertThat(execute("config", "--json", "--config=" + file, "--allow-anonymous=false"))
                .isZero();

        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.properties()).hasSize(HubSettings.flags().size() + 1);
        assertThat(json.at("/tcp")).hasToString("{\"value\":null,\"from\":\"" + file + " line 3\"}");
        assertThat(json.at("/ws")).hasToString("{\"value\":\"127.0.0.1:7879\",\"from\":\"default\"}");
        assertThat(json.at("/most-connections")).hasToString("{\"value\":10000,\"from\":\"default\"}");
        assertThat(json.at("/allow-anonymous")).hasToString("{\"value\":false,\"from\":\"flag --allow-anonymous\"}");
        assertThat(json.at("/channels/from").asText()).isEqualTo(file + " line 1");
        assertThat(json.at("/channels/value/orders"))
                .hasToString("{\"value\":{\"capacity\":5,\"retain\":\"for=10m\",\"when-no-group\":\"hold\","
                        + "\"groups\":[\"billing\"]},\"from\":\"" + file + " line 2\"}");
    }

    @Test
    void everySetting_hasItsFlag() {
        CommandLine command = Main.commandLine(Stream.of(() -> new ConfigCommand(environment)))
                .getSubcommands()
                .get("config");

        assertThat(command.getCommandSpec().optionsMap().keySet())
                .containsAll(HubSettings.flags().stream().map(key -> "--" + key).toList());
        for (String key : HubSettings.flags()) {
            err.getBuffer().setLength(0);
            assertThat(execute("config", "--" + key, "/no/such file")).as(key).isEqualTo(1);
            assertThat(err.toString()).as(key).contains("flag --" + key);
        }
    }

    @Test
    void badConfiguration_exits1_withTheMessageOnly() {
        environment.put("SLUICE_DRIAN", "1s");

        assertThat(execute("config")).isEqualTo(1);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).singleElement().asString().contains("did you mean SLUICE_DRAIN?");
    }

    @Test
    void wrongUse_exits2_withTheUsage() {
        assertThat(execute("config", "--drian=1s")).isEqualTo(2);

        assertThat(err.toString()).contains("--drian").contains("--drain").contains("Usage: sluice config");
    }

    @Test
    void cellsWithControlCharacters_stayOnTheirLine() throws IOException {
        Path users = Files.writeString(folder.resolve("a\nb"), "");

        assertThat(execute("config", "--users", users.toString())).isZero();

        assertThat(out.toString()).contains("a?b").doesNotContain("a\nb");
    }

    @Test
    void commandLine_bringsTheCommand() {
        assertThat(Main.commandLine().getSubcommands()).containsKey("config");
    }
}
