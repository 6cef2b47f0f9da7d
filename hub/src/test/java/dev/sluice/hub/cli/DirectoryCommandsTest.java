package dev.sluice.hub.cli;

import static dev.sluice.hub.HubFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.DirectoryUnavailableException;
import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.directory.Directory;
import dev.sluice.directory.Instance;
import dev.sluice.directory.Scheme;
import dev.sluice.hub.HubFixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import reactor.core.publisher.Mono;

/** Commands that find hubs in a directory. */
class DirectoryCommandsTest {

    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
    private final Cli nodes = new Cli(new NodesCommand(environment));
    private final Cli post = new Cli(new PostCommand(environment, () -> answers));

    private String url;
    private Directory directory;

    @BeforeEach
    void open(TestInfo test) {
        url = "memory:" + test.getDisplayName().replaceAll("[^A-Za-z]", "");
        directory = Directory.open(url);
    }

    @AfterEach
    void close() {
        directory.close().block(PATIENCE);
    }

    /** A hub whose service "who" answers with its name. */
    private HubFixture hub(String node) {
        HubFixture started =
                HubFixture.start(hub -> hub.directory(url).node(node).directoryTtl(Duration.ofSeconds(1)));
        started.hub().server().service("who", request -> Mono.just(Source.of("node", Mono.just(Frame.text(node)))));
        await().atMost(PATIENCE).until(() -> stands(node, "who") && stands(node, "echo") && stands(node, "hub"));
        return started;
    }

    private boolean stands(String node, String service) {
        return Objects.requireNonNull(directory.instances(service).block(PATIENCE)).stream()
                .anyMatch(instance -> node.equals(instance.metadata().get("node")));
    }

    private String posted(String... more) {
        answers.reset();
        String[] words = new String[more.length + 2];
        words[0] = "post";
        words[1] = "who";
        System.arraycopy(more, 0, words, 2, more.length);
        assertThat(post.run(words)).as(post.err()).isZero();
        return answers.toString(StandardCharsets.UTF_8).strip().replace("[node] ", "");
    }

    @Test
    void nodes_areListedByName_withWhatTheyHave() {
        try (HubFixture b = hub("b");
                HubFixture a = hub("a")) {
            a.hub().server().withdraw("who");
            await().atMost(PATIENCE).until(() -> !stands("a", "who"));

            assertThat(nodes.run("nodes", "--directory", url)).isZero();

            assertThat(nodes.lines()).hasSize(3);
            assertThat(nodes.lines().get(0)).matches("NODE +ID +ADDRESS +VERSION +SERVICES *");
            assertThat(nodes.lines().get(1))
                    .matches("a +a-[0-9a-z]+ +rsocket://127.0.0.1:"
                            + a.endpoint("tcp").getPort() + " +\\S+ +echo *");
            assertThat(nodes.lines().get(2))
                    .matches("b +b-[0-9a-z]+ +rsocket://127.0.0.1:"
                            + b.endpoint("tcp").getPort() + " +\\S+ +echo, who *");
        }
    }

    @Test
    void nodes_asJson_areOneALine() throws IOException {
        environment.put("SLUICE_DIRECTORY", url);
        try (HubFixture one = hub("one")) {
            assertThat(nodes.run("nodes", "--json")).isZero();

            assertThat(nodes.lines()).hasSize(1);
            JsonNode line = Json.MAPPER.readTree(nodes.lines().get(0));
            assertThat(line.get("node").asText()).isEqualTo("one");
            assertThat(line.get("address").asText())
                    .isEqualTo("rsocket://127.0.0.1:" + one.endpoint("tcp").getPort());
            assertThat(line.get("services")).hasToString("[\"echo\",\"who\"]");
        }
        assertThat(nodes.run("nodes")).isZero();
        assertThat(nodes.lines()).hasSize(1);
    }

    @Test
    void nodes_watched_printsWhoJoinsAndLeaves() throws InterruptedException {
        Thread watching = new Thread(() -> nodes.run("nodes", "--watch", "--directory", url));
        watching.start();
        try (HubFixture one = hub("one")) {
            await().atMost(PATIENCE).until(() -> nodes.out().contains("+ one one-"));
            assertThat(one.hub().endpoints()).isNotEmpty();
        }
        await().atMost(PATIENCE).until(() -> nodes.out().contains("- one one-"));
        watching.interrupt();
        watching.join(PATIENCE.toMillis());
        assertThat(watching.isAlive()).isFalse();
    }

    @Test
    void withoutADirectory_nodesSaysHowToNameOne() {
        assertThat(nodes.run("nodes")).isEqualTo(2);
        assertThat(nodes.err()).contains("--directory URL", "SLUICE_DIRECTORY");
    }

    @Test
    void badUrl_isToldAsTheEngineSaysIt() {
        assertThat(nodes.run("nodes", "--directory", "nowhere:")).isEqualTo(1);
        assertThat(nodes.err()).contains("SLC-110", "flag --directory", "no directory engine for nowhere");

        environment.put("SLUICE_DIRECTORY", "memory:x?secret=geheim");
        assertThat(post.run("post", "who")).isEqualTo(1);
        assertThat(post.err()).contains("SLC-110", "SLUICE_DIRECTORY").doesNotContain("geheim");
    }

    @Test
    void directoryThatDoesNotAnswer_hasACode() {
        assertThat(Diagnosis.of(new DirectoryUnavailableException("away", null)).code())
                .isEqualTo(ErrorCode.DIRECTORY);
    }

    @Test
    void post_byName_keepsToTheInstanceOfABucket() {
        try (HubFixture a = hub("a");
                HubFixture b = hub("b")) {
            Set<String> all = new HashSet<>();
            for (int bucket = 0; bucket < 16; bucket++) {
                String[] words = {"--directory", url, "--tag", "bucket=" + bucket};
                String first = posted(words);
                assertThat(posted(words)).isEqualTo(first);
                all.add(first);
            }
            assertThat(all).containsExactlyInAnyOrder("a", "b");
            assertThat(List.of(a, b)).isNotEmpty();
        }
    }

    @Test
    void post_byName_goesToWhoIsLeft() {
        environment.put("SLUICE_DIRECTORY", url);
        HubFixture a = hub("a");
        try (HubFixture b = hub("b")) {
            // One that crashed, and that the directory has not forgotten yet.
            Instance dead =
                    Instance.of(Scheme.RSOCKET, "127.0.0.1", a.endpoint("tcp").getPort());
            a.close();
            directory.register("who", dead, Duration.ofMinutes(1)).block(PATIENCE);
            assertThat(b.hub().endpoints()).isNotEmpty();

            for (int bucket = 0; bucket < 8; bucket++) {
                assertThat(posted("--tag", "bucket=" + bucket)).isEqualTo("b");
            }
        }
    }

    @Test
    void post_toWhatNobodyHas_failsAtOnce() {
        try (HubFixture one = hub("one")) {
            assertThat(post.run("post", "nothing", "--directory", url)).isEqualTo(3);
            assertThat(post.err()).contains("SLC-306", "\"nothing\"", url);
            assertThat(one.hub().endpoints()).isNotEmpty();
        }
    }

    @Test
    void post_toANamedHub_asksNoDirectory() {
        environment.put("SLUICE_DIRECTORY", "memory:empty");
        try (HubFixture one = hub("one")) {
            String hub = one.endpoint("tcp").toString();
            assertThat(posted("--hub", hub)).isEqualTo("one");

            assertThat(post.run("post", "who", "--hub", hub, "--directory", url))
                    .isEqualTo(2);
            assertThat(post.err()).contains("--hub and --directory");
        }
    }
}
