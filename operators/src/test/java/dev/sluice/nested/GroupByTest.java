package dev.sluice.nested;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Frame;
import dev.sluice.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import reactor.core.Scannable;
import reactor.core.Scannable.Attr;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;

class GroupByTest extends GroupByHarness {

    @Test
    void elements_goToTheGroupOfTheirKey_inOrder() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().build());
        groups.request(Long.MAX_VALUE);

        source.next("a1", "b1", "a2", "b2", "a3");
        Collector<String> a = groups.subscribe("a");
        Collector<String> b = groups.subscribe("b");
        source.next("b3").complete();

        assertThat(groups.keys()).containsExactly("a", "b");
        assertThat(a.got()).containsExactly("a1", "a2", "a3");
        assertThat(b.got()).containsExactly("b1", "b2", "b3");
        assertThat(a.isCompleted() && b.isCompleted() && groups.isCompleted()).isTrue();
        assertThat(drops).isEmpty();
    }

    @Test
    void groupsAndTheirElements_areOnlyGivenOnDemand() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().build());
        source.next("a1", "b1", "a2");

        assertThat(groups.elements).isEmpty();
        groups.request(1);
        assertThat(groups.keys()).containsExactly("a");
        Collector<String> a = groups.subscribe("a", 1);
        assertThat(a.got()).containsExactly("a1");
        a.request(1);
        assertThat(a.got()).containsExactly("a1", "a2");
        source.complete();
        assertThat(groups.terminals).hasValue(0);
        groups.request(1);
        assertThat(groups.keys()).containsExactly("a", "b");
        assertThat(groups.isCompleted()).isTrue();
    }

    @Test
    void context_isSeenByTheSource_andEachGroupHasItsOwnDiscardHook() {
        List<String> seen = new ArrayList<>();
        Groups groups = groupBy(
                Flux.deferContextual(context -> {
                    seen.add(context.get("who"));
                    return Mono.just("a1");
                }),
                options().build());

        assertThat(seen).containsExactly("collector");
        groups.request(1);
        Collector<String> a = groups.subscribe("a", 0);
        a.cancel();
        assertThat(a.discarded).containsExactly("a1");
        assertThat(groups.discarded).isEmpty();
    }

    @Test
    void scan_tellsBoundsAndFill() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().bufferSize(7).build());
        groups.request(1);
        source.next("a1", "a2");

        Scannable group = Scannable.from(groups.last("a"));
        assertThat(group.scan(Attr.CAPACITY)).isEqualTo(7);
        assertThat(group.scan(Attr.BUFFERED)).isEqualTo(2);
        assertThat(Scannable.from(groups.subscription).scan(Attr.PREFETCH)).isEqualTo(256);
        assertThat(groups.last("a")).hasToString("Group(a)");
    }

    @Test
    void frames_areGroupedIntoSources_andDiscardingOneDiscardsItsGroup() {
        TestPublisher<Frame> frames = TestPublisher.create();
        List<Source> sources = new ArrayList<>();
        NestedFlux.groupFrames(frames.flux(), frame -> Frame.text(frame.asText().substring(0, 1)))
                .subscribe(sources::add);
        frames.next(Frame.text("a1"), Frame.text("b1"), Frame.text("a2"));

        Map<String, List<String>> got = new TreeMap<>();
        sources.get(1).discard();
        sources.get(0)
                .frames()
                .subscribe(frame -> got.computeIfAbsent(sources.get(0).header().asText(), k -> new ArrayList<>())
                        .add(frame.asText()));
        frames.next(Frame.text("b2"));

        assertThat(got).containsExactly(Map.entry("a", List.of("a1", "a2")));
        assertThat(sources).extracting(source -> source.header().asText()).containsExactly("a", "b", "b");
    }

    @Test
    void requestWithinAGroupsOnNext_isHeard_andDoesNotRecurse() {
        Groups groups = groupBy(
                Flux.from(Faucet.direct(0, 100_000)).map(i -> "a" + i),
                options().build());
        groups.request(1);
        Collector<String> below = new Collector<>() {
            @Override
            void on(String element) {
                request(1);
            }
        };
        groups.last("a").subscribe(below);

        below.request(1);

        assertThat(below.elements).hasSize(100_000);
        assertThat(below.isCompleted()).isTrue();
    }

    @Test
    void requestWithinAGroupsOnNext_isHeard_evenWhenNothingElseComes() {
        TestPublisher<String> source = TestPublisher.create();
        Groups groups = groupBy(source.flux(), options().build());
        groups.request(1);
        source.next("a1", "a2", "a3");
        Collector<String> below = new Collector<>() {
            @Override
            void on(String element) {
                request(1);
            }
        };
        groups.last("a").subscribe(below);

        below.request(1);

        assertThat(below.got()).containsExactly("a1", "a2", "a3");
    }
}
