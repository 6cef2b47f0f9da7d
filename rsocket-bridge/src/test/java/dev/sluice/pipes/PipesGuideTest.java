package dev.sluice.pipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.Frame;
import dev.sluice.directory.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The snippet of docs/pipes.md, word for word part of a test. */
class PipesGuideTest extends PipesFixture {

    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private final List<String> log = new CopyOnWriteArrayList<>();

    @Test
    void snippet_standsInThisTest() throws IOException {
        Matcher snippet = SNIPPET.matcher(Files.readString(Path.of("..", "docs", "pipes.md")));

        assertThat(snippet.find()).isTrue();
        assertThat(withoutSpace(Files.readString(
                        Path.of("src", "test", "java", "dev", "sluice", "pipes", "PipesGuideTest.java"))))
                .contains(withoutSpace(snippet.group(1)));
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s", "");
    }

    @Test
    void pipes() {
        Pipes north = Pipes.create(
                directory, PipesOptions.builder().listen("127.0.0.1", 0).build());
        Destination orders = north.destination("orders");

        Pipes south = Pipes.create(directory); // in another process
        south.group("orders", "billing").join().subscribe(delivery -> {
            log.add("bill " + delivery.value().asText());
            delivery.ack();
        });
        south.group("orders", "shipping").join().subscribe(delivery -> {
            log.add("ship " + delivery.value().asText());
            delivery.ack();
        });
        Registration held = orders.register().block(); // from here on no group that is there misses anything
        orders.send(Frame.text("tea")).block();

        await().untilAsserted(() -> assertThat(log).containsExactlyInAnyOrder("bill tea", "ship tea"));
        held.withdraw().block(LONG);
        south.close().then(north.close()).block(LONG);
    }
}
