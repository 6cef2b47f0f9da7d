package dev.sluice.rsocket.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.rsocket.ClientOptions;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceClient;
import dev.sluice.rsocket.SluiceServer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** docs/metrics.md lists what a real run registers, no more and no less, and its snippet stands here. */
class MetricsGuideTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Pattern ROW = Pattern.compile(
            "^\\| `(sluice\\.[a-z.]+)` \\| ([a-z ]+) \\|([^|]*)\\|([^|]*)\\|[^|]+\\|$", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("`([a-z]+)`");
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private static String guide() throws IOException {
        return Files.readString(Path.of("..", "docs", "metrics.md"));
    }

    @Test
    void table_listsEveryMeterOfARun() throws IOException {
        MeterRegistry registry = new SimpleMeterRegistry();
        ObservationRegistry observations = ObservationRegistry.create();
        SluiceMetrics metrics =
                SluiceMetrics.builder(registry).observations(observations).build();

        SluiceServer server = SluiceServer.create(
                ServerOptions.builder().tcp("127.0.0.1", 0).watcher(metrics).build());
        server.service("tea", request -> Flux.empty());
        server.start().block(LONG);
        SluiceClient client = SluiceClient.create(
                ClientOptions.tcp("127.0.0.1", server.port()).watcher(metrics).build());
        client.post("tea", Frame.EMPTY).blockLast(LONG);
        client.close().block(LONG);
        server.close().block(LONG);

        assertThat(documented()).isEqualTo(registered(registry)).hasSize(11);
    }

    @Test
    void snippet_standsInThisTest() throws IOException {
        String test = Files.readString(
                Path.of("src", "test", "java", "dev", "sluice", "rsocket", "metrics", "MetricsGuideTest.java"));

        Matcher snippet = SNIPPET.matcher(guide());

        assertThat(snippet.find()).isTrue();
        assertThat(withoutSpace(test)).contains(withoutSpace(snippet.group(1)));
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s", "");
    }

    /** Name to type, tags and unit, as the guide has them. */
    private static Map<String, String> documented() throws IOException {
        Map<String, String> found = new TreeMap<>();
        ROW.matcher(guide()).results().forEach((MatchResult row) -> {
            TreeSet<String> tags = new TreeSet<>();
            NAME.matcher(row.group(3)).results().forEach(tag -> tags.add(tag.group(1)));
            found.put(
                    row.group(1), row.group(2) + " " + tags + " " + row.group(4).trim());
        });
        return found;
    }

    private static Map<String, String> registered(MeterRegistry registry) {
        Map<String, String> found = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            TreeSet<String> tags = new TreeSet<>();
            meter.getId().getTags().stream().map(Tag::getKey).forEach(tags::add);
            String type =
                    meter.getId().getType().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            String unit = Objects.requireNonNullElse(meter.getId().getBaseUnit(), "");
            found.put(meter.getId().getName(), type + " " + tags + " " + unit);
        }
        return found;
    }
}
