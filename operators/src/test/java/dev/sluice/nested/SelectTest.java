package dev.sluice.nested;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Frame;
import dev.sluice.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class SelectTest {

    private final AtomicInteger subscribed = new AtomicInteger();
    private final List<String> told = new ArrayList<>();

    private Source source(String name) {
        return Source.of(
                Frame.text(name),
                Flux.just(Frame.text(name + "!")).doOnSubscribe(s -> subscribed.incrementAndGet()),
                () -> told.add(name));
    }

    private static boolean isDebug(Frame header) {
        return header.asText().startsWith("debug");
    }

    private static List<String> names(Collector<Source> below) {
        return below.got().stream().map(source -> source.header().asText()).toList();
    }

    private static Collector<Source> collect(Flux<Source> flux) {
        Collector<Source> below = new Collector<>();
        flux.subscribe(below);
        return below;
    }

    @Test
    void ignored_isToldOnce_andNeverSubscribedTo() {
        Collector<Source> below = collect(
                NestedFlux.ignore(Flux.just(source("temp"), source("debug"), source("wind")), SelectTest::isDebug));
        below.request(10);

        assertThat(names(below)).containsExactly("temp", "wind");
        assertThat(told).containsExactly("debug");
        assertThat(subscribed).hasValue(0);
        assertThat(below.discarded).extracting(Object::toString).containsExactly("Source(Frame(5: debug))");
        assertThat(below.isCompleted()).isTrue();
    }

    @Test
    void select_isTheOppositeOfIgnore() {
        Collector<Source> below = collect(
                NestedFlux.select(Flux.just(source("temp"), source("debug"), source("wind")), SelectTest::isDebug));
        below.request(10);

        assertThat(names(below)).containsExactly("debug");
        assertThat(told).containsExactly("temp", "wind");
    }

    @Test
    void demand_ofIgnoredAnnouncements_isReplaced_andNoMore() {
        Faucet numbers = Faucet.direct(0, 100);
        Collector<Source> below = collect(NestedFlux.ignore(
                Flux.from(numbers).map(i -> source(i % 10 == 9 ? "temp" + i : "debug" + i)), SelectTest::isDebug));

        below.request(2);

        assertThat(names(below)).containsExactly("temp9", "temp19");
        assertThat(numbers.asked).hasValue(20);
        assertThat(told).hasSize(18);
    }

    @Test
    void ignoring100000InARow_doesNotRecurse() {
        Collector<Source> plain = collect(NestedFlux.ignore(
                Flux.from(Faucet.direct(0, 100_000)).map(i -> Source.of("debug", Flux.never())), SelectTest::isDebug));
        plain.request(1);
        assertThat(plain.isCompleted()).isTrue();
    }

    @Test
    void ignoringInAMerge_costsTheOthersNothing() {
        Flux<Frame> merged = NestedFlux.mergeFair(
                NestedFlux.ignore(
                        Flux.range(0, 1000)
                                .map(i -> i % 100 == 0 ? source("temp" + i) : Source.of("debug" + i, Flux.never())),
                        SelectTest::isDebug),
                MergeOptions.builder().concurrency(2).build());

        StepVerifier.create(merged.count()).expectNext(10L).verifyComplete();
    }

    @Test
    void predicateThatThrows_fails_andTellsTheSource() {
        TestPublisher<Source> sources = TestPublisher.create();
        Collector<Source> below = collect(NestedFlux.ignore(sources.flux(), header -> {
            throw new IllegalStateException("unreadable header");
        }));
        below.request(1);
        sources.next(source("temp"));

        assertThat(below.error.get()).hasMessage("unreadable header");
        assertThat(told).containsExactly("temp");
        sources.assertCancelled();
    }

    @Test
    void sourceWhoseDiscardThrows_doesNotStopTheOthers() {
        Source rude = Source.of(Frame.text("debug"), Flux.never(), () -> {
            throw new IllegalStateException("rude");
        });
        Flux<String> flow = NestedFlux.ignore(Flux.just(rude, source("temp")), SelectTest::isDebug)
                .map(source -> source.header().asText());

        StepVerifier.create(flow)
                .expectNext("temp")
                .expectComplete()
                .verifyThenAssertThat()
                .hasDroppedErrorWithMessage("rude");
    }

    @Test
    void requestOfZero_fails_andCancels() {
        TestPublisher<Source> sources = TestPublisher.create();
        Collector<Source> below = collect(NestedFlux.ignore(sources.flux(), SelectTest::isDebug));

        below.request(0);

        assertThat(below.error.get()).isInstanceOf(IllegalArgumentException.class);
        sources.assertCancelled();
    }

    @Test
    void sourceAnnouncedAfterTheEnd_isTold() {
        List<Subscriber<? super Source>> above = new ArrayList<>();
        Collector<Source> cancelled = collect(NestedFlux.select((Publisher<Source>) above::add, SelectTest::isDebug));
        above.get(0).onSubscribe(new NoSubscription());
        cancelled.cancel();
        above.get(0).onNext(source("debug late"));
        above.get(0).onComplete();
        above.get(0).onNext(source("debug later"));

        assertThat(told).containsExactly("debug late", "debug later");
        assertThat(cancelled.elements).isEmpty();
        assertThat(cancelled.terminals).hasValue(0);
    }

    @Test
    void errorsAndNulls() {
        Collector<Source> below =
                collect(NestedFlux.select(Flux.error(new IllegalStateException("gone")), SelectTest::isDebug));

        assertThat(below.error.get()).hasMessage("gone");
        assertThatThrownBy(() -> NestedFlux.select(Flux.empty(), null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> NestedFlux.ignore(null, SelectTest::isDebug)).isInstanceOf(NullPointerException.class);
    }
}
