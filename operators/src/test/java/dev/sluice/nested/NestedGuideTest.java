package dev.sluice.nested;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.Source;
import dev.sluice.nested.GroupOptions.WhenFull;
import dev.sluice.nested.GroupOptions.WhenTooMany;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

/** The snippets of docs/nested.md, each word for word the body of a test. */
class NestedGuideTest {

    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void everySnippet_standsInThisTest() throws IOException {
        String guide = Files.readString(Path.of("..", "docs", "nested.md"));
        String test = withoutSpace(
                Files.readString(Path.of("src", "test", "java", "dev", "sluice", "nested", "NestedGuideTest.java")));
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
    void fairTurns() {
        Source temperature = Source.of("temperature", Flux.just(Frame.text("21"), Frame.text("22")));
        Source wind = Source.of("wind", Flux.just(Frame.text("3 kn"), Frame.text("4 kn")));

        Flux<String> merged = NestedFlux.mergeFair(Flux.just(temperature, wind)).map(Frame::asText);

        StepVerifier.create(merged, 0)
                .thenRequest(1)
                .expectNext("21")
                .thenRequest(1)
                .expectNext("3 kn")
                .thenRequest(2)
                .expectNext("22", "4 kn")
                .verifyComplete();
    }

    @Test
    void mergeOptions() {
        MergeOptions options = MergeOptions.builder()
                .concurrency(16)
                .prefetch(64)
                .delayError(true)
                .build();

        Flux<Integer> merged = NestedFlux.mergeFair(Flux.range(0, 1000), shard -> Flux.range(shard * 10, 10), options);

        StepVerifier.create(merged.distinct().count()).expectNext(10_000L).verifyComplete();
    }

    @Test
    void priority() {
        Flux<Source> sources = Flux.just(
                Source.of("log", Flux.just(Frame.text("l1"), Frame.text("l2"))),
                Source.of("alarm", Flux.just(Frame.text("a1"))));

        Flux<Frame> urgentFirst = NestedFlux.mergeByPriority(
                sources,
                source -> source.header().asText().startsWith("alarm") ? 1 : 0,
                MergeOptions.builder().starvationBound(9).build());

        StepVerifier.create(urgentFirst.map(Frame::asText), 0)
                .thenRequest(3)
                .expectNext("a1", "l1", "l2")
                .verifyComplete();
    }

    @Test
    void leavingOut() {
        AtomicBoolean released = new AtomicBoolean();
        Source debug = Source.of(Frame.text("debug"), Flux.never(), () -> released.set(true));
        Source result = Source.of("result", Flux.just(Frame.text("42")));

        Flux<Source> wanted = NestedFlux.ignore(
                Flux.just(debug, result), header -> header.asText().equals("debug"));

        StepVerifier.create(NestedFlux.concat(wanted))
                .expectNext(Frame.text("42"))
                .verifyComplete();
        assertThat(released).isTrue();
    }

    @Test
    void groups() {
        Flux<String> largest = NestedFlux.<String, Integer>groupBy(
                        Flux.range(1, 1000), i -> i % 2 == 0 ? "even" : "odd")
                .flatMap(group -> group.reduce(Math::max).map(max -> group.key() + " " + max));

        StepVerifier.create(largest).expectNext("odd 999", "even 1000").verifyComplete();
    }

    @Test
    void fullGroups() {
        Queue<GroupDrop> drops = new ConcurrentLinkedQueue<>();
        GroupOptions options = GroupOptions.builder()
                .bufferSize(2)
                .whenFull(WhenFull.DROP_OLDEST)
                .onDrop(drops::add)
                .build();

        List<Group<String, Integer>> groups = new ArrayList<>();
        NestedFlux.<String, Integer>groupBy(Flux.range(1, 5), i -> "all", options)
                .subscribe(groups::add);

        StepVerifier.create(groups.get(0)).expectNext(4, 5).verifyComplete();
        assertThat(groups.get(0).dropped()).isEqualTo(3);
        assertThat(drops).contains(new GroupDrop("all", GroupDrop.Reason.BUFFER_FULL, 1));
    }

    @Test
    void oneGroupAtATime() {
        Flux<List<Integer>> runs = NestedFlux.<Integer, Integer>groupBy(
                        Flux.just(1, 1, 2, 2, 2, 1),
                        i -> i,
                        GroupOptions.builder()
                                .maxGroups(1)
                                .whenTooMany(WhenTooMany.COMPLETE_LEAST_ACTIVE)
                                .build())
                .concatMap(Flux::collectList, 1);

        StepVerifier.create(runs)
                .expectNext(List.of(1, 1), List.of(2, 2, 2), List.of(1))
                .verifyComplete();
    }
}
