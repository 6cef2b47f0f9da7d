package dev.sluice.hub.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The section of docs/operations.md about configuration says what is so. */
class OperationsGuideTest {

    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ROW =
            Pattern.compile("^\\| (`[a-z-]+`(?:, `[a-z-]+`)*) \\| `([^`]+)` \\|", Pattern.MULTILINE);

    @TempDir
    private Path folder;

    private static String section() throws IOException {
        String guide = Files.readString(Path.of("..", "docs", "operations.md"));
        String section = guide.substring(guide.indexOf("## Configuration"));
        int next = section.indexOf("\n## ", 1);
        return next < 0 ? section : section.substring(0, next);
    }

    @Test
    void exampleFile_isRead() throws IOException {
        Matcher yaml = YAML.matcher(section());
        assertThat(yaml.find()).isTrue();
        Path file = Files.writeString(folder.resolve("hub.yaml"), yaml.group(1));

        HubSettings settings = HubSettings.resolve(Map.of("config", file.toString()), Map.of());

        assertThat(settings.ws()).isNull();
        assertThat(settings.drain()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.channels())
                .extracting(DeclaredChannel::name)
                .containsExactly("orders", "plant/7/alarms", "requests");
        DeclaredChannel orders = settings.channels().get(0);
        assertThat(orders.options().capacity()).isEqualTo(500);
        assertThat(orders.options().retention()).isEqualTo(Retention.last(1000));
        assertThat(orders.groups()).containsExactly("billing", "shipping");
        assertThat(settings.channels().get(2).options().capacity()).isEqualTo(1000);
    }

    @Test
    void table_hasEveryKeyWithItsDefault() throws IOException {
        List<String> rows = ROW.matcher(section())
                .results()
                .flatMap(row -> Pattern.compile(", ")
                        .splitAsStream(row.group(1).replace("`", ""))
                        .map(key -> key + " " + row.group(2)))
                .toList();

        List<String> keys = Keys.DEFAULTS.entrySet().stream()
                .map(key -> key.getKey() + " " + key.getValue())
                .toList();
        assertThat(rows).hasSize(keys.size() + 1).containsAll(keys).endsWith("channels {}");
    }
}
