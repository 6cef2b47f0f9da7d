package dev.sluice.hub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContextCommandTest {

    @TempDir
    private Path folder;

    private Path file;
    private Contexts contexts;
    private Cli cli;

    @BeforeEach
    void begin() {
        file = folder.resolve("sluice").resolve("contexts.json");
        contexts = new Contexts(file);
        cli = new Cli(new ContextCommand(contexts));
    }

    @Test
    void theFirstThatIsAdded_isSelected_andTheNextIsNot() {
        assertThat(cli.run("context", "add", "plant", "tcp://plant:7878")).isZero();
        assertThat(cli.out()).isEqualToIgnoringNewLines("added plant, and selected it");
        assertThat(cli.run("context", "add", "office", "wss://office/rsocket", "--token", "ann:geheim"))
                .isZero();

        assertThat(contexts.selected()).isEqualTo(new Contexts.Context("tcp://plant:7878", null));
        assertThat(cli.run("context", "ls")).isZero();
        assertThat(cli.lines().get(1)).matches(" +office +wss://office/rsocket +yes");
        assertThat(cli.lines().get(2)).matches("\\* +plant +tcp://plant:7878 +no");
    }

    @Test
    void tokens_areNeverPrinted() {
        cli.run("context", "add", "plant", "tcp://plant", "--token", "ann:geheim", "--json");
        String said = cli.out() + cli.err();
        cli.run("context", "ls");
        said += cli.out() + cli.err();
        cli.run("context", "ls", "--json");
        said += cli.out() + cli.err();
        cli.run("context", "select", "plant", "--json");

        assertThat(said + cli.out() + cli.err()).contains("plant").doesNotContain("geheim");
        assertThat(contexts.selected()).isEqualTo(new Contexts.Context("tcp://plant", "ann:geheim"));
    }

    @Test
    void theFile_isItsOwnersAlone_andNothingIsLeftBesideIt() throws IOException {
        cli.run("context", "add", "plant", "tcp://plant", "--token", "ann:geheim");
        cli.run("context", "add", "office", "tcp://office");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void select_selects() {
        cli.run("context", "add", "plant", "tcp://plant");
        cli.run("context", "add", "office", "tcp://office");

        assertThat(cli.run("context", "select", "office")).isZero();
        assertThat(contexts.read().selected()).isEqualTo("office");
    }

    @Test
    void rm_ofTheSelectedOne_leavesNoneSelected() {
        cli.run("context", "add", "plant", "tcp://plant");
        cli.run("context", "add", "office", "tcp://office");

        assertThat(cli.run("context", "rm", "office")).isZero();
        assertThat(contexts.read().selected()).isEqualTo("plant");
        cli.run("context", "add", "office", "tcp://office");
        assertThat(cli.run("context", "rm", "plant", "--json")).isZero();

        assertThat(cli.out()).isEqualToIgnoringNewLines("{\"removed\":\"plant\"}");
        assertThat(contexts.selected()).isNull();
        assertThat(contexts.read().selected()).isNull();
        assertThat(contexts.read().contexts()).containsOnlyKeys("office");
    }

    @Test
    void json_isAnObjectALine() throws IOException {
        cli.run("context", "add", "plant", "tcp://plant");
        cli.run("context", "ls", "--json");

        JsonNode object = Json.MAPPER.readTree(cli.out());
        assertThat(object)
                .isEqualTo(Json.MAPPER.valueToTree(
                        Map.of("name", "plant", "url", "tcp://plant", "token", false, "selected", true)));
    }

    @ParameterizedTest
    @CsvSource({
        "two words,tcp://plant,NAME:SECRET:x",
        "'',tcp://plant,a:b",
        ".hidden,tcp://plant,a:b",
        "plant,http://plant,a:b",
        "plant,tcp://,a:b",
        "plant,tcp://plant:70000,a:b",
        "plant,tcp://ann:geheim@plant,a:b",
        "plant,tcp://plant,no-secret",
        "plant,tcp://plant,:secret"
    })
    void badInput_isRefused_beforeAnythingIsWritten(String name, String url, String token) {
        assertThat(cli.run("context", "add", name, url, "--token", token)).isEqualTo(2);

        assertThat(cli.err()).contains("SLC-201").doesNotContain("geheim");
        assertThat(file).doesNotExist();
    }

    @Test
    void aNameThatIsTaken_isRefused() {
        cli.run("context", "add", "plant", "tcp://plant");

        assertThat(cli.run("context", "add", "plant", "tcp://other")).isEqualTo(1);
        assertThat(cli.err()).contains("\"plant\" already").contains("SLC-104");
        assertThat(contexts.selected()).isEqualTo(new Contexts.Context("tcp://plant", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"select", "rm"})
    void aNameThatIsNotThere_isNotFound(String what) {
        assertThat(cli.run("context", what, "plant")).isEqualTo(3);

        assertThat(cli.err()).contains("no context \"plant\"").contains("SLC-303");
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "[]", "{\"contexts\":{\"plant\":null}}", "{\"contexts\":{\"plant\":{}}}"})
    void aBrokenFile_isNamed_andStaysAsItIs(String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);

        assertThat(cli.run("context", "ls")).isEqualTo(1);
        assertThat(cli.err()).contains(file.toString()).contains("SLC-109");
        assertThat(cli.run("context", "add", "plant", "tcp://plant")).isEqualTo(1);
        assertThat(file).hasContent(content);
    }

    @Test
    void aFolderThatCannotBeWritten_isNamed() throws IOException {
        Files.writeString(folder.resolve("sluice"), "a file in the way");

        assertThat(cli.run("context", "add", "plant", "tcp://plant")).isEqualTo(1);
        assertThat(cli.err()).contains(file.toString()).contains("SLC-109");
    }

    @Test
    void withoutACommand_isWrongUsage() {
        assertThat(cli.run("context")).isEqualTo(2);

        assertThat(cli.err()).contains("add, ls, select or rm").contains("Usage: sluice context");
    }
}
