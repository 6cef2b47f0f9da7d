package dev.sluice.rsocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.channel.Channels;
import dev.sluice.channel.Sender;
import dev.sluice.rsocket.outlet.OutletOptions;
import dev.sluice.rsocket.outlet.OutletSwitch;
import dev.sluice.rsocket.outlet.Outlets;
import dev.sluice.rsocket.outlet.RemoteOutlets;
import dev.sluice.switching.SwitchableSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** The snippets of docs/rsocket.md, each word for word part of a test. */
class RSocketGuideTest {

    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void everySnippet_standsInThisTest() throws IOException {
        String guide = Files.readString(Path.of("..", "docs", "rsocket.md"));
        String test = withoutSpace(
                Files.readString(Path.of("src", "test", "java", "dev", "sluice", "rsocket", "RSocketGuideTest.java")));
        List<String> snippets = SNIPPET.matcher(guide)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();

        assertThat(snippets).hasSize(4);
        assertThat(snippets).allSatisfy(snippet -> assertThat(test).contains(withoutSpace(snippet)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"client.js", "orders.js"})
    void javaScript_isTheTestedFile(String file) throws IOException {
        String guide = Files.readString(Path.of("..", "docs", "rsocket.md"));
        String script = Files.readString(Path.of("src", "test", "javascript", file));

        assertThat(guide).contains("```javascript\n" + script + "```");
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s", "");
    }

    @Test
    void service() {
        SluiceServer server = SluiceServer.create(ServerOptions.builder()
                .tcp("127.0.0.1", 0)
                .webSocket("127.0.0.1", 0)
                .build());
        server.service(
                "count",
                request -> Flux.range(0, 3)
                        .map(n -> Source.of("source " + n, Flux.range(0, 2).map(i -> Frame.text(n + "." + i)))));
        server.start().block();

        SluiceClient client = SluiceClient.create(
                ClientOptions.tcp("127.0.0.1", server.port()).build());
        List<String> heard = client.post("count", Frame.EMPTY)
                .concatMap(source -> source.frames().map(Frame::asText))
                .collectList()
                .block();

        assertThat(heard).containsExactly("0.0", "0.1", "1.0", "1.1", "2.0", "2.1");
        client.close().block();
        server.close().block();
    }

    @Test
    void http() {
        SluiceServer server = SluiceServer.create(ServerOptions.builder()
                .webSocket(
                        "127.0.0.1",
                        0,
                        "/rsocket",
                        routes -> routes.get(
                                "/health/live", (request, response) -> response.sendString(Mono.just("alive"))))
                .build());
        server.start().block();

        assertThat(HttpClient.newConnection()
                        .get()
                        .uri("http://127.0.0.1:" + server.port() + "/health/live")
                        .responseContent()
                        .aggregate()
                        .asString()
                        .block())
                .isEqualTo("alive");
        server.close().block();
    }

    @Test
    void channels() {
        Channels there = Channels.inMemory();
        SluiceServer server = SluiceServer.create(
                        ServerOptions.builder().tcp("127.0.0.1", 0).build())
                .channels(there);
        server.start().block();

        Channels here = Channels.open("rsocket://127.0.0.1:" + server.port());
        here.channel("orders").send(Frame.text("tea")).block();
        String received = there.channel("orders").receive().blockFirst().asText();

        assertThat(received).isEqualTo("tea");
        here.close().block();
        server.close().block();
    }

    @Test
    void outlets() {
        Channels channels = Channels.inMemory();
        List.of("mesh", "store").forEach(channels::channel); // there from now on
        OutletOptions options =
                OutletOptions.builder().opener(SwitchableSink::create).build();
        SluiceServer server = SluiceServer.create(
                        ServerOptions.builder().tcp("127.0.0.1", 0).build())
                .outlets(Outlets.of(channels, options));
        server.start().block();

        // One machine has a producer.
        SluiceClient one = SluiceClient.create(
                ClientOptions.tcp("127.0.0.1", server.port()).build());
        Sender<Frame> camera = RemoteOutlets.of(one).open("camera", "mesh").block();
        camera.send(Frame.text("picture 1")).block();

        // Another one re-aims it.
        SluiceClient other = SluiceClient.create(
                ClientOptions.tcp("127.0.0.1", server.port()).build());
        OutletSwitch done = RemoteOutlets.of(other).aim("camera", "store").block(); // camera, from mesh to store
        camera.send(Frame.text("picture 2")).block();

        assertThat(done).isEqualTo(new OutletSwitch("camera", "mesh", "store"));
        assertThat(channels.channel("mesh").receive().blockFirst().asText()).isEqualTo("picture 1");
        assertThat(channels.channel("store").receive().blockFirst().asText()).isEqualTo("picture 2");
        one.close().then(other.close()).then(server.close()).block();
    }
}
