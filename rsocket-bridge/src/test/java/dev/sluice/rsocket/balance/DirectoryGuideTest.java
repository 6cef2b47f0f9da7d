package dev.sluice.rsocket.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.directory.Directory;
import dev.sluice.directory.Instance;
import dev.sluice.directory.Registration;
import dev.sluice.directory.Scheme;
import dev.sluice.rsocket.RemoteSource;
import dev.sluice.rsocket.ServerOptions;
import dev.sluice.rsocket.SluiceServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The snippets of docs/directory.md, each word for word part of a test. */
class DirectoryGuideTest {

    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void everySnippet_standsInThisTest() throws IOException {
        String guide = Files.readString(Path.of("..", "docs", "directory.md"));
        String test = withoutSpace(Files.readString(
                Path.of("src", "test", "java", "dev", "sluice", "rsocket", "balance", "DirectoryGuideTest.java")));
        List<String> snippets = SNIPPET.matcher(guide)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();

        assertThat(snippets).hasSize(2);
        assertThat(snippets).allSatisfy(snippet -> assertThat(test).contains(withoutSpace(snippet)));
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s", "");
    }

    @Test
    void registerAndWatch() {
        Directory directory = Directory.open("memory:plant");
        Instance here = Instance.of(Scheme.RSOCKET, "10.0.0.1", 7000);

        Registration held =
                directory.register("meters", here, Duration.ofSeconds(10)).block();
        Set<Instance> seen = directory.watch("meters").blockFirst();
        held.withdraw().block();

        assertThat(seen).containsExactly(here);
        assertThat(directory.instances("meters").block()).isEmpty();

        directory.close().block();
    }

    @Test
    void callByName() {
        SluiceServer server = SluiceServer.create(
                        ServerOptions.builder().tcp("127.0.0.1", 0).build())
                .service("meters", request -> Mono.just(Source.of("m", Flux.just(Frame.text("fine")))));
        server.start().block();
        Directory directory = Directory.open("static:127.0.0.1:" + server.port());

        BalancedClient meters = BalancedClient.create(directory, "meters", BalanceOptions.defaults());

        Flux<RemoteSource> any = meters.post(Frame.text("status"));
        Flux<RemoteSource> always = meters.post(Frame.text("status"), Map.of(BalancedClient.BUCKET, "meter-17"));

        assertThat(any.flatMap(RemoteSource::frames).blockLast()).isEqualTo(Frame.text("fine"));
        assertThat(always.flatMap(RemoteSource::frames).blockLast()).isEqualTo(Frame.text("fine"));

        meters.close().block();
        server.close().block();
        directory.close().block();
    }
}
