package dev.sluice.switching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Channel;
import dev.sluice.channel.ChannelOptions;
import dev.sluice.channel.SendResult;
import dev.sluice.channel.Sender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The snippets of docs/switching.md, each word for word the body of a test. */
class SwitchingGuideTest {

    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void everySnippet_standsInThisTest() throws IOException {
        String guide = Files.readString(Path.of("..", "docs", "switching.md"));
        String test = withoutSpace(Files.readString(
                Path.of("src", "test", "java", "dev", "sluice", "switching", "SwitchingGuideTest.java")));
        List<String> snippets = SNIPPET.matcher(guide)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();

        assertThat(snippets).hasSize(7);
        assertThat(snippets).allSatisfy(snippet -> assertThat(test).contains(withoutSpace(snippet)));
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s", "");
    }

    @Test
    void target() {
        Channel<String> mesh = Channel.create(10);
        Channel<String> backup = Channel.create(10);
        SwitchableSink<String> sink = SwitchableSink.create("grpc", mesh);

        sink.trySend("to mesh");
        sink.switchTo(backup).block();
        sink.trySend("to backup");

        assertThat(mesh.receive().blockFirst()).isEqualTo("to mesh");
        assertThat(backup.receive().blockFirst()).isEqualTo("to backup");
    }

    @Test
    void settle() {
        Channel<Integer> slow = Channel.create(0);
        Channel<Integer> fast = Channel.create(10);
        SwitchableSink<Integer> sink = SwitchableSink.create("sensor", slow);
        sink.send(1).subscribe();

        Mono<Sender<Integer>> settled = sink.switchTo(fast, SwitchPolicy.SETTLE).cache();
        settled.subscribe();
        sink.send(2).subscribe();

        assertThat(slow.receive().blockFirst()).isEqualTo(1);
        assertThat(settled.block()).isSameAs(slow);
        assertThat(fast.receive().blockFirst()).isEqualTo(2);
    }

    @Test
    void hold() {
        Channel<Integer> mesh = Channel.create(10);
        SwitchableSink<Integer> sink = SwitchableSink.create("grpc", mesh);

        sink.hold().block();
        sink.send(1).subscribe();
        assertThat(sink.trySend(2)).isEqualTo(SendResult.FULL);
        sink.resume().block();

        assertThat(mesh.receive().blockFirst()).isEqualTo(1);
    }

    @Test
    void source() {
        Channel<Integer> left = Channel.create(10);
        Channel<Integer> right = Channel.create(10);
        SwitchableSource<Integer> source = SwitchableSource.create("reader", left.receive());

        left.trySend(1);
        right.trySend(2);
        right.trySend(3);
        StepVerifier.create(source.asFlux(), 2)
                .expectNext(1)
                .then(() -> source.switchTo(right.receive()).block())
                .expectNext(2)
                .thenCancel()
                .verify();

        assertThat(right.receive().blockFirst()).isEqualTo(3);
    }

    @Test
    void sinkhole() {
        List<Integer> samples = new ArrayList<>();
        Sinkhole<Integer> nowhere =
                Sinkhole.<Integer>builder("dev-null").sample(100, samples::add).build();

        nowhere.sendAll(Flux.range(1, 250)).block();

        assertThat(nowhere.count()).isEqualTo(250);
        assertThat(samples).containsExactly(100, 200);
    }

    @Test
    void services() {
        Channel<String> mesh = Channel.create(10);
        Sinkhole<String> nowhere = Sinkhole.create("dev-null");
        ServiceRegistry<String> registry = ServiceRegistry.create();
        SwitchableSink<String> grpc = registry.register("grpc", mesh);

        registry.divert("grpc", nowhere).block();
        grpc.trySend("nobody reads this");
        registry.restore("grpc").block();
        grpc.trySend("hello");

        assertThat(nowhere.count()).isEqualTo(1);
        assertThat(mesh.receive().blockFirst()).isEqualTo("hello");
    }

    @Test
    void lease() {
        Channel<String> mesh =
                Channel.create(ChannelOptions.builder().name("mesh").build());
        ServiceRegistry<String> registry = ServiceRegistry.create();
        SwitchableSink<String> grpc = registry.register("grpc", mesh);
        LeaseOptions<String> options = LeaseOptions.<String>builder()
                .discardOthers()
                .ttl(Duration.ofSeconds(30))
                .maxWait(Duration.ofMinutes(1))
                .build();

        Long written = registry.withExclusive("mesh", "updater", options, lease -> {
                    grpc.trySend("discarded");
                    return lease.sender().sendAll(Flux.just("packet 1", "packet 2"));
                })
                .blockLast();
        grpc.trySend("hello");

        assertThat(written).isEqualTo(2);
        assertThat(mesh.receive().take(3).collectList().block()).containsExactly("packet 1", "packet 2", "hello");
    }
}
