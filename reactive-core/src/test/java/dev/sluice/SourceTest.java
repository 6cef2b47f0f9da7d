package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class SourceTest {

    private final AtomicInteger told = new AtomicInteger();

    @Test
    void of_hasTheHeaderAndTheFrames() {
        Source source = Source.of("temp", Flux.just(Frame.text("21"), Frame.text("22")));

        assertThat(source.header()).isEqualTo(Frame.text("temp"));
        StepVerifier.create(source.frames().map(Frame::asText))
                .expectNext("21", "22")
                .verifyComplete();
        assertThat(source).hasToString("Source(Frame(4: temp))");
        source.discard();
    }

    @Test
    void discard_beforeSubscription_tellsOnce() {
        Source source = Source.of(Frame.EMPTY, Flux.never(), told::incrementAndGet);

        source.discard();
        source.discard();

        assertThat(told).hasValue(1);
    }

    @Test
    void discard_afterSubscription_tellsNothing() {
        Source source = Source.of(Frame.EMPTY, Flux.never(), told::incrementAndGet);
        source.frames().subscribe().dispose();

        source.discard();

        assertThat(told).hasValue(0);
    }

    @Test
    void discardHook_tellsSourcesThatAnyOperatorLeavesOut() {
        Flux<Source> sources =
                Flux.range(0, 10).map(i -> Source.of(Frame.text("s" + i), Flux.never(), told::incrementAndGet));

        sources.filter(source -> source.header().asText().equals("s3"))
                .doOnDiscard(Source.class, Source::discard)
                .blockLast();

        assertThat(told).hasValue(9);
    }

    @Test
    void nulls_areRefused() {
        assertThatThrownBy(() -> Source.of((Frame) null, Flux.empty())).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Source.of("x", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Source.of(Frame.EMPTY, Flux.empty(), null)).isInstanceOf(NullPointerException.class);
    }
}
